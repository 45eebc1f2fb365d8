//! An application to send requests to.

use std::net::Ipv4Addr;

use async_trait::async_trait;
use auth_core::{
    AppInfo, Auth, AuthBuilder, Context, Request, Response, Result,
    core::{EngineConfig, PasswordHashingConfig, SigningAlgorithm},
    delivery::{Email, EmailDelivery},
    protocol::UserId,
    recipes::{
        emailpassword::{EmailPasswordRecipe, SignUpInput, SignUpOutcome},
        session::SessionRecipe,
    },
};
use auth_engine::Engine;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "enchantress1";

/// A delivery that hands mails to the test.
#[derive(Clone)]
pub(crate) struct Mailbox(UnboundedSender<Email>);

impl Mailbox {
    pub(crate) fn new() -> (Self, UnboundedReceiver<Email>) {
        let (sender, receiver) = unbounded_channel();
        (Self(sender), receiver)
    }
}

#[async_trait]
impl EmailDelivery for Mailbox {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        self.0.send(email).map_err(auth_core::Error::other)
    }
}

/// In memory, or on PostgreSQL where the run is told to.
pub(crate) fn engine_config() -> EngineConfig {
    let url = test_postgres::url_for_this_test();
    EngineConfig::new(url.parse().expect("a URL"))
}

/// An engine for many applications, with hashes and signatures that cost little.
pub(crate) async fn cheap_engine() -> Engine {
    let hashing = PasswordHashingConfig { memory_kib: 8, iterations: 1, ..Default::default() };
    let config = EngineConfig::in_memory()
        .password_hashing(hashing)
        .signing_algorithm(SigningAlgorithm::EdDsa);
    Engine::open(config).await.expect("it opens")
}

pub(crate) fn builder() -> AuthBuilder {
    Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(engine_config())
        .recipe(SessionRecipe::new())
}

pub(crate) struct App(pub(crate) Auth);

impl App {
    pub(crate) async fn new() -> Self {
        Self::with(EmailPasswordRecipe::new()).await
    }

    pub(crate) async fn with(emailpassword: EmailPasswordRecipe) -> Self {
        Self(builder().recipe(emailpassword).build().await.expect("a valid configuration"))
    }

    /// Sends a request; `None` where no route is found for it.
    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Option<Answer> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::try_from(*name).expect("a name"),
                HeaderValue::try_from(*value).expect("a value"),
            );
        }
        let path = target.split('?').next().unwrap_or_default();
        let route = self.0.route(&method, path, None)?;
        let request = Request::new(method, target, &map)
            .with_peer_address(Some(Ipv4Addr::LOCALHOST.into()))
            .with_body(body);
        Some(Answer(self.0.handle(route, request).await))
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, &[], body).await
    }

    pub(crate) async fn post_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        self.send(Method::POST, path, headers, body.to_string()).await.expect("a route")
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send(Method::GET, target, &[], "").await.expect("a route")
    }

    /// Signs the usual user up in header mode and gives the access token.
    pub(crate) async fn sign_up(&self) -> String {
        let answer = self
            .post_with("/auth/signup", &[("st-auth-mode", "header")], &form(EMAIL, PASSWORD))
            .await;
        assert_eq!(answer.json()["status"], "OK");
        answer.header("st-access-token").expect("an access token").to_owned()
    }
}

/// A new user, by the function and not by the route.
pub(crate) async fn sign_up(auth: &Auth, email: &str) -> UserId {
    let functions = auth.emailpassword().expect("in the list");
    match functions.sign_up(SignUpInput::new(email, PASSWORD)).await.expect("answered") {
        SignUpOutcome::Ok { user, .. } => user.id,
        other => panic!("{other:?}"),
    }
}

pub(crate) struct Answer(pub(crate) Response);

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.0.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name).map(|value| value.to_str().expect("a text"))
    }

    pub(crate) fn is_ok_json(&self, wanted: &Value) {
        assert_eq!((self.0.status, self.json()), (StatusCode::OK, wanted.clone()));
    }

    pub(crate) fn is_bad_input(&self, message: &str) {
        assert_eq!(
            (self.0.status, self.json()),
            (StatusCode::BAD_REQUEST, json!({ "message": message }))
        );
    }
}

pub(crate) fn form(email: &str, password: &str) -> Value {
    json!({ "formFields": [
        { "id": "email", "value": email },
        { "id": "password", "value": password },
    ] })
}
