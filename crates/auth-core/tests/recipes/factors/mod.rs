//! Several login methods and several factors for one user.

mod code_refusals;
mod email_change;
mod ended;
mod functions;
mod linking;
mod mfa;
mod parallel;
mod requirements;
mod reset;
mod same_proof;
mod taken_over;

use auth_core::{
    AppInfo, Auth, AuthBuilder, Context, Result,
    core::{Clock, EngineConfig},
    delivery::Email,
    protocol::{Secret, UserId},
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        passwordless::{
            Contact, ContactMethod, FlowType, LoginCode, PasswordlessLoginEmail, PasswordlessRecipe,
        },
        recoverycode::RecoveryCodeRecipe,
        session::{Session, SessionOptions, SessionRecipe},
        totp::TotpRecipe,
    },
};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc::UnboundedReceiver};

use crate::harness::{Answer, App, Mailbox, PASSWORD, form};

/// 2026-01-01.
const START_MS: i64 = 1_767_225_600_000;

/// An application with several recipes, whose time stands still.
struct Test {
    app: App,
    clock: Clock,
    /// Of the email-password recipe.
    mails: Mutex<UnboundedReceiver<Email>>,
    /// Of the passwordless recipe.
    login_mails: Mutex<UnboundedReceiver<Email>>,
}

/// Somebody with a session, as a client in header mode.
struct Client<'t> {
    test: &'t Test,
    token: String,
}

fn linking(answer: AutomaticLinking) -> AccountLinkingRecipe {
    AccountLinkingRecipe::new()
        .should_do_automatic_account_linking(move |_, _| async move { Ok(answer) })
}

const LINK_ALL: AutomaticLinking = AutomaticLinking::Yes { should_require_verification: false };
const LINK_VERIFIED: AutomaticLinking = AutomaticLinking::Yes { should_require_verification: true };

impl Test {
    /// Email-password and passwordless accounts, and what `more` adds.
    async fn with(more: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        Self::with_passwords(|recipe| recipe, more).await
    }

    /// The same, with other settings of the email-password recipe.
    async fn with_passwords(
        set: impl FnOnce(EmailPasswordRecipe) -> EmailPasswordRecipe,
        more: impl FnOnce(AuthBuilder) -> AuthBuilder,
    ) -> Self {
        let clock = Clock::manual(START_MS);
        let (mailbox, mails) = Mailbox::new();
        let (logins, login_mails) = Mailbox::new();
        let passwordless = PasswordlessRecipe::new(
            ContactMethod::EmailOrPhone,
            FlowType::UserInputCodeAndMagicLink,
        );
        let info = AppInfo::new("My App", "https://api.example.com", "https://example.com");
        let builder = Auth::builder(info)
            .core(EngineConfig::in_memory().clock(clock.clone()))
            .recipe(SessionRecipe::new())
            .recipe(set(EmailPasswordRecipe::new().email_delivery(mailbox)))
            .recipe(passwordless.email_delivery(logins));
        let app = App(more(builder).build().await.expect("valid"));
        Self { app, clock, mails: Mutex::new(mails), login_mails: Mutex::new(login_mails) }
    }

    /// Every recipe, with the factors that are required of everybody.
    async fn mfa(required: impl IntoIterator<Item = FactorId>) -> Self {
        let mfa = MultiFactorAuthRecipe::new().required_secondary_factors(required);
        Self::with(|builder| {
            builder
                .recipe(linking(LINK_ALL))
                .recipe(mfa)
                .recipe(TotpRecipe::new().qr_code_svg(true))
                .recipe(RecoveryCodeRecipe::new())
        })
        .await
    }

    async fn client(&self, path: &str, body: &Value) -> Client<'_> {
        let answer = self.app.post_with(path, &[("st-auth-mode", "header")], body).await;
        assert_eq!(answer.json()["status"], "OK");
        let token = answer.header("st-access-token").expect("a token").to_owned();
        Client { test: self, token }
    }

    async fn sign_up(&self, email: &str) -> Client<'_> {
        self.client("/auth/signup", &form(email, PASSWORD)).await
    }

    async fn sign_in(&self, email: &str) -> Client<'_> {
        self.client("/auth/signin", &form(email, PASSWORD)).await
    }

    async fn login_mail(&self) -> LoginCode {
        let mail = self.login_mails.lock().await.recv().await.expect("a mail");
        mail.get::<PasswordlessLoginEmail>().expect("a code").login.clone()
    }

    /// A passwordless account made by the functions, past the checks of the routes.
    async fn passwordless_user(&self, email: &str) -> UserId {
        let functions = self.app.0.passwordless().expect("in the list");
        let contact = Contact::Email(email.to_owned());
        functions.sign_in_up(contact).await.expect("signed in").user.id
    }
}

impl Client<'_> {
    /// Sends a request with the session, and takes the new access token.
    async fn send(&mut self, method: Method, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("st-auth-mode", "header")];
        let answer = self.test.app.send(method, path, &headers, body.to_string()).await;
        let answer = answer.expect("a route");
        if let Some(token) = answer.header("st-access-token").filter(|token| !token.is_empty()) {
            token.clone_into(&mut self.token);
        }
        answer
    }

    async fn post(&mut self, path: &str, body: &Value) -> Value {
        self.send(Method::POST, path, body).await.json()
    }

    async fn info(&mut self) -> Value {
        self.send(Method::PUT, "/auth/mfa/info", &json!({})).await.json()
    }

    /// The session, as one of the application's own routes gets it.
    async fn check(&self, options: &SessionOptions) -> Result<Session> {
        let mut headers = HeaderMap::new();
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token)).expect("a value");
        headers.insert("authorization", bearer);
        let request = auth_core::Request::new(Method::GET, "/protected", &headers);
        let auth = &self.test.app.0;
        let cx = Context::for_request(auth.clone(), request);
        cx.verify_session(options).await.map(|session| session.expect("required"))
    }

    /// What a protected route answers: `None` where it lets the session through.
    async fn refusal(&self, options: &SessionOptions) -> Option<Value> {
        let error = self.check(options).await.err()?;
        let auth = &self.test.app.0;
        let answer = Answer(auth.error_response(&auth.context(), &error).await);
        Some(json!({ "http": answer.0.status.as_u16(), "body": answer.json() }))
    }

    async fn session(&self) -> Session {
        self.check(&SessionOptions::new().without_claim_validators()).await.expect("a session")
    }

    async fn claim(&self) -> Value {
        self.session().await.get_access_token_payload()["st-mfa"].clone()
    }

    /// Sets an authenticator app up and gives its secret.
    async fn set_up_totp(&mut self) -> Secret {
        let device = self.post("/auth/totp/device", &json!({})).await;
        assert_eq!(device["status"], "OK", "{device}");
        let secret = Secret::from(device["secret"].as_str().expect("a secret"));
        let body = json!({ "deviceName": device["deviceName"], "totp": self.test.code(&secret) });
        let verified = self.post("/auth/totp/device/verify", &body).await;
        assert_eq!(verified, json!({ "status": "OK", "wasAlreadyVerified": false }));
        secret
    }
}

impl Test {
    /// What an authenticator app shows now.
    fn code(&self, secret: &Secret) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret.expose_secret()).expect("Base32");
        let totp = totp_rs::Builder::new().with_secret(secret).build().expect("valid");
        totp.generate(self.clock.now_ms().unsigned_abs() / 1000).to_string()
    }
}
