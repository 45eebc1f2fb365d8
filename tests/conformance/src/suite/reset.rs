//! A new password by a mailed link.

use auth_core::{
    AppInfo,
    delivery::Email,
    protocol::UserId,
    recipes::emailpassword::{
        EmailPasswordRecipe, UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome,
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    fields::COMMON,
    support::{EMAIL, Mailbox, PASSWORD, field_error, form, lines, sign_up, with_recipe},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.1-3" => an_unknown_address_gets_the_same_answer_and_no_mail,
    "fdi-1.1-3" => the_mail_goes_to_the_address_that_the_account_has,
    "fdi-1.1-3" => the_link_leads_to_the_website_s_reset_page,
    "fdi-1.1-4" => the_mailed_link_sets_a_new_password_once,
    "fdi-1.1-4" => a_reset_starts_no_session_and_ends_the_user_s,
    "fdi-1.1-4" => a_reset_ends_no_session_where_the_application_says_so,
    "fdi-1.1-4" => a_password_that_the_policy_refuses_does_not_use_up_the_token,
    "fdi-1.1-4" => an_invented_token_is_refused,
    "fdi-1.1-4" => the_token_must_be_there_and_a_text,
    "fdi-1.1-4" => a_token_is_of_no_use_once_the_account_has_another_address,
    "fdi-1.1-4" => a_token_is_of_no_use_once_the_account_is_gone,
    "cdi-4.1" => a_token_runs_out_after_an_hour,
    "cdi-4.1" => the_use_of_one_token_uses_up_the_user_s_others,
}

const ASK: &str = "/auth/user/password/reset/token";
const RESET: &str = "/auth/user/password/reset";
const NEW: &str = "battery staple 2";

/// An application with one user, who is signed in, and its mails.
struct Post {
    app: App,
    front_end: FrontEnd,
    mails: UnboundedReceiver<Email>,
}

impl Post {
    async fn new(harness: &Harness) -> Self {
        Self::with(harness, EmailPasswordRecipe::new).await
    }

    async fn with(harness: &Harness, recipe: fn() -> EmailPasswordRecipe) -> Self {
        Self::on(harness, recipe, |setup| setup).await
    }

    async fn on(
        harness: &Harness,
        recipe: fn() -> EmailPasswordRecipe,
        configure: impl FnOnce(Setup) -> Setup,
    ) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let recipe = move || recipe().email_delivery(mailbox);
        let app = harness.start(configure(with_recipe(recipe))).await;
        let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
        Self { app, front_end, mails }
    }

    async fn ask(&self, email: &str) -> Reply {
        let form = json!({ "formFields": [{ "id": "email", "value": email }] });
        self.app.send(Req::post(ASK).json(&form)).await
    }

    async fn next_link(&mut self) -> String {
        let mail = self.mails.recv().await.expect("a mail");
        assert_eq!((mail.type_name(), mail.to()), ("PASSWORD_RESET", EMAIL));
        mail.link().expect("a link").expose_secret().to_owned()
    }

    /// Asks for a link, and takes its token.
    async fn token(&mut self) -> String {
        self.ask(EMAIL).await.expect(200, &json!({ "status": "OK" }));
        let link = self.next_link().await;
        let (_, query) = link.split_once("?token=").expect("a token");
        query.split('&').next().expect("a token").to_owned()
    }

    async fn reset(&self, password: &str, token: &str) -> Reply {
        self.app.send(Req::post(RESET).json(&reset(password, &json!(token)))).await
    }

    async fn status_of_sign_in(&self, password: &str) -> Value {
        let reply = self.app.send(Req::post("/auth/signin").json(&form(EMAIL, password))).await;
        reply.json()["status"].clone()
    }
}

fn reset(password: &str, token: &Value) -> Value {
    let fields = json!([{ "id": "password", "value": password }]);
    json!({ "formFields": fields, "token": token, "method": "token" })
}

fn refused() -> Value {
    json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" })
}

async fn an_unknown_address_gets_the_same_answer_and_no_mail(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let addresses = ["other@example.com", "x@google.fakeemail.com", " ADA@example.com "];
    let mut headers = Vec::new();
    for email in addresses {
        let reply = post.ask(email).await;
        reply.expect(200, &json!({ "status": "OK" }));
        reply.expect_tokens_untouched();
        headers.push(lines(&reply));
    }
    assert!(headers.iter().all(|lines| *lines == headers[0]), "{headers:?}");
    post.next_link().await;
    post.app.auth.shutdown().await;
    assert!(post.mails.try_recv().is_err(), "one mail, to the one that is there");
}

async fn the_mail_goes_to_the_address_that_the_account_has(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let form = form("mark@example.com", PASSWORD);
    let reply = post.app.send(Req::post("/auth/signup").json(&form)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    // A Kelvin sign becomes a `k` in lower case, and is another mailbox.
    for given in ["mar\u{212a}@example.com", "MARK@example.com"] {
        post.ask(given).await.expect(200, &json!({ "status": "OK" }));
        let mail = post.mails.recv().await.expect("a mail");
        assert_eq!(mail.to(), "mark@example.com", "{given}");
    }
}

async fn the_link_leads_to_the_website_s_reset_page(harness: Harness) {
    let mut post = Post::new(&harness).await;
    post.ask(EMAIL).await;
    let link = post.next_link().await;
    let query = link.strip_prefix("https://www.example.com/auth/reset-password?token=");
    let token = query.and_then(|query| query.strip_suffix("&tenantId=public"));
    assert!(token.is_some_and(|token| token.len() >= 64), "{link}");

    // Where there are several websites, to the one that the request came from.
    let info = AppInfo::new("Conformance", "https://api.example.com", "").website_base_path("/");
    let info = info.origin(|cx| {
        let origin = cx.request().and_then(|request| request.header("origin"));
        origin.unwrap_or("https://example.com").to_owned()
    });
    let mut post = Post::on(&harness, EmailPasswordRecipe::new, |it| it.app_info(info)).await;
    let form = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    let request = Req::post(ASK).json(&form).header("origin", "https://Other.example.com/");
    post.app.send(request).await.expect(200, &json!({ "status": "OK" }));
    let link = post.next_link().await;
    assert!(link.starts_with("https://other.example.com/reset-password?token="), "{link}");
}

async fn the_mailed_link_sets_a_new_password_once(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    post.reset(NEW, &token).await.expect(200, &json!({ "status": "OK" }));
    assert_eq!(post.status_of_sign_in(PASSWORD).await, "WRONG_CREDENTIALS_ERROR");
    assert_eq!(post.status_of_sign_in(NEW).await, "OK");
    post.reset("third word 3", &token).await.expect(200, &refused());
    assert_eq!(post.status_of_sign_in(NEW).await, "OK");
}

async fn a_reset_starts_no_session_and_ends_the_user_s(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    post.reset(NEW, &token).await.expect_tokens_untouched();
    let reply = post.app.send(post.front_end.with_tokens(Req::get("/session-check-db"))).await;
    reply.expect_message(401, "unauthorised");
    post.front_end.refresh(&post.app).await.expect_message(401, "unauthorised");
}

async fn a_reset_ends_no_session_where_the_application_says_so(harness: Harness) {
    let recipe = || EmailPasswordRecipe::new().end_sessions_on_password_change(false);
    let mut post = Post::with(&harness, recipe).await;
    let token = post.token().await;
    post.reset(NEW, &token).await.expect(200, &json!({ "status": "OK" }));
    let reply = post.app.send(post.front_end.with_tokens(Req::get("/session-check-db"))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

async fn a_password_that_the_policy_refuses_does_not_use_up_the_token(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    let text = "Password must contain at least one number";
    post.reset("no digit here", &token).await.expect(200, &field_error(&[("password", text)]));
    post.reset("abc123456", &token).await.expect(200, &field_error(&[("password", COMMON)]));
    post.reset(NEW, &token).await.expect(200, &json!({ "status": "OK" }));
}

async fn an_invented_token_is_refused(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    for invented in ["", "x", "\0", "äöü", &token[1..], &token.to_uppercase(), &token.repeat(50)]
    {
        post.reset(NEW, invented).await.expect(200, &refused());
    }
    assert_eq!(post.status_of_sign_in(PASSWORD).await, "OK");
}

async fn the_token_must_be_there_and_a_text(harness: Harness) {
    let post = Post::new(&harness).await;
    let mut without = reset(NEW, &json!(null));
    without.as_object_mut().expect("an object").remove("token");
    let text = "Please provide the password reset token";
    post.app.send(Req::post(RESET).json(&without)).await.expect_message(400, text);
    for odd in [json!(null), json!(1), json!(["x"]), json!({})] {
        let reply = post.app.send(Req::post(RESET).json(&reset(NEW, &odd))).await;
        reply.expect_message(400, "The password reset token must be a string");
    }
    let text = "Password must contain at least 8 characters, including a number";
    let reply = post.app.send(Req::post(RESET).json(&reset("weak", &json!(1)))).await;
    reply.expect(200, &field_error(&[("password", text)]));
}

async fn a_token_is_of_no_use_once_the_account_has_another_address(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    let id = post.front_end.payload()["rsub"].as_str().expect("an id").to_owned();
    let update = UpdateEmailOrPasswordInput::new(id).email("ada@example.org");
    let emailpassword = post.app.auth.emailpassword().expect("the recipe is there");
    let updated = emailpassword.update_email_or_password(update).await;
    assert!(matches!(updated, Ok(UpdateEmailOrPasswordOutcome::Ok)), "{updated:?}");
    post.reset(NEW, &token).await.expect(200, &refused());
    let form = form("ada@example.org", PASSWORD);
    let reply = post.app.send(Req::post("/auth/signin").json(&form)).await;
    assert_eq!(reply.json()["status"], "OK", "the password is the one it was");
}

async fn a_token_is_of_no_use_once_the_account_is_gone(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    let id = post.front_end.payload()["sub"].as_str().expect("an id").to_owned();
    post.app.auth.delete_user(UserId::from(id)).await.expect("deleted");
    post.reset(NEW, &token).await.expect(200, &refused());
}

async fn a_token_runs_out_after_an_hour(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let token = post.token().await;
    post.app.advance_secs(3601);
    post.reset(NEW, &token).await.expect(200, &refused());
    let token = post.token().await;
    post.app.advance_secs(3599);
    post.reset(NEW, &token).await.expect(200, &json!({ "status": "OK" }));
}

async fn the_use_of_one_token_uses_up_the_user_s_others(harness: Harness) {
    let mut post = Post::new(&harness).await;
    let (first, second) = (post.token().await, post.token().await);
    assert_ne!(first, second);
    post.reset(NEW, &second).await.expect(200, &json!({ "status": "OK" }));
    post.reset("third word 3", &first).await.expect(200, &refused());
    assert_eq!(post.status_of_sign_in(NEW).await, "OK");
}
