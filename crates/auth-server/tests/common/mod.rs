//! A served engine, and a client that knows nothing of its code.

use auth_engine::{Clock, Engine, EngineConfig, SigningAlgorithm};
use auth_server::{Server, ServerConfig};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

pub(crate) const START_MS: i64 = 1_700_000_000_000;

/// A core at a loopback address; it ends when this is dropped.
#[allow(dead_code)] // each test program uses a part
pub(crate) struct Core {
    pub(crate) url: String,
    pub(crate) clock: Clock,
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    task: JoinHandle<()>,
}

/// An answer, read to its end.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) text: String,
}

#[allow(dead_code)]
impl Answer {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.content_type, "application/json; charset=UTF-8");
        serde_json::from_str(&self.text).unwrap()
    }
}

#[allow(dead_code)]
impl Core {
    pub(crate) async fn start() -> Self {
        Self::with(ServerConfig::new()).await
    }

    pub(crate) async fn with(config: ServerConfig) -> Self {
        let url = test_postgres::url_for_this_test();
        Self::on(EngineConfig::new(url.parse().unwrap()), config).await
    }

    pub(crate) async fn on(engine: EngineConfig, config: ServerConfig) -> Self {
        let clock = Clock::manual(START_MS);
        let engine = engine
            .clock(clock.clone())
            .signing_algorithm(SigningAlgorithm::EdDsa)
            .access_token_validity_jitter(0.0);
        let engine = Engine::open(engine).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::new(engine.clone(), config);
        let task = tokio::spawn(async move {
            server.serve(listener, std::future::pending()).await.unwrap();
        });
        let client = Client::builder().no_proxy().build().unwrap();
        Self { url, clock, engine, client, task }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("{}{path}", self.url));
        request.header("content-type", "application/json")
    }

    /// `GET` without a version.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request("GET", path)).await
    }

    /// `GET` in a version.
    pub(crate) async fn get_in(&self, version: &str, path: &str) -> Answer {
        send(self.request("GET", path).header("cdi-version", version)).await
    }

    /// `POST` without a version.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request("POST", path).json(body)).await
    }

    /// `POST` in a version.
    pub(crate) async fn post_in(&self, version: &str, path: &str, body: &Value) -> Answer {
        send(self.request("POST", path).header("cdi-version", version).json(body)).await
    }
}

/// An answer other than JSON: one line (CDI §0.5).
#[allow(dead_code)]
pub(crate) fn text(status: u16, line: &str) -> Answer {
    Answer {
        status,
        content_type: "text/html; charset=UTF-8".to_owned(),
        text: format!("{line}\n"),
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map(|value| value.to_str().unwrap().to_owned());
    Answer {
        status: response.status().as_u16(),
        content_type: content_type.unwrap_or_default(),
        text: response.text().await.unwrap(),
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.task.abort();
    }
}
