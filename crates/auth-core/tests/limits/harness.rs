//! An application to guess at.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use auth_core::{
    AppInfo, Auth, AuthBuilder, Context, Request, Response, Result,
    core::{Clock, EngineConfig, PasswordHashingConfig, SigningAlgorithm},
    delivery::{Email, EmailDelivery},
    limits::Limits,
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) const START_MS: i64 = 1_767_225_600_000;
pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const BOB: &str = "bob@example.com";
pub(crate) const PASSWORD: &str = "enchantress1";
pub(crate) const HEADER: &str = "st-known-device";

/// Hands mails to the test.
pub(crate) struct Mailbox(UnboundedSender<Email>);

#[async_trait]
impl EmailDelivery for Mailbox {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        self.0.send(email).map_err(auth_core::Error::other)
    }
}

pub(crate) struct World {
    pub(crate) auth: Auth,
    pub(crate) clock: Clock,
    pub(crate) mails: UnboundedReceiver<Email>,
}

/// Where a request comes from, and the device's token, which is kept from answer to answer.
#[derive(Clone, Default)]
pub(crate) struct Client {
    pub(crate) address: Option<IpAddr>,
    pub(crate) device: Option<String>,
}

pub(crate) fn from(address: &str) -> Client {
    Client { address: Some(address.parse().expect("an address")), device: None }
}

/// The nth address of a network that is large enough.
pub(crate) fn nth(number: u32) -> Client {
    let address = IpAddr::V4((0x0b00_0000 + number).into());
    Client { address: Some(address), device: None }
}

pub(crate) fn form(email: &str, password: &str) -> Value {
    json!({ "formFields": [
        { "id": "email", "value": email },
        { "id": "password", "value": password },
    ] })
}

pub(crate) fn engine(clock: &Clock) -> EngineConfig {
    let url = test_postgres::url_for_this_test();
    let hashing = PasswordHashingConfig { memory_kib: 8, iterations: 1, ..Default::default() };
    EngineConfig::new(url.parse().expect("a URL"))
        .password_hashing(hashing)
        .signing_algorithm(SigningAlgorithm::EdDsa)
        .clock(clock.clone())
}

impl World {
    pub(crate) async fn new(limits: Limits) -> Self {
        Self::with(limits, |builder| builder).await
    }

    /// With further recipes.
    pub(crate) async fn with(
        limits: Limits,
        more: impl FnOnce(AuthBuilder) -> AuthBuilder,
    ) -> Self {
        let clock = Clock::manual(START_MS);
        let (sender, mails) = unbounded_channel();
        let emailpassword = EmailPasswordRecipe::new().email_delivery(Mailbox(sender));
        let info = AppInfo::new("App", "https://api.example.com", "https://example.com");
        let builder = Auth::builder(info)
            .core(engine(&clock))
            .recipe(SessionRecipe::new())
            .recipe(emailpassword)
            .limits(limits);
        let auth = more(builder).build().await.expect("a valid configuration");
        Self { auth, clock, mails }
    }

    pub(crate) fn advance_secs(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn post(&self, client: &mut Client, path: &str, body: &Value) -> Answer {
        let mut headers = vec![("st-auth-mode", "header")];
        let device = client.device.clone();
        headers.extend(device.as_deref().map(|token| (HEADER, token)));
        let route = self.auth.route(&Method::POST, path, None).expect("a route");
        let request = Request::new(Method::POST, path, headers)
            .with_peer_address(client.address)
            .with_body(body.to_string());
        let answer = Answer(self.auth.handle(route, request).await);
        if let Some(token) = answer.header(HEADER) {
            client.device = Some(token.to_owned());
        }
        answer
    }

    pub(crate) async fn sign_in(&self, client: &mut Client, email: &str, password: &str) -> Answer {
        self.post(client, "/auth/signin", &form(email, password)).await
    }

    pub(crate) async fn sign_up(&self, client: &mut Client, email: &str) {
        let answer = self.post(client, "/auth/signup", &form(email, PASSWORD)).await;
        assert_eq!(answer.status(), "OK");
    }
}

pub(crate) struct Answer(pub(crate) Response);

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.body).expect("JSON")
    }

    /// The status in the body, or `429`.
    pub(crate) fn status(&self) -> String {
        if self.is_refused() {
            return "429".to_owned();
        }
        assert_eq!(self.0.status, StatusCode::OK, "{:?}", self.0);
        self.json()["status"].as_str().expect("a status").to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name).map(|value| value.to_str().expect("a text"))
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.0.status == StatusCode::TOO_MANY_REQUESTS
    }

    pub(crate) fn retry_after(&self) -> u64 {
        self.header("retry-after").expect("it says when").parse().expect("seconds")
    }
}
