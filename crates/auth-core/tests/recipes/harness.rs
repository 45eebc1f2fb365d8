//! An application to send requests to.

use auth_core::{
    AppInfo, Auth, AuthBuilder, Request, Response, core::EngineConfig,
    recipes::session::SessionRecipe,
};
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

pub(crate) fn builder() -> AuthBuilder {
    Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
}

pub(crate) struct App(pub(crate) Auth);

impl App {
    pub(crate) async fn new() -> Self {
        Self(builder().build().await.expect("a valid configuration"))
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        let path = target.split('?').next().unwrap_or_default();
        let route = self.0.route(&Method::GET, path, None).expect("a route");
        let request = Request::new(Method::GET, target, HeaderMap::new());
        Answer(self.0.handle(route, request).await)
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
}
