//! No secret reaches a log, whatever is logged: not at any level, and not by the libraries beneath.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[allow(dead_code)] // a part of it is used here
#[path = "recipes/harness.rs"]
mod harness;
#[allow(dead_code)] // a part of it is used here
#[path = "shared/log.rs"]
mod log_of_test;

use std::io::Write;

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    delivery::{Email, EmailDelivery},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::{EmailPasswordRecipe, PasswordChangedEmail, PasswordResetEmail},
        multifactorauth::MultiFactorAuthRecipe,
        passwordless::{ContactMethod, FlowType, PasswordlessLoginEmail, PasswordlessRecipe},
        recoverycode::RecoveryCodeRecipe,
        totp::TotpRecipe,
    },
};
use harness::{App, EMAIL, PASSWORD, builder, form};
use log_of_test::Log;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing_subscriber::fmt::format::FmtSpan;

/// How a private RSA key of 2048 bits begins, as it is stored.
const PKCS_8_IN_BASE64: &str = "MIIEv";

/// Everything that is logged in the process.
fn collect() -> Log {
    let all = Log::default();
    let writer = all.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .init();
    log::set_boxed_logger(Box::new(all.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    all
}

/// What the libraries beneath log by the crate `log`.
impl log::Log for Log {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.clone(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

/// Hands mails to the test, and then says that they could not be sent.
struct Fails(UnboundedSender<Email>);

#[async_trait]
impl EmailDelivery for Fails {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        self.0.send(email).map_err(Error::other)?;
        Err(Error::other("the mail server is on fire"))
    }
}

struct Test {
    app: App,
    mails: UnboundedReceiver<Email>,
    token: String,
    /// What may not be seen.
    secrets: Vec<(&'static str, String)>,
}

impl Test {
    async fn new() -> Self {
        let (sender, mails) = unbounded_channel();
        let passwordless =
            PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCodeAndMagicLink);
        let linking = AccountLinkingRecipe::new();
        let linking = linking.should_do_automatic_account_linking(|_, _| async {
            Ok(AutomaticLinking::Yes { should_require_verification: false })
        });
        let auth = builder()
            .recipe(EmailPasswordRecipe::new().email_delivery(Fails(sender.clone())))
            .recipe(passwordless.email_delivery(Fails(sender)))
            .recipe(linking)
            .recipe(MultiFactorAuthRecipe::new().email_delivery(Fails(unbounded_channel().0)))
            .recipe(TotpRecipe::new())
            .recipe(RecoveryCodeRecipe::new());
        let app = App(auth.build().await.unwrap());
        Self { app, mails, token: String::new(), secrets: Vec::new() }
    }

    fn is_secret(&mut self, what: &'static str, text: impl Into<String>) {
        self.secrets.push((what, text.into()));
    }

    /// Sends a request as a client in header mode would. The tokens that it gets are secret.
    async fn post(&mut self, path: &str, body: Value) -> Value {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![("st-auth-mode", "header")];
        if !self.token.is_empty() {
            headers.push(("authorization", &bearer));
        }
        let answer = self.app.post_with(path, &headers, &body).await;
        let token = |header| answer.header(header).filter(|token| !token.is_empty());
        if let Some(token) = token("st-refresh-token") {
            self.is_secret("a refresh token", token);
        }
        if let Some(token) = token("st-access-token") {
            self.is_secret("an access token", token);
            token.clone_into(&mut self.token);
        }
        match answer.0.body.is_empty() {
            true => Value::Null,
            false => answer.json(),
        }
    }

    async fn mail(&mut self) -> Email {
        self.mails.recv().await.unwrap()
    }

    async fn passwords(&mut self) {
        self.is_secret("a password", PASSWORD);
        self.is_secret("a wrong password", "wr0ng-guess");
        self.is_secret("a new password", "n3w-enchantress");
        let answer = self.post("/auth/signup", form(EMAIL, PASSWORD)).await;
        assert_eq!(answer["status"], "OK");
        let answer = self.post("/auth/signin", form(EMAIL, "wr0ng-guess")).await;
        assert_eq!(answer["status"], "WRONG_CREDENTIALS_ERROR");
        let form = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
        self.post("/auth/user/password/reset/token", form).await;
        let mail = self.mail().await;
        let mail = mail.get::<PasswordResetEmail>().expect("a reset mail");
        let link = mail.password_reset_link.expose_secret().to_owned();
        let token = link.split_once("token=").unwrap().1.split('&').next().unwrap();
        self.is_secret("a reset token", token);
        let reset = json!({
            "method": "token", "token": token,
            "formFields": [{ "id": "password", "value": "n3w-enchantress" }],
        });
        assert_eq!(self.post("/auth/user/password/reset", reset).await["status"], "OK");
        let mail = self.mail().await;
        assert!(mail.get::<PasswordChangedEmail>().is_some(), "{mail:?}");
        self.token.clear();
        let answer = self.post("/auth/signin", self::form(EMAIL, "n3w-enchantress")).await;
        assert_eq!(answer["status"], "OK");
    }

    async fn refresh(&mut self) {
        let refresh_token = self.secrets.iter().rev().find(|(what, _)| *what == "a refresh token");
        let refresh_token = refresh_token.unwrap().1.clone();
        let access_token = std::mem::replace(&mut self.token, refresh_token);
        let answer = self.post("/auth/session/refresh", json!({})).await;
        assert_eq!(answer, json!({}));
        assert_ne!(self.token, access_token);
    }

    async fn codes(&mut self) {
        for by_link in [false, true] {
            let device = self.post("/auth/signinup/code", json!({ "email": EMAIL })).await;
            let mail = self.mail().await;
            let mail = mail.get::<PasswordlessLoginEmail>().expect("a code").clone();
            let (session, id) = (&device["preAuthSessionId"], &device["deviceId"]);
            self.is_secret("a device id", id.as_str().unwrap());
            let wrong = json!({ "preAuthSessionId": session, "deviceId": id, "userInputCode": "wr0ng-code" });
            self.is_secret("a wrong code", "wr0ng-code");
            self.post("/auth/signinup/code/consume", wrong).await;
            // Six digits may be a part of anything.
            let code = mail.login.user_input_code.unwrap().expose_secret().to_owned();
            let link = mail.login.url_with_link_code.map(|link| link.expose_secret().to_owned());
            let right = match link {
                Some(link) if by_link => {
                    let code = link.split_once('#').unwrap().1;
                    self.is_secret("a link code", code);
                    json!({ "preAuthSessionId": session, "linkCode": code })
                }
                _ => json!({ "preAuthSessionId": session, "deviceId": id, "userInputCode": code }),
            };
            let answer = self.post("/auth/signinup/code/consume", right).await;
            assert_eq!(answer["status"], "OK", "{answer}");
        }
    }

    async fn factors(&mut self) {
        let device = self.post("/auth/totp/device", json!({ "deviceName": "phone" })).await;
        let secret = device["secret"].as_str().unwrap().to_owned();
        self.is_secret("an authenticator's secret", &secret);
        let wrong = json!({ "deviceName": "phone", "totp": "wr0ng-tp" });
        self.is_secret("a wrong code of an authenticator", "wr0ng-tp");
        let answer = self.post("/auth/totp/device/verify", wrong).await;
        assert_eq!(answer["status"], "INVALID_TOTP_ERROR");
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let totp = totp_rs::Secret::try_from_base32(&secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(totp).build().unwrap();
        let right =
            json!({ "deviceName": "phone", "totp": totp.generate(now.as_secs()).to_string() });
        assert_eq!(self.post("/auth/totp/device/verify", right).await["status"], "OK");
        let answer = self.post("/auth/recoverycode/generate", json!({})).await;
        let codes = answer["codes"].as_array().unwrap().clone();
        assert_eq!(codes.len(), 10);
        for code in &codes {
            self.is_secret("a recovery code", code.as_str().unwrap());
        }
        let answer = self.post("/auth/recoverycode/consume", json!({ "code": codes[0] })).await;
        assert_eq!(answer["status"], "OK");
    }
}

/// One test, because a process has one log.
#[tokio::test]
async fn no_secret_reaches_a_log_at_any_level() {
    let log = collect();
    let mut test = Test::new().await;
    test.passwords().await;
    test.refresh().await;
    test.codes().await;
    test.factors().await;
    test.post("/auth/signout", json!({})).await;
    test.app.0.shutdown().await;
    let text = log.text();
    // It was on: spans, statements, and what went wrong.
    for seen in ["operation", "auth_engine::sql", "the mail server is on fire"] {
        assert!(text.contains(seen), "{seen}");
    }
    for seen in [
        "a password",
        "a reset token",
        "a refresh token",
        "an access token",
        "a device id",
        "a link code",
        "an authenticator's secret",
        "a recovery code",
    ] {
        assert!(test.secrets.iter().any(|(what, _)| *what == seen), "{seen}");
    }
    for (what, secret) in &test.secrets {
        let lines: Vec<_> = text.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "{what}: {lines:#?}");
    }
    // What is stored in their place can't be guessed from, but is nobody's business either.
    for (what, start) in [("a password's hash", "$argon2id$"), ("a signing key", PKCS_8_IN_BASE64)]
    {
        assert!(!text.contains(start), "{what}");
    }
    // Nor who it was.
    assert!(!text.contains(EMAIL));
}
