//! Addresses that are verified by a mailed link.

use auth_core::{
    AuthBuilder,
    delivery::Email,
    protocol::UserId,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        emailverification::{
            EmailForRecipeUserId, EmailVerificationMode, EmailVerificationRecipe,
            UnverifyEmailInput,
        },
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    support::{EMAIL, Mailbox, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.5-1" => the_link_is_mailed_to_the_address_of_the_session_s_login_method,
    "fdi-1.5-1" => who_has_proved_the_address_gets_no_link_and_a_session_that_says_so,
    "fdi-1.5-1" => who_has_no_address_counts_as_verified,
    "fdi-1.5-2" => the_link_verifies_the_address_once_and_its_session_says_so,
    "fdi-1.5-2" => the_token_must_be_there_and_a_text,
    "fdi-1.5-2" => a_link_works_without_a_session_and_leaves_another_user_s_alone,
    "fdi-1.5-2" => an_expired_access_token_is_refreshed_before_the_token_is_used_up,
    "fdi-1.5-2" => a_session_that_has_ended_is_none,
    "fdi-1.5-2" => a_token_is_good_in_its_tenant_only,
    "fdi-1.5-session" => where_the_link_makes_the_user_another_one_a_new_session_takes_over,
    "fdi-1.5-session" => a_session_that_linking_ended_elsewhere_is_not_traded_for_a_new_one,
    "fdi-1.5-3" => the_front_end_is_told_whether_the_address_is_verified,
    "fdi-1.5-3" => a_user_that_is_gone_is_signed_out,
    "fdi-1.5-claim" => in_either_mode_a_session_says_from_its_start_whether_the_address_is_verified,
    "fdi-1.5-claim" => required_closes_every_route_until_the_address_is_verified,
    "fdi-1.5-claim" => a_false_value_is_asked_about_again_after_ten_seconds,
    "fdi-1.5-config" => the_application_may_say_which_address_is_meant,
    "cdi-4.2" => a_token_runs_out_after_a_day,
    "cdi-4.2" => the_use_of_one_token_uses_up_the_others_of_its_address,
}

const TOKEN: &str = "/auth/user/email/verify/token";
const VERIFY: &str = "/auth/user/email/verify";

/// An application that verifies addresses, and its mails.
struct Post {
    app: App,
    mails: UnboundedReceiver<Email>,
}

impl Post {
    async fn new(harness: &Harness, mode: EmailVerificationMode) -> Self {
        Self::with(harness, mode, |recipe| recipe).await
    }

    async fn with(
        harness: &Harness,
        mode: EmailVerificationMode,
        configure: impl FnOnce(EmailVerificationRecipe) -> EmailVerificationRecipe + 'static,
    ) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let setup = Setup::new().recipes(move |builder: AuthBuilder| {
            let recipe = EmailVerificationRecipe::new(mode).email_delivery(mailbox);
            let linking =
                AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async {
                    Ok(AutomaticLinking::Yes { should_require_verification: true })
                });
            let codes = PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::MagicLink);
            builder
                .recipe(EmailPasswordRecipe::new())
                .recipe(codes)
                .recipe(linking)
                .recipe(configure(recipe))
        });
        Self { app: harness.start(setup).await, mails }
    }

    async fn sign_up(&self, mode: Mode) -> FrontEnd {
        sign_up(&self.app, mode, "/auth/signup").await.0
    }

    /// The link of the next mail.
    async fn link(&mut self) -> String {
        let mail = self.mails.recv().await.expect("a mail");
        assert_eq!((mail.type_name(), mail.to()), ("EMAIL_VERIFICATION", EMAIL));
        mail.link().expect("a link").expose_secret().to_owned()
    }

    /// Asks for a link, and takes its token.
    async fn token(&mut self, front_end: &mut FrontEnd) -> String {
        ask(&self.app, front_end).await.expect(200, &json!({ "status": "OK" }));
        let link = self.link().await;
        let (_, query) = link.split_once("?token=").expect("a token");
        query.split('&').next().expect("a token").to_owned()
    }

    /// A user with the address verified, made by the functions, past the checks of the routes.
    async fn proved_user(&self) -> UserId {
        let functions = self.app.auth.passwordless().expect("in the list");
        let contact = Contact::Email(EMAIL.to_owned());
        functions.sign_in_up(contact).await.expect("signed in").user.id
    }
}

async fn ask(app: &App, front_end: &mut FrontEnd) -> Reply {
    front_end.send(app, Req::post(TOKEN)).await
}

fn verify(token: &str) -> Req {
    Req::post(VERIFY).json(&json!({ "method": "token", "token": token }))
}

fn is_verified(front_end: &FrontEnd) -> Value {
    front_end.payload()["st-ev"]["v"].clone()
}

fn ok() -> Value {
    json!({ "status": "OK" })
}

fn refused() -> Value {
    json!({ "status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" })
}

fn already() -> Value {
    json!({ "status": "EMAIL_ALREADY_VERIFIED_ERROR" })
}

const REQUIRED: EmailVerificationMode = EmailVerificationMode::Required;
const OPTIONAL: EmailVerificationMode = EmailVerificationMode::Optional;

async fn the_link_is_mailed_to_the_address_of_the_session_s_login_method(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    post.app.send(Req::post(TOKEN)).await.expect_message(401, "unauthorised");
    let mut front_end = post.sign_up(Mode::Cookie).await;
    let reply = ask(&post.app, &mut front_end).await;
    reply.expect(200, &ok());
    reply.expect_tokens_untouched();
    let link = post.link().await;
    let query = link.strip_prefix("https://www.example.com/auth/verify-email?token=");
    let token = query.and_then(|query| query.strip_suffix("&tenantId=public"));
    assert!(token.is_some_and(|token| !token.is_empty() && !token.contains('&')), "{link}");
}

async fn who_has_proved_the_address_gets_no_link_and_a_session_that_says_so(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut here = post.sign_up(Mode::Header).await;
    let token = post.token(&mut here).await;
    post.app.send(verify(&token)).await.expect(200, &ok());
    assert_eq!(is_verified(&here), false);
    ask(&post.app, &mut here).await.expect(200, &already());
    assert_eq!(is_verified(&here), true);
    // What was taken back elsewhere is noticed when a link is asked for.
    let functions = post.app.auth.emailverification().expect("in the list");
    let id = here.payload()["rsub"].as_str().expect("an id").to_owned();
    functions.unverify_email(UnverifyEmailInput::new(id)).await.expect("done");
    ask(&post.app, &mut here).await.expect(200, &ok());
    assert_eq!(is_verified(&here), false);
    post.link().await;
    post.app.auth.shutdown().await;
    assert!(post.mails.try_recv().is_err(), "a mail each time that there was something to prove");
}

async fn who_has_no_address_counts_as_verified(harness: Harness) {
    let post = Post::new(&harness, REQUIRED).await;
    let functions = post.app.auth.passwordless().expect("in the list");
    let contact = Contact::PhoneNumber("+491701234567".to_owned());
    let user = functions.sign_in_up(contact).await.expect("signed in").user;
    let body = json!({ "userId": user.id });
    let (mut front_end, _) = post.app.sign_in_with(Mode::Header, &body).await;
    assert_eq!(is_verified(&front_end), true);
    ask(&post.app, &mut front_end).await.expect(200, &already());
    let reply = front_end.send(&post.app, Req::get(VERIFY)).await;
    reply.expect(200, &json!({ "status": "OK", "isVerified": true }));
}

async fn the_link_verifies_the_address_once_and_its_session_says_so(harness: Harness) {
    for mode in Mode::BOTH {
        let mut post = Post::new(&harness, REQUIRED).await;
        let mut front_end = post.sign_up(mode).await;
        let token = post.token(&mut front_end).await;
        let before = front_end.handle();
        let reply = front_end.send(&post.app, verify(&token)).await;
        reply.expect(200, &ok());
        assert!(reply.exposed().contains(&"front-token"), "{reply:?}");
        assert_eq!((is_verified(&front_end), front_end.handle()), (json!(true), before));
        let front_token = front_end.front_token.as_ref().expect("a front token");
        assert_eq!(front_token["up"]["st-ev"], front_end.payload()["st-ev"]);
        for token in [&*token, "", "invented"] {
            let reply = front_end.send(&post.app, verify(token)).await;
            reply.expect(200, &refused());
            reply.expect_tokens_untouched();
        }
    }
}

async fn the_token_must_be_there_and_a_text(harness: Harness) {
    let post = Post::new(&harness, REQUIRED).await;
    let missing = "Please provide the email verification token";
    let not_a_text = "The email verification token must be a string";
    for (body, text) in [
        (json!({}), missing),
        (json!({ "method": "token" }), missing),
        (json!({ "token": null }), missing),
        (json!({ "token": 1 }), not_a_text),
        (json!({ "token": ["a"] }), not_a_text),
    ] {
        post.app.send(Req::post(VERIFY).json(&body)).await.expect_message(400, text);
    }
}

async fn a_link_works_without_a_session_and_leaves_another_user_s_alone(harness: Harness) {
    let mut post = Post::new(&harness, OPTIONAL).await;
    let mut ada = post.sign_up(Mode::Header).await;
    let token = post.token(&mut ada).await;
    let reply = post.app.send(verify(&token)).await;
    reply.expect(200, &ok());
    reply.expect_tokens_untouched();
    let mut bob = post.app.front_end(Mode::Header);
    let body = form("bob@example.com", PASSWORD);
    bob.send(&post.app, Req::post("/auth/signup").json(&body)).await;
    let functions = post.app.auth.emailverification().expect("in the list");
    let id = ada.payload()["rsub"].as_str().expect("an id").to_owned();
    functions.unverify_email(UnverifyEmailInput::new(id)).await.expect("done");
    let token = post.token(&mut ada).await;
    let reply = bob.send(&post.app, verify(&token)).await;
    reply.expect(200, &ok());
    reply.expect_tokens_untouched();
    assert_eq!(is_verified(&bob), false);
}

async fn an_expired_access_token_is_refreshed_before_the_token_is_used_up(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Cookie).await;
    let token = post.token(&mut front_end).await;
    post.app.advance_secs(3600);
    let reply = front_end.send(&post.app, verify(&token)).await;
    reply.expect_message(401, "try refresh token");
    front_end.refresh(&post.app).await;
    front_end.send(&post.app, verify(&token)).await.expect(200, &ok());
    assert_eq!(is_verified(&front_end), true);
}

async fn a_session_that_has_ended_is_none(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let token = post.token(&mut front_end).await;
    post.app.send(front_end.prepare(Req::post("/auth/signout"))).await;
    let reply = front_end.send(&post.app, verify(&token)).await;
    reply.expect(200, &ok());
    reply.expect_tokens_untouched();
    for request in [Req::post(TOKEN), Req::get(VERIFY)] {
        let reply = post.app.send(front_end.prepare(request)).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn a_token_is_good_in_its_tenant_only(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let token = post.token(&mut front_end).await;
    let body = json!({ "token": token });
    let reply = post.app.send(Req::post("/auth/other/user/email/verify").json(&body)).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    let reply = post.app.send(Req::post("/auth/public/user/email/verify").json(&body)).await;
    reply.expect(200, &ok());
    // The other two go by the session's.
    let asked = Req::get("/auth/other/user/email/verify");
    let reply = front_end.send(&post.app, asked).await;
    reply.expect(200, &json!({ "status": "OK", "isVerified": true }));
}

async fn where_the_link_makes_the_user_another_one_a_new_session_takes_over(harness: Harness) {
    let mut post = Post::new(&harness, OPTIONAL).await;
    let mut here = post.sign_up(Mode::Cookie).await;
    let mut elsewhere = post.app.front_end(Mode::Header);
    elsewhere.send(&post.app, Req::post("/auth/signin").json(&form(EMAIL, PASSWORD))).await;
    let (own, before) = (here.payload()["sub"].clone(), here.handle());
    let proved = post.proved_user().await;
    let token = post.token(&mut here).await;
    let reply = here.send(&post.app, verify(&token)).await;
    reply.expect(200, &ok());
    assert!(reply.cookie("sRefreshToken").value.len() > 10, "{reply:?}");
    let payload = here.payload();
    assert_eq!((&payload["sub"], &payload["rsub"]), (&json!(proved), &own));
    assert_eq!(is_verified(&here), true);
    assert_ne!(here.handle(), before);
    assert_eq!(here.send(&post.app, Req::get("/session-check-db")).await.status, 200);
    let reply = elsewhere.send(&post.app, Req::get("/session-check-db")).await;
    reply.expect_message(401, "unauthorised");
}

async fn a_session_that_linking_ended_elsewhere_is_not_traded_for_a_new_one(harness: Harness) {
    let mut post = Post::new(&harness, OPTIONAL).await;
    let mut here = post.sign_up(Mode::Header).await;
    post.proved_user().await;
    let token = post.token(&mut here).await;
    post.app.send(verify(&token)).await.expect(200, &ok());
    for request in [Req::get(VERIFY), Req::post(TOKEN)] {
        post.app.send(here.prepare(request)).await.expect_message(401, "unauthorised");
    }
}

async fn the_front_end_is_told_whether_the_address_is_verified(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    post.app.send(Req::get(VERIFY)).await.expect_message(401, "unauthorised");
    let mut front_end = post.sign_up(Mode::Cookie).await;
    let reply = front_end.send(&post.app, Req::get(VERIFY)).await;
    reply.expect(200, &json!({ "status": "OK", "isVerified": false }));
    let token = post.token(&mut front_end).await;
    post.app.send(verify(&token)).await.expect(200, &ok());
    let reply = front_end.send(&post.app, Req::get(VERIFY)).await;
    reply.expect(200, &json!({ "status": "OK", "isVerified": true }));
    assert_eq!(is_verified(&front_end), true);
}

async fn a_user_that_is_gone_is_signed_out(harness: Harness) {
    let post = Post::new(&harness, REQUIRED).await;
    let front_end = post.sign_up(Mode::Header).await;
    let id = UserId::from(front_end.payload()["sub"].as_str().expect("an id"));
    post.app.auth.delete_user(&id).await.expect("deleted");
    post.app.advance_secs(11);
    for request in [Req::get(VERIFY), Req::post(TOKEN), Req::get("/sessioninfo")] {
        post.app.send(front_end.prepare(request)).await.expect_message(401, "unauthorised");
    }
}

async fn in_either_mode_a_session_says_from_its_start_whether_the_address_is_verified(
    harness: Harness,
) {
    for mode in [REQUIRED, OPTIONAL] {
        let mut post = Post::new(&harness, mode).await;
        let mut front_end = post.sign_up(Mode::Header).await;
        let start = json!({ "v": false, "t": post.app.clock.now_ms() });
        assert_eq!(front_end.payload()["st-ev"], start);
        let token = post.token(&mut front_end).await;
        post.app.send(verify(&token)).await.expect(200, &ok());
        let (front_end, _) = sign_up(&post.app, Mode::Header, "/auth/signin").await;
        assert_eq!(is_verified(&front_end), true);
    }
}

async fn required_closes_every_route_until_the_address_is_verified(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Cookie).await;
    let reason = json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
    let errors = json!([{ "id": "st-ev", "reason": reason }]);
    let closed = json!({ "message": "invalid claim", "claimValidationErrors": errors });
    front_end.send(&post.app, Req::get("/sessioninfo")).await.expect(403, &closed);
    // A route may do without it.
    assert_eq!(front_end.send(&post.app, Req::get("/claims/none")).await.status, 200);
    let token = post.token(&mut front_end).await;
    front_end.send(&post.app, verify(&token)).await.expect(200, &ok());
    assert_eq!(front_end.send(&post.app, Req::get("/sessioninfo")).await.status, 200);
    let post = Post::new(&harness, OPTIONAL).await;
    let mut front_end = post.sign_up(Mode::Cookie).await;
    assert_eq!(front_end.send(&post.app, Req::get("/sessioninfo")).await.status, 200);
}

async fn a_false_value_is_asked_about_again_after_ten_seconds(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let token = post.token(&mut front_end).await;
    post.app.send(verify(&token)).await.expect(200, &ok());
    post.app.advance_secs(10);
    let reply = front_end.send(&post.app, Req::get("/sessioninfo")).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    post.app.advance_secs(1);
    let reply = front_end.send(&post.app, Req::get("/sessioninfo")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let now = json!({ "v": true, "t": post.app.clock.now_ms() });
    assert_eq!(front_end.payload()["st-ev"], now);
    // A true one may have any age.
    post.app.advance_secs(3000);
    let reply = front_end.send(&post.app, Req::get("/sessioninfo")).await;
    reply.expect_tokens_untouched();
    assert_eq!(front_end.payload()["st-ev"], now);
}

async fn the_application_may_say_which_address_is_meant(harness: Harness) {
    let mut post = Post::with(&harness, REQUIRED, |recipe| {
        recipe.get_email_for_recipe_user_id(|_, id| async move {
            // Anything else is the core's to say.
            Ok(match id.as_str() {
                "ada" => EmailForRecipeUserId::ok(EMAIL),
                "bob" => EmailForRecipeUserId::EmailDoesNotExist,
                _ => EmailForRecipeUserId::UnknownUserId,
            })
        })
    })
    .await;
    let (mut ada, _) = post.app.sign_in_with(Mode::Header, &json!({ "userId": "ada" })).await;
    assert_eq!(is_verified(&ada), false);
    let token = post.token(&mut ada).await;
    ada.send(&post.app, verify(&token)).await.expect(200, &ok());
    assert_eq!(is_verified(&ada), true);
    let (bob, _) = post.app.sign_in_with(Mode::Header, &json!({ "userId": "bob" })).await;
    assert_eq!(is_verified(&bob), true);
    assert_eq!(is_verified(&post.sign_up(Mode::Header).await), false);
}

async fn a_token_runs_out_after_a_day(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let (first, second) = (post.token(&mut front_end).await, post.token(&mut front_end).await);
    post.app.advance_secs(24 * 60 * 60);
    post.app.send(verify(&first)).await.expect(200, &ok());
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let third = post.token(&mut front_end).await;
    post.app.advance_secs(24 * 60 * 60 + 1);
    for token in [&second, &third] {
        post.app.send(verify(token)).await.expect(200, &refused());
    }
}

async fn the_use_of_one_token_uses_up_the_others_of_its_address(harness: Harness) {
    let mut post = Post::new(&harness, REQUIRED).await;
    let mut front_end = post.sign_up(Mode::Header).await;
    let (first, second) = (post.token(&mut front_end).await, post.token(&mut front_end).await);
    post.app.send(verify(&second)).await.expect(200, &ok());
    post.app.send(verify(&first)).await.expect(200, &refused());
}
