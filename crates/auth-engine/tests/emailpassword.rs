//! Sign-up, sign-in, reset tokens, changes and imports.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{
    AppId, RecipeId, RecipeUserId, TenantScope,
    emailpassword::*,
    multitenancy::{AssociateUserToTenant, CreateOrUpdateTenant},
    user::{GetUserById, GetUserByIdResponse},
};
use common::{Test, TestStorage, public};

#[tokio::test]
async fn a_new_user_has_one_login_method_with_a_normalised_address() {
    let test = Test::new().await;
    let (user, id) = test.sign_up(" Ada@Example.COM ").await;
    assert_eq!(user.id.as_str(), id.as_str());
    assert_eq!(user.emails, ["ada@example.com"]);
    assert!(!user.is_primary_user);
    assert_eq!(user.tenant_ids, std::slice::from_ref(&test.scope.tenant));
    let [method] = user.login_methods.as_slice() else { panic!("one method") };
    assert_eq!((method.recipe_id, method.verified), (RecipeId::EmailPassword, false));
    assert_eq!(method.time_joined, test.clock.now_ms());
    assert_eq!(id.as_str().len(), 36, "a UUID");
}

#[tokio::test]
async fn an_address_is_taken_once_for_each_tenant_however_it_is_written() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let again = SignUp { email: "ADA@example.com".into(), password: "another 1".into() };
    assert!(matches!(test.run(again).await, SignUpResponse::EmailAlreadyExistsError));
}

#[tokio::test]
async fn an_empty_password_is_refused() {
    let test = Test::new().await;
    let operation = SignUp { email: "ada@example.com".into(), password: "".into() };
    let error = test.engine.handle(&public(), operation).await.unwrap_err();
    assert!(matches!(error, EngineError::BadRequest(_)));
}

#[tokio::test]
async fn an_unknown_app_or_tenant_is_named() {
    let test = Test::new().await;
    for scope in [
        TenantScope::new("public".into(), "nowhere".into()),
        TenantScope::new("nowhere".into(), "public".into()),
    ] {
        let operation = SignUp { email: "a@b.c".into(), password: "secret 1".into() };
        let error = test.engine.handle(&scope, operation).await.unwrap_err();
        assert!(error.to_string().starts_with("AppId or tenantId not found => "), "{error}");
    }
}

#[tokio::test]
async fn made_up_addresses_are_verified_from_the_start() {
    let test = Test::new().await;
    for address in ["1.google@stfakeemail.supertokens.com", "1@google.fakeemail.com"] {
        assert!(test.sign_up(address).await.0.login_methods[0].verified);
    }
}

#[tokio::test]
async fn only_the_right_password_of_a_known_address_signs_in() {
    let test = Test::new().await;
    let (_, id) = test.sign_up("ada@example.com").await;
    assert_eq!(test.sign_in(" ADA@example.com", "password 1").await, Some(id));
    assert_eq!(test.sign_in("ada@example.com", "password 2").await, None);
    assert_eq!(test.sign_in("eve@example.com", "password 1").await, None);
    assert_eq!(test.sign_in("ada@example.com", "").await, None);
}

#[tokio::test]
async fn a_reset_token_works_once_and_ends_the_others() {
    let test = Test::new().await;
    let (user, _) = test.sign_up("ada@example.com").await;
    let first = test.reset_token(&user.id).await;
    let second = test.reset_token(&user.id).await;
    assert!(first.expose_secret().len() >= 43, "256 bits or more");
    let used = test.run(ConsumePasswordResetToken { token: first.clone() }).await;
    let email = "ada@example.com".to_owned();
    assert_eq!(used, ConsumePasswordResetTokenResponse::Ok { user_id: user.id, email });
    for token in [first, second, "unknown".into()] {
        assert_eq!(
            test.run(ConsumePasswordResetToken { token }).await,
            ConsumePasswordResetTokenResponse::ResetPasswordInvalidTokenError
        );
    }
}

#[tokio::test]
async fn a_reset_token_expires_and_is_tidied_up() {
    let test = Test::new().await;
    let (user, _) = test.sign_up("ada@example.com").await;
    let (used, forgotten) = (test.reset_token(&user.id).await, test.reset_token(&user.id).await);
    test.clock.advance(Duration::from_millis(3_600_001));
    for token in [used, forgotten] {
        assert_eq!(
            test.run(ConsumePasswordResetToken { token }).await,
            ConsumePasswordResetTokenResponse::ResetPasswordInvalidTokenError
        );
    }
    test.engine.delete_expired().await.unwrap();
}

#[tokio::test]
async fn a_reset_token_is_unknown_in_tenants_that_its_user_is_not_in() {
    let test = Test::new().await;
    let (user, _) = test.sign_up("ada@example.com").await;
    let tenant_id = Some("other".into());
    test.run(CreateOrUpdateTenant { tenant_id, ..Default::default() }).await;
    let other = TenantScope::new(AppId::default(), "other".into());
    let token = test.reset_token(&user.id).await;
    let refused = test.engine.handle(&other, ConsumePasswordResetToken { token: token.clone() });
    assert_eq!(
        refused.await.unwrap(),
        ConsumePasswordResetTokenResponse::ResetPasswordInvalidTokenError
    );
    // It isn't used up by that.
    let used = test.run(ConsumePasswordResetToken { token }).await;
    assert!(matches!(used, ConsumePasswordResetTokenResponse::Ok { .. }), "{used:?}");
    let token = test.reset_token(&user.id).await;
    let recipe_user_id = user.login_methods[0].recipe_user_id.clone();
    test.engine.handle(&other, AssociateUserToTenant { recipe_user_id }).await.unwrap();
    let used = test.engine.handle(&other, ConsumePasswordResetToken { token }).await.unwrap();
    assert!(matches!(used, ConsumePasswordResetTokenResponse::Ok { .. }), "{used:?}");
}

#[tokio::test]
async fn a_reset_token_is_stored_only_as_its_digest() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (user, _) = test.sign_up("ada@example.com").await;
    let token = test.reset_token(&user.id).await;
    test.engine.shutdown().await;
    assert!(storage.holds("ada@example.com"));
    assert!(!storage.holds(token.expose_secret()));
    assert!(!storage.holds("password 1"));
}

#[tokio::test]
async fn nobody_gets_a_reset_token_for_an_unknown_user() {
    let test = Test::new().await;
    let operation = CreatePasswordResetToken { user_id: "unknown".into(), email: "a@b.c".into() };
    let response = test.run(operation).await;
    assert!(matches!(response, CreatePasswordResetTokenResponse::UnknownUserIdError));
}

fn update(id: &RecipeUserId, email: Option<&str>, password: Option<&str>) -> UpdateEmailOrPassword {
    UpdateEmailOrPassword {
        recipe_user_id: id.clone(),
        email: email.map(str::to_owned),
        password: password.map(Into::into),
    }
}

#[tokio::test]
async fn address_and_password_change_together_and_the_old_ones_are_free() {
    let test = Test::new().await;
    let (_, id) = test.sign_up("ada@example.com").await;
    let response = test.run(update(&id, Some("Countess@example.com"), Some("password 2"))).await;
    assert_eq!(response, UpdateEmailOrPasswordResponse::Ok);
    assert_eq!(test.sign_in("ada@example.com", "password 1").await, None);
    assert_eq!(test.sign_in("countess@example.com", "password 1").await, None);
    assert_eq!(test.sign_in("countess@example.com", "password 2").await, Some(id.clone()));
    let found = test.run(GetUserById { user_id: id.into() }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert_eq!(user.emails, ["countess@example.com"]);
    test.sign_up("ada@example.com").await;
}

#[tokio::test]
async fn a_change_to_a_taken_address_changes_nothing() {
    let test = Test::new().await;
    let (_, ada) = test.sign_up("ada@example.com").await;
    test.sign_up("eve@example.com").await;
    let response = test.run(update(&ada, Some("eve@example.com"), Some("password 2"))).await;
    assert_eq!(response, UpdateEmailOrPasswordResponse::EmailAlreadyExistsError);
    assert_eq!(test.sign_in("ada@example.com", "password 1").await, Some(ada));
}

#[tokio::test]
async fn an_unknown_login_method_is_not_changed() {
    let test = Test::new().await;
    let response = test.run(update(&"unknown".into(), None, Some("password 2"))).await;
    assert_eq!(response, UpdateEmailOrPasswordResponse::UnknownUserIdError);
}

/// bcrypt of `password`, cost 4; made by libxcrypt.
const BCRYPT: &str = "$2a$04$uFnXkHDPcuKYyhSGOQ5zUuLh42BQOkssQPU63Wk6aMxuuP2KUDZQ.";

#[tokio::test]
async fn a_malformed_hash_is_refused_and_a_known_form_replaces_the_users_hash() {
    let test = Test::new().await;
    let import = |hash: &str| ImportPasswordHash {
        email: "ada@example.com".into(),
        password_hash: hash.into(),
        hashing_algorithm: None,
    };
    let error = test.engine.handle(&public(), import("plain")).await.unwrap_err();
    assert!(matches!(error, EngineError::BadRequest(_)));
    let ImportPasswordHashResponse::Ok { did_user_already_exist, user } =
        test.run(import(BCRYPT)).await;
    assert!(!did_user_already_exist);
    let ImportPasswordHashResponse::Ok { did_user_already_exist, user: again } =
        test.run(import(BCRYPT)).await;
    assert!(did_user_already_exist);
    assert_eq!(user, again);
}

#[tokio::test]
async fn an_imported_hash_signs_in_and_gives_way_to_one_of_the_configured_form() {
    // Of Argon2, from the reference implementation's test program.
    for hash in [
        BCRYPT,
        "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ] {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        let import = ImportPasswordHash {
            email: "ada@example.com".into(),
            password_hash: hash.into(),
            hashing_algorithm: None,
        };
        test.run(import).await;
        let kept = format!("emailpassword_users WHERE password_hash = '{hash}'");
        let configured = "emailpassword_users WHERE password_hash LIKE '$argon2id$v=19$m=8,%'";
        assert_eq!(test.sign_in("ada@example.com", "passwort").await, None, "{hash}");
        assert_eq!((storage.count(&kept), storage.count(configured)), (1, 0), "{hash}");
        for _ in 0..2 {
            assert!(test.sign_in("ada@example.com", "password").await.is_some(), "{hash}");
            assert_eq!((storage.count(&kept), storage.count(configured)), (0, 1), "{hash}");
        }
    }
}

/// The example that Firebase publishes with its program.
const FIREBASE: &str = "$f_scrypt$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+\
    VHjoZilo78198JAdRuid5lQ==$42xEC+ixf3L2lw==$m=14$r=8$s=Bw==";
const FIREBASE_KEY: &str =
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";

#[tokio::test]
async fn a_hash_of_firebase_needs_the_projects_key_until_its_user_has_signed_in() {
    let import = ImportPasswordHash {
        email: "ada@example.com".into(),
        password_hash: FIREBASE.into(),
        hashing_algorithm: Some(HashingAlgorithm::FirebaseScrypt),
    };
    let storage = TestStorage::new();
    let with_key =
        || storage.config().firebase_password_hashing_signer_key(Some(FIREBASE_KEY.into()));
    let sign_in =
        |password: &str| SignIn { email: "ada@example.com".into(), password: password.into() };
    let test = Test::with(storage.config()).await;
    let refused = test.refused(import.clone()).await;
    assert_eq!(refused, "hashes of Firebase need `firebase_password_hashing_signer_key`");
    test.engine.shutdown().await;

    let test = Test::with(with_key()).await;
    test.run(import).await;
    assert_eq!(test.sign_in("ada@example.com", "user2password").await, None);
    test.engine.shutdown().await;

    // Nobody can tell whether the password is right, and the log says why.
    let test = Test::with(storage.config()).await;
    let error = test.engine.handle(&public(), sign_in("user1password")).await.unwrap_err();
    assert!(error.to_string().contains("firebase_password_hashing_signer_key"), "{error}");
    test.engine.shutdown().await;

    let test = Test::with(with_key()).await;
    assert!(test.sign_in("ada@example.com", "user1password").await.is_some());
    test.engine.shutdown().await;

    let test = Test::with(storage.config()).await;
    assert!(test.sign_in("ada@example.com", "user1password").await.is_some());
    assert_eq!(storage.count("emailpassword_users WHERE password_hash LIKE '$argon2id$%'"), 1);
}
