//! FDI: emailpassword, password reset.

use std::{future, pin::pin, sync::Arc};

use async_trait::async_trait;
use auth_core::{
    AppInfo, Auth, Context, Error, Result,
    delivery::{Email, EmailDelivery, EmailDeliveryOverride},
    protocol::user::ListUsers,
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use serde_json::{Value, json};
use tokio::sync::{
    Notify,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::harness::{App, EMAIL, Mailbox, PASSWORD, engine_config, field_errors, form};

const ASK: &str = "/auth/user/password/reset/token";
const RESET: &str = "/auth/user/password/reset";

fn ask(email: &str) -> Value {
    json!({ "formFields": [{ "id": "email", "value": email }] })
}

fn reset(password: &str, token: &str) -> Value {
    json!({ "formFields": [{ "id": "password", "value": password }], "token": token, "method": "token" })
}

async fn app() -> (App, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let app = App::with(EmailPasswordRecipe::new().email_delivery(mailbox)).await;
    app.sign_up().await;
    (app, mails)
}

async fn link(mails: &mut UnboundedReceiver<Email>) -> String {
    let mail = mails.recv().await.expect("a mail");
    assert_eq!((mail.type_name(), mail.to()), ("PASSWORD_RESET", EMAIL));
    mail.link().expect("a link").expose_secret().to_owned()
}

fn token(link: &str) -> &str {
    let query = link
        .strip_prefix("https://example.com/auth/reset-password?token=")
        .expect("the website's reset page");
    query.strip_suffix("&tenantId=public").expect("the tenant")
}

#[tokio::test]
async fn the_mailed_link_sets_a_new_password_once() {
    let (app, mut mails) = app().await;
    app.post(ASK, &ask(" ADA@example.com ")).await.is_ok_json(&json!({ "status": "OK" }));
    let mail = mails.recv().await.expect("a mail");
    let link = mail.link().expect("a link").expose_secret();
    let answer = app.post(RESET, &reset("new-password1", token(link))).await;
    answer.is_ok_json(&json!({ "status": "OK" }));
    assert_eq!(answer.header("front-token"), None, "a reset starts no session");

    let sign_in = |password| form(EMAIL, password);
    let old = app.post("/auth/signin", &sign_in(PASSWORD)).await;
    assert_eq!(old.json()["status"], "WRONG_CREDENTIALS_ERROR");
    let new = app.post("/auth/signin", &sign_in("new-password1")).await;
    assert_eq!(new.json()["status"], "OK");

    let again = app.post(RESET, &reset("new-password2", token(link))).await;
    again.is_ok_json(&json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let (app, mut mails) = app().await;
    let unknown = app.post(ASK, &ask("other@example.com")).await;
    let known = app.post(ASK, &ask(EMAIL)).await;
    assert_eq!(unknown.0.body, known.0.body);
    assert_eq!(unknown.0.headers, known.0.headers);
    link(&mut mails).await;
    assert!(mails.try_recv().is_err());
}

#[tokio::test]
async fn a_password_that_the_policy_refuses_does_not_use_up_the_token() {
    let (app, mut mails) = app().await;
    app.post(ASK, &ask(EMAIL)).await;
    let link = link(&mut mails).await;
    let weak = app.post(RESET, &reset("abcdefgh", token(&link))).await;
    let text = "Password must contain at least one number";
    weak.is_ok_json(&field_errors(&[("password", text)]));
    let good = app.post(RESET, &reset("new-password1", token(&link))).await;
    good.is_ok_json(&json!({ "status": "OK" }));
}

#[tokio::test]
async fn an_invented_token_is_refused() {
    let (app, _mails) = app().await;
    for token in ["", "x", "\u{0}", "äöü"] {
        let answer = app.post(RESET, &reset("new-password1", token)).await;
        answer.is_ok_json(&json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
    }
}

#[tokio::test]
async fn a_new_password_needs_an_account_that_is_still_there() {
    let (app, mut mails) = app().await;
    app.post(ASK, &ask(EMAIL)).await;
    let link = link(&mut mails).await;
    let page = app.0.get_users_oldest_first(&"public".into(), ListUsers::default()).await;
    for user in page.expect("a page").users {
        app.0.delete_user(&user.id, true).await.expect("deleted");
    }
    let answer = app.post(RESET, &reset("new-password1", token(&link))).await;
    answer.is_ok_json(&json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
}

struct Hangs;

#[async_trait]
impl EmailDelivery for Hangs {
    async fn send_email(&self, _: &Context, _: Email) -> Result<()> {
        future::pending().await
    }
}

struct Fails;

#[async_trait]
impl EmailDelivery for Fails {
    async fn send_email(&self, _: &Context, _: Email) -> Result<()> {
        Err(Error::other("the mail server is gone"))
    }
}

#[tokio::test]
async fn a_mail_server_that_hangs_or_fails_neither_delays_nor_changes_the_answer() {
    for recipe in [
        EmailPasswordRecipe::new().email_delivery(Hangs),
        EmailPasswordRecipe::new().email_delivery(Fails),
    ] {
        let app = App::with(recipe).await;
        app.sign_up().await;
        app.post(ASK, &ask(EMAIL)).await.is_ok_json(&json!({ "status": "OK" }));
    }
}

/// Sends when it is let, and tells whether the core still answered then.
struct Held {
    gate: Arc<Notify>,
    sent: UnboundedSender<bool>,
}

#[async_trait]
impl EmailDelivery for Held {
    async fn send_email(&self, cx: &Context, _: Email) -> Result<()> {
        self.gate.notified().await;
        let core_answers = cx.get_user(&"anybody".into()).await.is_ok();
        self.sent.send(core_answers).map_err(Error::other)
    }
}

#[tokio::test]
async fn a_shutdown_waits_for_the_mails_that_were_promised() {
    let (sent, mut mails) = unbounded_channel();
    let gate = Arc::new(Notify::new());
    let delivery = Held { gate: Arc::clone(&gate), sent };
    let app = App::with(EmailPasswordRecipe::new().email_delivery(delivery)).await;
    app.sign_up().await;
    app.post(ASK, &ask(EMAIL)).await.is_ok_json(&json!({ "status": "OK" }));
    let mut shutdown = pin!(app.0.shutdown());
    for _ in 0..1_000 {
        tokio::select! {
            biased;
            () = &mut shutdown => panic!("a mail was still being sent"),
            () = tokio::task::yield_now() => {}
        }
    }
    gate.notify_one();
    shutdown.await;
    assert!(mails.try_recv().expect("was sent"), "the core was closed before");
}

struct Redirect;

#[async_trait]
impl EmailDeliveryOverride for Redirect {
    async fn send_email(
        &self,
        original: &dyn EmailDelivery,
        cx: &Context,
        mut email: Email,
    ) -> Result<()> {
        if let Email::PasswordReset(reset) = &mut email {
            reset.email = format!("test+{}", reset.email);
        }
        original.send_email(cx, email).await
    }
}

#[tokio::test]
async fn an_override_of_the_delivery_can_change_the_mail() {
    let (mailbox, mut mails) = Mailbox::new();
    let recipe =
        EmailPasswordRecipe::new().email_delivery(mailbox).override_email_delivery(Redirect);
    let app = App::with(recipe).await;
    app.sign_up().await;
    app.post(ASK, &ask(EMAIL)).await;
    assert_eq!(mails.recv().await.expect("a mail").to(), "test+ada@example.com");
}

#[tokio::test]
async fn the_link_leads_to_the_origin_that_the_request_came_from() {
    let (mailbox, mut mails) = Mailbox::new();
    let app_info = AppInfo::new("App", "api.example.com", "").website_base_path("/").origin(|cx| {
        let origin = cx.request().and_then(|request| request.header("origin"));
        origin.unwrap_or("https://example.com").to_owned()
    });
    let auth = Auth::builder(app_info)
        .core(engine_config())
        .recipe(SessionRecipe::new())
        .recipe(EmailPasswordRecipe::new().email_delivery(mailbox))
        .build()
        .await
        .expect("a valid configuration");
    let app = App(auth);
    let origin = [("origin", "https://Other.example.com/"), ("st-auth-mode", "header")];
    app.post_with("/auth/signup", &origin, &form(EMAIL, PASSWORD)).await;
    app.post_with(ASK, &origin, &ask(EMAIL)).await.is_ok_json(&json!({ "status": "OK" }));
    let link = link(&mut mails).await;
    assert!(link.starts_with("https://other.example.com/reset-password?token="), "{link}");
}
