//! The functions of emailpassword (FDI §8).

use auth_core::{
    protocol::{
        RecipeUserId, Secret,
        emailpassword::{ImportPasswordHash, ImportPasswordHashResponse},
    },
    recipes::emailpassword::{
        ConsumePasswordResetTokenOutcome, CreateResetPasswordTokenInput,
        CreateResetPasswordTokenOutcome, EmailPassword, PasswordResetOutcome, ResetLink,
        ResetPasswordUsingTokenInput, SignInInput, SignInOutcome, SignUpInput, SignUpOutcome,
        UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome, VerifyCredentialsInput,
    },
};

use crate::harness::{App, EMAIL, PASSWORD};

async fn are_right(functions: &EmailPassword, email: &str, password: &str) -> bool {
    let input = VerifyCredentialsInput::new(email, password);
    let outcome = functions.verify_credentials(input).await.expect("answered");
    matches!(outcome, SignInOutcome::Ok { .. })
}

async fn app() -> (App, EmailPassword, RecipeUserId) {
    let app = App::new().await;
    let functions = app.0.emailpassword().expect("in the list");
    let outcome = functions.sign_up(SignUpInput::new(EMAIL, PASSWORD)).await.expect("answered");
    let SignUpOutcome::Ok { recipe_user_id, .. } = outcome else { panic!("{outcome:?}") };
    (app, functions, recipe_user_id)
}

fn reset_for(id: &RecipeUserId) -> CreateResetPasswordTokenInput {
    CreateResetPasswordTokenInput::new(id.clone(), EMAIL)
}

#[tokio::test]
async fn credentials_are_verified_without_a_session() {
    let (_app, functions, id) = app().await;
    let taken = functions.sign_up(SignUpInput::new(EMAIL, PASSWORD)).await.expect("answered");
    assert!(matches!(taken, SignUpOutcome::EmailAlreadyExists));
    let right = functions.sign_in(SignInInput::new(EMAIL, PASSWORD)).await.expect("answered");
    assert!(matches!(right, SignInOutcome::Ok { recipe_user_id, .. } if recipe_user_id == id));
    let wrong = functions.sign_in(SignInInput::new(EMAIL, "wrong")).await.expect("answered");
    assert!(matches!(wrong, SignInOutcome::WrongCredentials));
    assert!(are_right(&functions, EMAIL, PASSWORD).await);
    assert!(!are_right(&functions, EMAIL, "x").await);
}

#[tokio::test]
async fn a_reset_token_is_made_for_known_users_and_consumed_once() {
    let (_app, functions, id) = app().await;
    let made = functions.create_reset_password_token(reset_for(&id)).await.expect("answered");
    let CreateResetPasswordTokenOutcome::Ok(token) = made else { panic!("{made:?}") };
    let first = functions.consume_password_reset_token(token.clone()).await.expect("answered");
    let ConsumePasswordResetTokenOutcome::Ok { user_id, email } = first else {
        panic!("was valid")
    };
    assert_eq!((user_id.as_str(), email.as_str()), (id.as_str(), EMAIL));
    let second = functions.consume_password_reset_token(token).await.expect("answered");
    assert!(matches!(second, ConsumePasswordResetTokenOutcome::InvalidToken));

    let unknown = reset_for(&"unknown".into());
    let outcome = functions.create_reset_password_token(unknown.clone()).await.expect("answered");
    assert!(matches!(outcome, CreateResetPasswordTokenOutcome::UnknownUserId));
    let outcome = functions.create_reset_password_link(unknown.clone()).await.expect("answered");
    assert!(matches!(outcome, ResetLink::UnknownUserId));
    assert!(!functions.send_reset_password_email(unknown).await.expect("answered"));
    assert!(functions.send_reset_password_email(reset_for(&id)).await.expect("answered"));
}

#[tokio::test]
async fn resetting_by_token_reports_the_policy_and_the_token() {
    let (_app, functions, id) = app().await;
    let made = functions.create_reset_password_token(reset_for(&id)).await.expect("answered");
    let CreateResetPasswordTokenOutcome::Ok(token) = made else { panic!("{made:?}") };
    let reset = async |token: Secret, password: &str| {
        let input = ResetPasswordUsingTokenInput::new(token, password);
        functions.reset_password_using_token(input).await.expect("answered")
    };
    assert!(matches!(
        reset(token.clone(), "short").await,
        PasswordResetOutcome::PasswordPolicyViolated { .. }
    ));
    assert!(matches!(reset("x".into(), "new-password1").await, PasswordResetOutcome::InvalidToken));
    assert!(matches!(reset(token, "new-password1").await, PasswordResetOutcome::Ok { .. }));
    assert!(are_right(&functions, EMAIL, "new-password1").await);
}

#[tokio::test]
async fn an_update_applies_the_password_policy_unless_told_otherwise() {
    let (_app, functions, id) = app().await;
    let update = async |update: UpdateEmailOrPasswordInput| {
        functions.update_email_or_password(update).await.expect("answered")
    };
    let weak = UpdateEmailOrPasswordInput::new(id.clone()).password("weak");
    let failure_reason = "Password must contain at least 8 characters, including a number".into();
    assert_eq!(
        update(weak.clone()).await,
        UpdateEmailOrPasswordOutcome::PasswordPolicyViolated { failure_reason }
    );
    assert_eq!(update(weak.apply_password_policy(false)).await, UpdateEmailOrPasswordOutcome::Ok);
    let common = UpdateEmailOrPasswordInput::new(id.clone()).password("password1");
    let outcome = update(common.clone()).await;
    let is_told = |reason: &str| reason.contains("one of those that are used most often");
    assert!(
        matches!(&outcome, UpdateEmailOrPasswordOutcome::PasswordPolicyViolated { failure_reason } if is_told(failure_reason)),
        "{outcome:?}"
    );
    assert_eq!(update(common.apply_password_policy(false)).await, UpdateEmailOrPasswordOutcome::Ok);
    assert!(are_right(&functions, EMAIL, "password1").await);
    let unknown = UpdateEmailOrPasswordInput::new("unknown").email("x@example.com");
    assert_eq!(update(unknown).await, UpdateEmailOrPasswordOutcome::UnknownUserId);
}

#[tokio::test]
async fn an_address_is_changed_unless_it_is_taken() {
    let (_app, functions, id) = app().await;
    functions.sign_up(SignUpInput::new("other@example.com", PASSWORD)).await.expect("answered");
    let taken = UpdateEmailOrPasswordInput::new(id.clone()).email("OTHER@example.com");
    let outcome = functions.update_email_or_password(taken).await.expect("answered");
    assert_eq!(outcome, UpdateEmailOrPasswordOutcome::EmailAlreadyExists);
    let free = UpdateEmailOrPasswordInput::new(id).email("new@example.com");
    let outcome = functions.update_email_or_password(free).await.expect("answered");
    assert_eq!(outcome, UpdateEmailOrPasswordOutcome::Ok);
    assert!(are_right(&functions, "new@example.com", PASSWORD).await);
}

#[tokio::test]
async fn a_password_hash_from_elsewhere_signs_in() {
    let (_app, functions, id) = app().await;
    let import = async |email: &str, hash: &str| {
        let hash = ImportPasswordHash {
            email: email.to_owned(),
            password_hash: hash.into(),
            hashing_algorithm: None,
        };
        functions.import_password_hash(hash).await
    };
    // bcrypt of `password`, cost 4.
    let hash = "$2a$04$uFnXkHDPcuKYyhSGOQ5zUuLh42BQOkssQPU63Wk6aMxuuP2KUDZQ.";
    for (email, exists) in [("new@example.com", false), (EMAIL, true)] {
        let imported = import(email, hash).await.expect("imported");
        let ImportPasswordHashResponse::Ok { user, did_user_already_exist } = imported;
        assert_eq!((did_user_already_exist, user.id.as_str() == id.as_str()), (exists, exists));
        assert!(are_right(&functions, email, "password").await, "{email}");
    }
    let refused = import(EMAIL, "no hash").await.expect_err("no hash");
    assert!(refused.to_string().contains("Password hash is in invalid format"), "{refused}");
}
