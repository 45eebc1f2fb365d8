//! Accounts at a third party beside other accounts.

use auth_core::{
    AuthBuilder,
    protocol::RecipeUserId,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        emailverification::{
            CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome,
            EmailVerificationMode, EmailVerificationRecipe, VerifyEmailUsingTokenInput,
        },
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        thirdparty::ThirdPartyRecipe,
    },
};
use local_provider::Account;
use serde_json::{Value, json};

use super::{
    cases,
    email_password::count,
    support::sign_up,
    third_party::{ADA, SIGN_IN_UP, World, local},
};
use crate::{
    Harness, START_MS,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.2-2" => an_account_is_added_to_the_session_s_user,
    "fdi-1.2-2" => accounts_with_one_proved_address_are_one_user,
    "fdi-1.2-2" => a_made_up_address_links_nobody,
    "fdi-1.2-2" => an_address_that_was_proved_here_counts_as_verified,
    "fdi-1.2-2" => who_has_no_address_is_not_asked_to_prove_one,
    "fdi-1.0-refusals" => an_address_that_nobody_vouches_for_opens_no_other_account,
    "fdi-1.0-refusals" => an_account_does_not_follow_its_address_into_another_user,
    "fdi-1.0-refusals" => an_account_that_cannot_be_the_session_s_user_s_says_why,
    "fdi-6.2" => a_third_party_that_is_no_first_factor_signs_nobody_in,
    "ext-confirm" => who_a_third_party_vouches_for_is_told_how_to_confirm_and_links_in_that_session,
}

const BOB: &str = "bob@example.com";

/// Accounts are linked, and addresses must be proved for that or needn't.
fn linking(must_be_proved: bool) -> AccountLinkingRecipe {
    AccountLinkingRecipe::new().should_do_automatic_account_linking(move |_, _| async move {
        Ok(AutomaticLinking::Yes { should_require_verification: must_be_proved })
    })
}

async fn start(harness: &Harness, must_be_proved: bool) -> World {
    let others = move |builder: AuthBuilder| {
        builder.recipe(EmailPasswordRecipe::new()).recipe(linking(must_be_proved))
    };
    World::beside(harness, |recipe| recipe.provider(local()), others).await
}

/// Another account with an address that it may share.
fn account(sub: &str, email: &str, email_verified: bool) -> Account {
    Account { sub: sub.to_owned(), email: Some(email.to_owned()), email_verified }
}

#[track_caller]
fn expect_user(reply: &Reply, methods: usize) -> Value {
    let body = reply.json();
    assert_eq!((reply.status, &body["status"]), (200, &json!("OK")), "{body}");
    assert_eq!(body["user"]["loginMethods"].as_array().map(Vec::len), Some(methods), "{body}");
    body["user"].clone()
}

#[track_caller]
fn expect_not_allowed(reply: &Reply, code: &str) {
    let why = match code {
        "004" | "006" => {
            "due to security reasons. Please try a different login method or contact support."
        }
        "005" | "024" => {
            "because new email cannot be applied to existing account. Please contact support."
        }
        _ => "due to security reasons. Please contact support.",
    };
    let reason = format!("Cannot sign in / up {why} (ERR_CODE_{code})");
    reply.expect(200, &json!({ "status": "SIGN_IN_UP_NOT_ALLOWED", "reason": reason }));
}

async fn an_account_is_added_to_the_session_s_user(harness: Harness) {
    let world = start(&harness, false).await;
    for (mode, path) in [(Mode::Cookie, "/auth/signup"), (Mode::Header, "/auth/signin")] {
        let (mut front_end, _) = sign_up(&world.app, mode, path).await;
        let handle = front_end.handle();
        // Methods are listed by the time at which they were added.
        world.app.advance_secs(1);
        let mut body = world.visit(Account::new(BOB, true)).await;
        body["shouldTryLinkingWithSessionUser"] = true.into();
        let reply = front_end.send(&world.app, Req::post(SIGN_IN_UP).json(&body)).await;
        expect_user(&reply, 2);
        assert_eq!(reply.json()["createdNewRecipeUser"], path == "/auth/signup");
        assert_eq!(front_end.handle(), handle, "the session goes on");
    }
    assert_eq!(count(&world.app).await, 1);
    // Without a session there is nobody to add it to.
    let mut body = world.visit(Account::new(BOB, true)).await;
    body["shouldTryLinkingWithSessionUser"] = true.into();
    world.app.send(Req::post(SIGN_IN_UP).json(&body)).await.expect_message(401, "unauthorised");
}

async fn accounts_with_one_proved_address_are_one_user(harness: Harness) {
    let world = start(&harness, true).await;
    let first = world.sign_in(Mode::Header, account("one", ADA, true)).await.1;
    world.app.advance_secs(1);
    let second = world.sign_in(Mode::Header, account("two", ADA, true)).await.1;
    assert_eq!(expect_user(&first, 1)["id"], expect_user(&second, 2)["id"]);
    // One more that the provider doesn't vouch for isn't taken in, nor made.
    let third = world.sign_in(Mode::Header, account("three", ADA, false)).await.1;
    expect_not_allowed(&third, "006");
    assert_eq!(count(&world.app).await, 1);
}

async fn a_made_up_address_links_nobody(harness: Harness) {
    let recipe = |recipe: ThirdPartyRecipe| recipe.provider(local().require_email(false));
    let world = World::beside(&harness, recipe, |it| it.recipe(linking(false))).await;
    // Their ids differ, and the addresses that follow from them don't.
    let one = world.sign_in(Mode::Header, Account::without_email("Ab")).await.1;
    let two = world.sign_in(Mode::Header, Account::without_email("aB")).await.1;
    let (one, two) = (expect_user(&one, 1), expect_user(&two, 1));
    assert_eq!(one["emails"], two["emails"]);
    assert_ne!(one["id"], two["id"]);
}

async fn an_address_that_was_proved_here_counts_as_verified(harness: Harness) {
    let others = |builder: AuthBuilder| {
        builder
            .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
            .recipe(linking(true))
    };
    let world = World::beside(&harness, |recipe| recipe.provider(local()), others).await;
    let ada = world.sign_in(Mode::Header, account("ada", ADA, true)).await.1;
    let ada = expect_user(&ada, 1);
    let bob = world.sign_in(Mode::Header, account("bob", BOB, false)).await.1;
    expect_user(&bob, 1);
    // Ada's account has the address that another one has, and nobody vouches for it.
    let moved = || account("ada", BOB, false);
    expect_not_allowed(&world.sign_in(Mode::Header, moved()).await.1, "024");
    let id = RecipeUserId::from(ada["id"].as_str().expect("an id"));
    let emailverification = world.app.auth.emailverification().expect("the recipe is there");
    let wanted = CreateEmailVerificationTokenInput::new(id).email(BOB);
    let made = emailverification.create_email_verification_token(wanted).await.expect("made");
    let CreateEmailVerificationTokenOutcome::Ok(token) = made else { panic!("{made:?}") };
    let token = VerifyEmailUsingTokenInput::new(token).attempt_account_linking(false);
    emailverification.verify_email_using_token(token).await.expect("verified");
    let reply = world.sign_in(Mode::Header, moved()).await.1;
    let user = expect_user(&reply, 1);
    let method = &user["loginMethods"][0];
    assert_eq!((&method["email"], &method["verified"]), (&json!(BOB), &json!(true)), "{user}");
}

async fn who_has_no_address_is_not_asked_to_prove_one(harness: Harness) {
    let recipe = |recipe: ThirdPartyRecipe| recipe.provider(local().require_email(false));
    let others = |builder: AuthBuilder| {
        builder.recipe(EmailVerificationRecipe::new(EmailVerificationMode::Required))
    };
    let world = World::beside(&harness, recipe, others).await;
    for (account, status) in [
        (Account::without_email("nameless"), 200),
        (Account::new(ADA, true), 200),
        (Account::new(BOB, false), 403),
    ] {
        let mut front_end = world.sign_in(Mode::Header, account).await.0;
        let reply = front_end.send(&world.app, Req::get("/sessioninfo")).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

async fn an_address_that_nobody_vouches_for_opens_no_other_account(harness: Harness) {
    let world = start(&harness, true).await;
    // Somebody waits with a password for the address's owner.
    sign_up(&world.app, Mode::Header, "/auth/signup").await;
    for is_verified in [true, false] {
        let reply = world.sign_in(Mode::Header, Account::new(ADA, is_verified)).await.1;
        expect_not_allowed(&reply, "006");
        reply.expect_tokens_untouched();
    }
    assert_eq!(count(&world.app).await, 1);
}

async fn an_account_does_not_follow_its_address_into_another_user(harness: Harness) {
    let world = start(&harness, true).await;
    for account in [
        account("ada", ADA, true),
        account("bob", BOB, true),
        account("carol", "carol@example.com", false),
    ] {
        expect_user(&world.sign_in(Mode::Header, account).await.1, 1);
    }
    for (moved, code) in [
        // To the address of another primary user, and to one by which accounts could be linked.
        (account("bob", ADA, true), "005"),
        (account("bob", "carol@example.com", false), "024"),
        // One that isn't proved beside a primary user's.
        (account("carol", ADA, false), "004"),
    ] {
        let reply = world.sign_in(Mode::Header, moved).await.1;
        expect_not_allowed(&reply, code);
        reply.expect_tokens_untouched();
    }
    // To one that nobody has.
    let reply = world.sign_in(Mode::Header, account("bob", "robert@example.com", true)).await.1;
    assert_eq!(expect_user(&reply, 1)["emails"], json!(["robert@example.com"]));
    assert_eq!(count(&world.app).await, 3);
}

async fn an_account_that_cannot_be_the_session_s_user_s_says_why(harness: Harness) {
    let world = start(&harness, true).await;
    let (front_end, _) = world.sign_in(Mode::Header, account("ada", ADA, true)).await;
    expect_user(&world.sign_in(Mode::Header, account("bob", BOB, true)).await.1, 1);
    for (other, code) in
        [(account("carol", "carol@example.com", false), "020"), (account("bob", BOB, true), "021")]
    {
        let mut body = world.visit(other).await;
        body["shouldTryLinkingWithSessionUser"] = true.into();
        let request = front_end.prepare(Req::post(SIGN_IN_UP).json(&body));
        let reply = world.app.send(request).await;
        expect_not_allowed(&reply, code);
        reply.expect_tokens_untouched();
    }
}

async fn a_third_party_that_is_no_first_factor_signs_nobody_in(harness: Harness) {
    let with = |first: FactorId| {
        move |builder: AuthBuilder| {
            let factors = MultiFactorAuthRecipe::new().first_factors([first]);
            builder.recipe(EmailPasswordRecipe::new()).recipe(linking(false)).recipe(factors)
        }
    };
    let recipe = |recipe: ThirdPartyRecipe| recipe.provider(local());
    let world = World::beside(&harness, recipe, with(FactorId::EMAIL_PASSWORD)).await;
    let reply = world.sign_in(Mode::Header, Account::new(ADA, true)).await.1;
    reply.expect_message(401, "unauthorised");
    assert_eq!(count(&world.app).await, 0);
    let world = World::beside(&harness, recipe, with(FactorId::THIRD_PARTY)).await;
    let (front_end, reply) = world.sign_in(Mode::Header, Account::new(ADA, true)).await;
    expect_user(&reply, 1);
    let noted = json!({ "c": { "thirdparty": START_MS / 1000 }, "v": true });
    assert_eq!(front_end.payload()["st-mfa"], noted);
}

async fn who_a_third_party_vouches_for_is_told_how_to_confirm_and_links_in_that_session(
    harness: Harness,
) {
    let others = |builder: AuthBuilder| {
        let linking =
            AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async move {
                Ok(AutomaticLinking::AfterConfirmation)
            });
        builder
            .recipe(EmailPasswordRecipe::new())
            .recipe(EmailVerificationRecipe::new(EmailVerificationMode::Optional))
            .recipe(linking)
    };
    let world = World::beside(&harness, |recipe| recipe.provider(local()), others).await;
    let (mut front_end, reply) = sign_up(&world.app, Mode::Cookie, "/auth/signup").await;
    let user_id = reply.json()["user"]["id"].clone();
    let id = RecipeUserId::from(user_id.as_str().expect("an id"));
    let functions = world.app.auth.emailverification().expect("in the list");
    let made = functions.create_email_verification_token(id).await.expect("answered");
    let CreateEmailVerificationTokenOutcome::Ok(token) = made else { panic!("{made:?}") };
    functions.verify_email_using_token(token).await.expect("verified");
    // Who isn't vouched for learns nothing of the user that has the address.
    let reply = world.sign_in(Mode::Header, account("eve", ADA, false)).await.1;
    expect_not_allowed(&reply, "006");
    reply.expect_tokens_untouched();
    let reply = world.sign_in(Mode::Header, account("ada", ADA, true)).await.1;
    let body = reply.json();
    assert_eq!((reply.status, &body["status"]), (200, &json!("SIGN_IN_UP_NOT_ALLOWED")), "{body}");
    assert_eq!(body["confirmWith"], json!(["emailpassword"]));
    assert!(
        body["reason"].as_str().is_some_and(|reason| reason.contains("ERR_CODE_006")),
        "{body}"
    );
    reply.expect_tokens_untouched();
    assert_eq!(count(&world.app).await, 1);
    // Methods are listed by the time at which they were added.
    world.app.advance_secs(1);
    let handle = front_end.handle();
    let mut body = world.visit(account("ada", ADA, true)).await;
    body["shouldTryLinkingWithSessionUser"] = true.into();
    let reply = front_end.send(&world.app, Req::post(SIGN_IN_UP).json(&body)).await;
    assert_eq!(expect_user(&reply, 2)["id"], user_id);
    assert_eq!(front_end.handle(), handle, "the session goes on");
    // From then on either opens the account.
    let reply = world.sign_in(Mode::Header, account("ada", ADA, true)).await.1;
    assert_eq!(expect_user(&reply, 2)["id"], user_id);
}
