//! A front end that acts as the npm client does.

use auth_core::core::Clock;
use serde_json::Value;

use super::{Jar, Reply, Req, front_token, jwt_payload};
use crate::App;

/// How a front end keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// In cookies.
    Cookie,
    /// In its own storage, sent by header.
    Header,
}

impl Mode {
    /// Both modes.
    pub const BOTH: [Self; 2] = [Self::Cookie, Self::Header];

    fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Header => "header",
        }
    }
}

/// A front end with its tokens.
#[derive(Clone)]
pub struct FrontEnd {
    mode: Mode,
    clock: Clock,
    /// Its cookies.
    pub jar: Jar,
    access_token: Option<String>,
    refresh_token: Option<String>,
    /// The anti-CSRF token that it keeps.
    pub anti_csrf: Option<String>,
    /// The last front token's contents; `None` when signed out.
    pub front_token: Option<Value>,
}

impl FrontEnd {
    pub(crate) fn new(mode: Mode, host: &str, clock: Clock) -> Self {
        Self {
            mode,
            clock,
            jar: Jar::new(host),
            access_token: None,
            refresh_token: None,
            anti_csrf: None,
            front_token: None,
        }
    }

    /// Adds what the npm client adds to a request: `rid`, `st-auth-mode`, `anti-csrf`, tokens.
    pub fn prepare(&self, mut request: Req) -> Req {
        if !request.has_header("rid") {
            request = request.header("rid", "anti-csrf");
        }
        self.with_tokens(request.header("st-auth-mode", self.mode.as_str()))
    }

    /// Adds tokens only, as a page of another site could make a browser do.
    pub fn with_tokens(&self, mut request: Req) -> Req {
        if let Some(token) = &self.anti_csrf
            && request.has_header("rid")
            && !request.has_header("anti-csrf")
        {
            request = request.header("anti-csrf", token.as_str());
        }
        let path = request.target.split('?').next().unwrap_or_default().to_owned();
        match self.mode {
            Mode::Cookie => match self.jar.line(&path, self.clock.now_ms()) {
                Some(line) => request.cookie(line),
                None => request,
            },
            Mode::Header => {
                let is_refresh = path.ends_with("/session/refresh");
                let token = if is_refresh { &self.refresh_token } else { &self.access_token };
                match token {
                    Some(token) if !request.has_header("authorization") => request.bearer(token),
                    _ => request,
                }
            }
        }
    }

    /// Sends a request with its tokens, and keeps what the response sets.
    pub async fn send(&mut self, app: &App, request: Req) -> Reply {
        let reply = app.send(self.prepare(request)).await;
        self.keep(&reply);
        reply
    }

    /// Takes the tokens of a response.
    pub fn keep(&mut self, reply: &Reply) {
        self.jar.keep(reply.cookies(), self.clock.now_ms());
        for (name, slot) in [
            ("st-access-token", &mut self.access_token),
            ("st-refresh-token", &mut self.refresh_token),
        ] {
            if let Some(token) = reply.header(name) {
                *slot = (!token.is_empty()).then(|| token.to_owned());
            }
        }
        if let Some(token) = reply.header("anti-csrf") {
            self.anti_csrf = Some(token.to_owned());
        }
        match reply.header("front-token") {
            Some("remove") => (self.front_token, self.anti_csrf) = (None, None),
            Some(token) => self.front_token = Some(front_token(token)),
            None => {}
        }
    }

    /// Refreshes the session as the npm client does.
    pub async fn refresh(&mut self, app: &App) -> Reply {
        let request = Req::post("/auth/session/refresh")
            .header("rid", "session")
            .header("fdi-version", "1.16,4.2");
        self.send(app, request).await
    }

    /// The access token in use.
    pub fn access_token(&self) -> String {
        self.token("sAccessToken", self.access_token.as_ref())
    }

    /// The refresh token in use, as the wire carries it.
    pub fn refresh_token(&self) -> String {
        self.token("sRefreshToken", self.refresh_token.as_ref())
    }

    /// The access token's payload.
    pub fn payload(&self) -> Value {
        jwt_payload(&self.access_token())
    }

    /// The session's handle.
    pub fn handle(&self) -> String {
        self.payload()["sessionHandle"].as_str().expect("a handle").to_owned()
    }

    fn token(&self, cookie: &str, own: Option<&String>) -> String {
        match self.mode {
            Mode::Cookie => self.jar.value(cookie).expect("a session").to_owned(),
            Mode::Header => own.expect("a session").clone(),
        }
    }
}
