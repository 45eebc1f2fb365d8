//! What several parts of the suite need.

use async_trait::async_trait;
use auth_core::{
    AuthBuilder, Context, Result,
    delivery::{Email, EmailDelivery},
    recipes::emailpassword::EmailPasswordRecipe,
};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{
    App, Harness, Setup,
    app::{SecondFactorPending, SecondFactorRequired},
    client::{Cookie, FrontEnd, Mode, Reply, Req},
};

/// An address.
pub(super) const EMAIL: &str = "ada@example.com";
/// A password that the default policy accepts.
pub(super) const PASSWORD: &str = "correct horse 1";

/// A delivery that hands mails to the case.
pub(super) struct Mailbox(UnboundedSender<Email>);

impl Mailbox {
    /// The delivery, and where the mails come out.
    pub(super) fn new() -> (Self, UnboundedReceiver<Email>) {
        let (sender, mails) = unbounded_channel();
        (Self(sender), mails)
    }
}

#[async_trait]
impl EmailDelivery for Mailbox {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        // Nobody may be waiting for it any more.
        drop(self.0.send(email));
        Ok(())
    }
}

/// The attributes of a cookie beside its value and expiry: path, domain, `SameSite`, `HttpOnly`,
/// `Secure`.
pub(super) fn attributes(
    cookie: &Cookie,
) -> (Option<&str>, Option<&str>, Option<&str>, bool, bool) {
    let Cookie { path, domain, same_site, http_only, secure, .. } = cookie;
    (path.as_deref(), domain.as_deref(), same_site.as_deref(), *http_only, *secure)
}

/// The defaults with email-password sign-in.
pub(super) fn with_email_password() -> Setup {
    with_recipe(EmailPasswordRecipe::new)
}

/// The defaults with email-password sign-in set up as the case needs it.
pub(super) fn with_recipe(recipe: impl FnOnce() -> EmailPasswordRecipe + 'static) -> Setup {
    Setup::new().recipes(|builder: AuthBuilder| builder.recipe(recipe()))
}

pub(super) async fn start_email_password(harness: &Harness) -> App {
    harness.start(with_email_password()).await
}

/// New sessions lack the second factor, and every route wants it unless it says otherwise.
pub(super) fn second_factor_required() -> Setup {
    Setup::new().session(|session| {
        session.override_functions(SecondFactorPending).override_functions(SecondFactorRequired)
    })
}

/// The body of a sign-up or sign-in form.
pub(super) fn form(email: &str, password: &str) -> Value {
    json!({ "formFields": [
        { "id": "email", "value": email },
        { "id": "password", "value": password },
    ] })
}

/// Signs up by the form, and in.
pub(super) async fn sign_up(app: &App, mode: Mode, path: &str) -> (FrontEnd, Reply) {
    let mut front_end = app.front_end(mode);
    let reply = front_end.send(app, Req::post(path).json(&form(EMAIL, PASSWORD))).await;
    assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
    (front_end, reply)
}

/// The header lines of a reply, but for the time that some servers tell.
pub(super) fn lines(reply: &Reply) -> Vec<(String, String)> {
    reply.headers.iter().filter(|(name, _)| name != "date").cloned().collect()
}

/// `FIELD_ERROR` with these fields and texts.
pub(super) fn field_error(fields: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> =
        fields.iter().map(|(id, error)| json!({ "error": error, "id": id })).collect();
    json!({ "status": "FIELD_ERROR", "formFields": fields })
}
