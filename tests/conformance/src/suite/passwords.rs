//! What new passwords must be, and their change: extensions.

use async_trait::async_trait;
use auth_core::{
    AuthBuilder, Context, Error, Result,
    delivery::Email,
    protocol::{Secret, SessionHandle},
    recipes::{
        emailpassword::{
            BreachCheck, BreachedPasswords, EmailPasswordRecipe, PasswordPolicy, SignUpInput,
            password_is_not_breached,
        },
        multifactorauth::FactorId,
        session::{
            ClaimValidators, GetGlobalClaimValidatorsInput, SessionFunctions, SessionOverride,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    mfa::{expect_closed, set_up_totp, sign_in, with_factors},
    passwordless::{CONSUME, World},
    support::{EMAIL, Mailbox, PASSWORD, field_error, form, sign_up, with_recipe},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "ext-password-policy" => a_passphrase_of_any_characters_is_good_up_to_1024_of_four_bytes,
    "ext-password-policy" => a_password_made_of_the_user_s_address_or_the_app_s_name_is_refused,
    "ext-password-policy" => a_password_that_is_easy_to_guess_is_refused_where_a_score_is_wanted,
    "ext-breached-passwords" => a_breached_password_is_no_new_one,
    "ext-breached-passwords" => who_cannot_be_asked_lets_passwords_pass_unless_it_is_set_otherwise,
    "ext-breached-passwords" => a_sign_in_by_a_breached_password_is_noted_in_its_session,
    "ext-password-change" => a_change_asks_for_the_current_password_and_ends_other_sessions,
    "ext-password-change" => other_sessions_go_on_where_the_user_or_the_application_wants_it,
    "ext-password-change" => a_change_is_refused_as_its_fields_say,
    "ext-password-change" => a_change_needs_a_session_that_is_there,
    "ext-password-change" => a_change_needs_the_factors_that_are_required,
    "ext-password-change" => who_has_no_password_is_told_so,
    "ext-password-change" => the_owner_is_told_of_a_reset_and_of_nothing_where_mails_are_off,
    "ext-other-sessions" => a_session_ends_the_user_s_others_and_goes_on,
}

const CHANGE: &str = "/auth/user/password/change";
const NEW: &str = "battery staple 2";
const BREACHED: &str = "horse that all know 1";

const MADE_OF_WORDS: &str = "This password is made of your address or of the name of this service. \
                             Please choose another one";
const KNOWN: &str =
    "This password is known from a data breach of another site. Please choose another one";

/// An application with one user, who is signed in, and its mails.
struct Post {
    app: App,
    ada: FrontEnd,
    mails: UnboundedReceiver<Email>,
}

impl Post {
    async fn start(
        harness: &Harness,
        mode: Mode,
        recipe: impl FnOnce(EmailPasswordRecipe) -> EmailPasswordRecipe + 'static,
    ) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let recipe = move || recipe(EmailPasswordRecipe::new()).email_delivery(mailbox);
        let app = harness.start(with_recipe(recipe)).await;
        let ada = sign_up(&app, mode, "/auth/signup").await.0;
        Self { app, ada, mails }
    }

    async fn change(&mut self, body: &Value) -> Reply {
        self.ada.send(&self.app, Req::post(CHANGE).json(body)).await
    }

    async fn sign_in(&self, password: &str) -> (FrontEnd, Value) {
        let mut front_end = self.app.front_end(Mode::Header);
        let request = Req::post("/auth/signin").json(&form(EMAIL, password));
        let reply = front_end.send(&self.app, request).await;
        (front_end, reply.json()["status"].clone())
    }

    /// The token of a reset link, which it asks for.
    async fn reset_token(&mut self) -> String {
        let form = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
        let reply = self.app.send(Req::post("/auth/user/password/reset/token").json(&form)).await;
        reply.expect(200, &json!({ "status": "OK" }));
        let mail = self.mails.recv().await.expect("a mail");
        let link = mail.link().expect("a link").expose_secret().to_owned();
        let (_, query) = link.split_once("?token=").expect("a token");
        query.split('&').next().expect("a token").to_owned()
    }

    async fn reset(&self, password: &str, token: &str) -> Reply {
        let fields = json!([{ "id": "password", "value": password }]);
        let body = json!({ "formFields": fields, "token": token, "method": "token" });
        self.app.send(Req::post("/auth/user/password/reset").json(&body)).await
    }

    async fn expect_told(&mut self) {
        let mail = self.mails.recv().await.expect("a mail");
        assert_eq!((mail.type_name(), mail.to()), ("PASSWORD_CHANGED", EMAIL));
        let link = mail.link().expect("a link").expose_secret().to_owned();
        assert_eq!(link, "https://www.example.com/auth/reset-password?tenantId=public");
    }
}

fn change(current: &str, new: &str) -> Value {
    json!({ "currentPassword": current, "newPassword": new })
}

fn ok() -> Value {
    json!({ "status": "OK" })
}

async fn is_there(app: &App, front_end: &mut FrontEnd) -> bool {
    front_end.send(app, Req::get("/session-check-db")).await.status == 200
}

async fn sign_up_as(app: &App, email: &str, password: &str) -> Value {
    app.send(Req::post("/auth/signup").json(&form(email, password))).await.json()
}

async fn a_passphrase_of_any_characters_is_good_up_to_1024_of_four_bytes(harness: Harness) {
    let nist = || EmailPasswordRecipe::new().password_policy(PasswordPolicy::nist());
    let app = harness.start(with_recipe(nist)).await;
    let short = "Password must contain at least 15 characters";
    let long = "Password must contain at most 1024 characters";
    for (password, text) in [
        ("plum kettle fo", short),
        // Twelve characters, however many code points they are typed with.
        ("a\u{308}o\u{308}u\u{308}a\u{308}o\u{308}u\u{308}plum f", short),
        (&format!("{}x", "\u{1f422}\u{1f986}".repeat(512)), long),
    ] {
        let answer = sign_up_as(&app, EMAIL, password).await;
        assert_eq!(answer, field_error(&[("password", text)]), "{password}");
    }
    let good = [
        "plum kettle fog",
        "пять слов здесь",
        "             \u{3000} ",
        &"\u{1f422}\u{1f986}".repeat(512),
    ];
    for (number, password) in good.into_iter().enumerate() {
        let email = format!("user{number}@example.com");
        assert_eq!(sign_up_as(&app, &email, password).await["status"], "OK", "{password}");
        let request = Req::post("/auth/signin").json(&form(&email, password));
        assert_eq!(app.send(request).await.json()["status"], "OK", "{password}");
        // The whole of it counts.
        let other = format!("{password}x");
        let request = Req::post("/auth/signin").json(&form(&email, &other));
        assert_eq!(app.send(request).await.json()["status"], "WRONG_CREDENTIALS_ERROR");
    }
}

async fn a_password_made_of_the_user_s_address_or_the_app_s_name_is_refused(harness: Harness) {
    let policy = || PasswordPolicy::reference().context_words(["Northwind"]);
    let mut post =
        Post::start(&harness, Mode::Header, move |it| it.password_policy(policy())).await;
    let refused = field_error(&[("password", MADE_OF_WORDS)]);
    for password in
        ["eve.smith12", "EveSmith2026", "CONFORMANCE2026", "Northwind 1 ＮＯＲＴＨＷＩＮＤ"]
    {
        let answer = sign_up_as(&post.app, "eve.smith@example.com", password).await;
        assert_eq!(answer, refused, "{password}");
    }
    let answer = sign_up_as(&post.app, "ann@example.org", "eve.smith12").await;
    assert_eq!(answer["status"], "OK", "another one's address");
    let reply = post.change(&change(PASSWORD, "Ada@Example.Com1")).await;
    reply.expect(200, &field_error(&[("newPassword", MADE_OF_WORDS)]));
    // At a reset the token tells whose address it is, and isn't used up by what is refused.
    let token = post.reset_token().await;
    for password in ["northwind12", "ada@example.com1", "Ada@Example.Com1"] {
        post.reset(password, &token).await.expect(200, &refused);
    }
    post.reset(NEW, &token).await.expect(200, &json!({ "status": "OK" }));
    let invalid = json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" });
    post.reset("ada@example.com1", &token).await.expect(200, &invalid);
    assert_eq!(post.sign_in(NEW).await.1, "OK");
}

async fn a_password_that_is_easy_to_guess_is_refused_where_a_score_is_wanted(harness: Harness) {
    let policy = || PasswordPolicy::reference().min_score(3);
    let setup = with_recipe(move || EmailPasswordRecipe::new().password_policy(policy()));
    let app = harness.start(setup).await;
    let text = "This password is too easy to guess. Please choose another one";
    let answer = sign_up_as(&app, EMAIL, "abcabcabcabcabc7").await;
    assert_eq!(answer, field_error(&[("password", text)]));
    assert_eq!(sign_up_as(&app, EMAIL, "plum kettle fog 3").await["status"], "OK");
}

/// A list of the application's own, with one password.
struct OneKnown;

#[async_trait]
impl BreachedPasswords for OneKnown {
    async fn is_breached(&self, _cx: &Context, password: &Secret) -> Result<bool> {
        Ok(password.expose_secret() == BREACHED)
    }
}

/// A service that is down.
struct Down;

#[async_trait]
impl BreachedPasswords for Down {
    async fn is_breached(&self, _cx: &Context, _password: &Secret) -> Result<bool> {
        Err(Error::other("nobody is there"))
    }
}

async fn a_breached_password_is_no_new_one(harness: Harness) {
    let check = || BreachCheck::new(OneKnown);
    let mut post =
        Post::start(&harness, Mode::Header, move |it| it.breached_passwords(check())).await;
    let refused = field_error(&[("password", KNOWN)]);
    assert_eq!(sign_up_as(&post.app, "eve@example.com", BREACHED).await, refused);
    // What else is wrong is said first.
    let answer = sign_up_as(&post.app, "eve", BREACHED).await;
    assert_eq!(answer, field_error(&[("email", "Email is invalid")]));
    let reply = post.change(&change(PASSWORD, BREACHED)).await;
    reply.expect(200, &field_error(&[("newPassword", KNOWN)]));
    let token = post.reset_token().await;
    post.reset(BREACHED, &token).await.expect(200, &refused);
    post.reset(NEW, &token).await.expect(200, &ok());
    assert_eq!(post.sign_in(NEW).await.1, "OK");
}

async fn who_cannot_be_asked_lets_passwords_pass_unless_it_is_set_otherwise(harness: Harness) {
    let open = || EmailPasswordRecipe::new().breached_passwords(BreachCheck::new(Down));
    let app = harness.start(with_recipe(open)).await;
    assert_eq!(sign_up_as(&app, EMAIL, PASSWORD).await["status"], "OK");

    let closed = || BreachCheck::new(Down).refuse_when_unknown().at_sign_in();
    let closed = move || EmailPasswordRecipe::new().breached_passwords(closed());
    let app = harness.start(with_recipe(closed)).await;
    let text = "New passwords can't be checked just now. Please try again in a few minutes";
    let answer = sign_up_as(&app, EMAIL, PASSWORD).await;
    assert_eq!(answer, field_error(&[("password", text)]));
    // Who has a password signs in by it.
    let emailpassword = app.auth.emailpassword().expect("the recipe is there");
    let input = SignUpInput::new(EMAIL, PASSWORD);
    emailpassword.sign_up(input).await.expect("signed up");
    let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
    assert_eq!(app.send(request).await.json()["status"], "OK");
}

/// Every route wants a password that isn't known, unless it says otherwise.
struct NotBreached;

impl SessionOverride for NotBreached {
    async fn get_global_claim_validators(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        let mut rules = original.get_global_claim_validators(cx, input).await?;
        rules.push(password_is_not_breached());
        Ok(rules)
    }
}

async fn a_sign_in_by_a_breached_password_is_noted_in_its_session(harness: Harness) {
    for mode in Mode::BOTH {
        let recipe = || {
            let check = BreachCheck::new(OneKnown).at_sign_in();
            EmailPasswordRecipe::new().breached_passwords(check)
        };
        let setup = Setup::new()
            .session(|session| session.override_functions(NotBreached))
            .recipes(move |builder: AuthBuilder| builder.recipe(recipe()));
        let app = harness.start(setup).await;
        let emailpassword = app.auth.emailpassword().expect("the recipe is there");
        let input = SignUpInput::new(EMAIL, BREACHED);
        emailpassword.sign_up(input).await.expect("signed up");
        let mut ada = app.front_end(mode);
        let reply = ada.send(&app, Req::post("/auth/signin").json(&form(EMAIL, BREACHED))).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        assert_eq!(ada.payload()["st-breached-password"]["v"], true);
        let reason = json!({ "message": "the password is known from a data breach" });
        let errors = json!([{ "id": "st-breached-password", "reason": reason }]);
        let refusal = json!({ "message": "invalid claim", "claimValidationErrors": errors });
        ada.send(&app, Req::get("/sessioninfo")).await.expect(403, &refusal);
        assert_eq!(ada.refresh(&app).await.status, 200);
        ada.send(&app, Req::get("/sessioninfo")).await.expect(403, &refusal);
        let reply = ada.send(&app, Req::post(CHANGE).json(&change(BREACHED, NEW))).await;
        reply.expect(200, &ok());
        assert_eq!(ada.payload()["st-breached-password"], Value::Null);
        assert_eq!(ada.send(&app, Req::get("/sessioninfo")).await.status, 200);

        let mut ada = app.front_end(mode);
        ada.send(&app, Req::post("/auth/signin").json(&form(EMAIL, NEW))).await;
        assert_eq!(ada.payload()["st-breached-password"], Value::Null);
        assert_eq!(ada.send(&app, Req::get("/sessioninfo")).await.status, 200);
    }
}

async fn a_change_asks_for_the_current_password_and_ends_other_sessions(harness: Harness) {
    for mode in Mode::BOTH {
        let mut post = Post::start(&harness, mode, |it| it).await;
        let mut other = post.sign_in(PASSWORD).await.0;
        let reply = post.change(&change("wrong word 1", NEW)).await;
        reply.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        assert_eq!(post.sign_in(NEW).await.1, "WRONG_CREDENTIALS_ERROR");
        assert!(is_there(&post.app, &mut other).await);

        let reply = post.change(&change(PASSWORD, NEW)).await;
        reply.expect(200, &ok());
        reply.expect_tokens_untouched();
        assert_eq!(post.sign_in(PASSWORD).await.1, "WRONG_CREDENTIALS_ERROR");
        assert_eq!(post.sign_in(NEW).await.1, "OK");
        assert!(is_there(&post.app, &mut post.ada).await, "where the password was changed");
        assert!(!is_there(&post.app, &mut other).await);
        post.expect_told().await;
        post.app.auth.shutdown().await;
        assert!(post.mails.try_recv().is_err(), "one mail");
    }
}

async fn other_sessions_go_on_where_the_user_or_the_application_wants_it(harness: Harness) {
    for (ends, member, goes_on) in [
        (true, json!(false), true),
        (true, json!(null), false),
        (false, json!(null), true),
        (false, json!(true), false),
    ] {
        let configure = move |it: EmailPasswordRecipe| it.end_sessions_on_password_change(ends);
        let mut post = Post::start(&harness, Mode::Header, configure).await;
        let mut other = post.sign_in(PASSWORD).await.0;
        let mut body = change(PASSWORD, NEW);
        body["endOtherSessions"] = member;
        post.change(&body).await.expect(200, &ok());
        assert_eq!(is_there(&post.app, &mut other).await, goes_on, "{ends}, {body}");
        assert!(is_there(&post.app, &mut post.ada).await);
    }
}

async fn a_change_is_refused_as_its_fields_say(harness: Harness) {
    let mut post = Post::start(&harness, Mode::Header, |it| it).await;
    let no_text = |name: &str| format!("{name} is required and must be a string");
    for (body, text) in [
        (json!({}), no_text("currentPassword")),
        (json!({ "currentPassword": 1, "newPassword": NEW }), no_text("currentPassword")),
        (json!({ "currentPassword": PASSWORD }), no_text("newPassword")),
        (json!({ "currentPassword": PASSWORD, "newPassword": null }), no_text("newPassword")),
        (
            json!({ "currentPassword": PASSWORD, "newPassword": NEW, "endOtherSessions": "no" }),
            "endOtherSessions must be a boolean".to_owned(),
        ),
    ] {
        post.change(&body).await.expect_message(400, &text);
    }
    let empty = "Field is not optional";
    let fields = [("currentPassword", empty), ("newPassword", empty)];
    post.change(&change("", "")).await.expect(200, &field_error(&fields));
    let digit = "Password must contain at least one number";
    let reply = post.change(&change(PASSWORD, "no digit here")).await;
    reply.expect(200, &field_error(&[("newPassword", digit)]));
    assert_eq!(post.sign_in(PASSWORD).await.1, "OK");
}

async fn a_change_needs_a_session_that_is_there(harness: Harness) {
    let post = Post::start(&harness, Mode::Header, |it| it).await;
    let body = change(PASSWORD, NEW);
    let reply = post.app.send(Req::post(CHANGE).json(&body)).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
    // Ended elsewhere, while its access token is good for an hour.
    let handle = SessionHandle::from(post.ada.handle());
    let sessions = post.app.auth.session().expect("the recipe is there");
    sessions.revoke_session(&handle).await.expect("ended");
    let reply = post.app.send(post.ada.with_tokens(Req::post(CHANGE).json(&body))).await;
    assert_eq!(reply.status, 401, "{reply:?}");
    assert_eq!(post.sign_in(PASSWORD).await.1, "OK");
}

async fn a_change_needs_the_factors_that_are_required(harness: Harness) {
    let app = harness.start(with_factors([FactorId::TOTP])).await;
    let mut ada = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    set_up_totp(&app, &mut ada).await;
    let mut half = sign_in(&app, Mode::Header).await;
    expect_closed(&app, &mut half).await;
    let reply = half.send(&app, Req::post(CHANGE).json(&change(PASSWORD, NEW))).await;
    let reason = json!({ "message": "MFA requirement for auth is not satisfied" });
    let errors = json!([{ "id": "st-mfa", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
    let reply = half.send(&app, Req::post("/auth/session/others/revoke")).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    let reply = ada.send(&app, Req::post(CHANGE).json(&change(PASSWORD, NEW))).await;
    reply.expect(200, &ok());
}

async fn who_has_no_password_is_told_so(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (code, _) = world.code().await;
    let mut ann = world.app.front_end(Mode::Header);
    let reply = ann.send(&world.app, Req::post(CONSUME).json(&code)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    let reply = ann.send(&world.app, Req::post(CHANGE).json(&change("x", NEW))).await;
    reply.expect(200, &json!({ "status": "NO_PASSWORD_ERROR" }));
}

async fn the_owner_is_told_of_a_reset_and_of_nothing_where_mails_are_off(harness: Harness) {
    let mut post = Post::start(&harness, Mode::Header, |it| it).await;
    let token = post.reset_token().await;
    post.reset(NEW, &token).await.expect(200, &ok());
    post.expect_told().await;

    let off = |it: EmailPasswordRecipe| it.password_changed_mails(false);
    let mut post = Post::start(&harness, Mode::Header, off).await;
    post.change(&change(PASSWORD, NEW)).await.expect(200, &ok());
    let token = post.reset_token().await;
    post.reset(PASSWORD, &token).await.expect(200, &ok());
    post.app.auth.shutdown().await;
    assert!(post.mails.try_recv().is_err(), "no mail");
}

async fn a_session_ends_the_user_s_others_and_goes_on(harness: Harness) {
    const END: &str = "/auth/session/others/revoke";
    for mode in Mode::BOTH {
        let mut post = Post::start(&harness, mode, |it| it).await;
        let mut others = [post.sign_in(PASSWORD).await.0, post.sign_in(PASSWORD).await.0];
        let reply = post.ada.send(&post.app, Req::post(END)).await;
        reply.expect(200, &json!({ "status": "OK", "sessionsEnded": 2 }));
        reply.expect_tokens_untouched();
        for other in &mut others {
            assert!(!is_there(&post.app, other).await);
            // Its token is good for an hour, but ends nobody's session.
            let reply = post.app.send(other.with_tokens(Req::post(END))).await;
            assert_eq!(reply.status, 401, "{reply:?}");
        }
        assert!(is_there(&post.app, &mut post.ada).await);
        let reply = post.ada.send(&post.app, Req::post(END)).await;
        reply.expect(200, &json!({ "status": "OK", "sessionsEnded": 0 }));
        let reply = post.app.send(Req::post(END)).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
    }
}
