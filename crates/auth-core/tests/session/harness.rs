//! An application without a framework, and a client that keeps what responses set.

use std::net::Ipv4Addr;

use auth_core::{
    AppInfo, Auth, Context, Error, Request, Response,
    core::{Clock, EngineConfig},
    protocol::JsonObject,
    recipes::session::{NewSessionInput, Session, SessionOptions, SessionRecipe},
};
use auth_engine::{Engine, SigningAlgorithm};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;

const START_MS: i64 = 1_700_000_000_000;
pub(crate) const REFRESH_PATH: &str = "/auth/session/refresh";

pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

/// An application with its clock.
pub(crate) struct App {
    pub(crate) auth: Auth,
    pub(crate) clock: Clock,
    engine: Engine,
}

/// What a request came to: a response, or the application's own with the changes applied.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

/// API and website on one site.
pub(crate) fn one_site() -> AppInfo {
    AppInfo::new("Test", "https://api.example.com", "https://www.example.com")
}

impl App {
    pub(crate) async fn new(recipe: SessionRecipe) -> Self {
        Self::at(one_site(), recipe).await
    }

    pub(crate) async fn at(app_info: AppInfo, recipe: SessionRecipe) -> Self {
        let clock = Clock::manual(START_MS);
        let url = test_postgres::url_for_this_test();
        let config = EngineConfig::new(url.parse().expect("a URL"))
            .clock(clock.clone())
            .signing_algorithm(SigningAlgorithm::EdDsa)
            .access_token_validity_jitter(0.0);
        let engine = Engine::open(config).await.expect("it opens");
        let builder = Auth::builder(app_info).core(engine.clone()).recipe(recipe);
        let auth = builder.build().await.expect("it builds");
        Self { auth, clock, engine }
    }

    /// Another application on the same engine.
    pub(crate) async fn sharing(other: &Self, recipe: SessionRecipe) -> Self {
        let builder = Auth::builder(one_site()).core(other.engine.clone()).recipe(recipe);
        let auth = builder.build().await.expect("it builds");
        Self { auth, clock: other.clock.clone(), engine: other.engine.clone() }
    }

    /// A session that belongs to no request.
    pub(crate) async fn session_without_request(&self) -> Session {
        let sessions = self.auth.session().expect("in the list");
        let input = NewSessionInput::new("user").disable_anti_csrf(true);
        let session = sessions.create_new_session_without_request_response(input);
        session.await.expect("a session")
    }

    pub(crate) fn cx(&self, method: Method, path: &str, headers: Headers<'_>) -> Context {
        let request = Request::new(method, path, &header_map(headers))
            .with_peer_address(Some(Ipv4Addr::LOCALHOST.into()));
        Context::for_request(self.auth.clone(), request)
    }

    /// Signs a user in by a request with these headers.
    pub(crate) async fn create(&self, headers: Headers<'_>) -> Result<(Session, Reply), Error> {
        self.create_with(headers, JsonObject::new()).await
    }

    pub(crate) async fn create_with(
        &self,
        headers: Headers<'_>,
        payload: JsonObject,
    ) -> Result<(Session, Reply), Error> {
        let cx = self.cx(Method::POST, "/login", headers);
        let input = NewSessionInput::new("user").access_token_payload(payload);
        let session = cx.session()?.create_new_session(input).await?;
        let reply = own_reply(&cx);
        Ok((session, reply))
    }

    /// Signs a user in and gives the client's tokens.
    pub(crate) async fn client(&self, mode: &str) -> Client {
        let (_, reply) = self.create(&[("st-auth-mode", mode)]).await.expect("a session");
        let mut client = Client::new(mode);
        client.keep(&reply);
        client
    }

    /// A request to a route of the application behind a session check.
    pub(crate) async fn check(
        &self,
        method: Method,
        headers: Headers<'_>,
        options: &SessionOptions,
    ) -> (Result<Option<Session>, ()>, Reply) {
        let cx = self.cx(method, "/own", headers);
        match cx.verify_session(options).await {
            Ok(session) => (Ok(session), own_reply(&cx)),
            Err(error) => (Err(()), self.error_reply(&cx, error).await),
        }
    }

    pub(crate) async fn error_reply(&self, cx: &Context, error: Error) -> Reply {
        let mut response = self.auth.error_response(cx, &error).await;
        cx.changes().apply_to(&mut response.headers);
        reply(response)
    }

    pub(crate) async fn refresh(&self, headers: Headers<'_>) -> Reply {
        let route = self.auth.route(&Method::POST, REFRESH_PATH, None).expect("a route");
        let request = Request::new(Method::POST, REFRESH_PATH, &header_map(headers))
            .with_peer_address(Some(Ipv4Addr::LOCALHOST.into()));
        reply(self.auth.handle(route, request).await)
    }
}

/// The application's own answer, with what the session check wrote to it.
pub(crate) fn own_reply(cx: &Context) -> Reply {
    let mut headers = HeaderMap::new();
    cx.changes().apply_to(&mut headers);
    Reply { status: StatusCode::OK, headers, body: Value::Null }
}

fn reply(response: Response) -> Reply {
    let body = serde_json::from_slice(&response.body).unwrap_or_default();
    Reply { status: response.status, headers: response.headers, body }
}

fn header_map(headers: Headers<'_>) -> HeaderMap {
    headers
        .iter()
        .map(|(name, value)| {
            (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
        })
        .collect()
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Every `Set-Cookie` line of a cookie.
    pub(crate) fn cookies(&self, name: &str) -> Vec<&str> {
        let prefix = format!("{name}=");
        self.headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|line| line.to_str().unwrap())
            .filter(|line| line.starts_with(&prefix))
            .collect()
    }

    /// The one `Set-Cookie` line of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> &str {
        match self.cookies(name).as_slice() {
            [line] => line,
            lines => panic!("{name}: {lines:?}"),
        }
    }

    pub(crate) fn sets_nothing(&self) -> bool {
        let names = ["front-token", "anti-csrf", "st-access-token", "st-refresh-token"];
        names.into_iter().all(|name| self.header(name).is_none())
            && self.headers.get(header::SET_COOKIE).is_none()
    }

    pub(crate) fn front_token(&self) -> Value {
        let text = self.header("front-token").expect("a front token");
        serde_json::from_slice(&STANDARD.decode(text).unwrap()).unwrap()
    }
}

/// The tokens that a client has.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) mode: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) anti_csrf: Option<String>,
}

impl Client {
    fn new(mode: &str) -> Self {
        let empty = String::new();
        Self { mode: mode.into(), access: empty.clone(), refresh: empty, anti_csrf: None }
    }

    /// Takes over what a response sets.
    pub(crate) fn keep(&mut self, reply: &Reply) {
        let value = |line: &str| {
            let pair = line.split(';').next().unwrap();
            pair.split_once('=').unwrap().1.to_owned()
        };
        let is_cookie = self.mode == "cookie";
        for (token, cookie, header) in [
            (&mut self.access, "sAccessToken", "st-access-token"),
            (&mut self.refresh, "sRefreshToken", "st-refresh-token"),
        ] {
            if is_cookie && !reply.cookies(cookie).is_empty() {
                *token = value(reply.cookie(cookie));
            } else if !is_cookie && let Some(text) = reply.header(header) {
                text.clone_into(token);
            }
        }
        if let Some(token) = reply.header("anti-csrf") {
            self.anti_csrf = Some(token.to_owned());
        }
    }

    /// The header by which it sends its access token.
    pub(crate) fn access_header(&self) -> (&'static str, String) {
        self.token_header("sAccessToken", &self.access)
    }

    /// The header by which it sends its refresh token.
    pub(crate) fn refresh_header(&self) -> (&'static str, String) {
        self.token_header("sRefreshToken", &self.refresh)
    }

    fn token_header(&self, cookie: &str, token: &str) -> (&'static str, String) {
        match self.mode.as_str() {
            "cookie" => ("cookie", format!("{cookie}={token}")),
            _ => ("authorization", format!("Bearer {token}")),
        }
    }
}
