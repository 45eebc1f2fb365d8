//! An application on a remote core, and what it asks.

use std::{net::Ipv4Addr, sync::Arc};

use auth_core::{
    AppInfo, Auth, AuthBuilder, Context, Request, Response,
    core::{Clock, CoreError, EngineConfig, RemoteConfig},
    protocol::{
        JsonObject, TenantId, UserId,
        user::{GetUserById, GetUserByIdResponse},
        usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
    },
    recipes::{session::SessionRecipe, usermetadata::UserMetadataRecipe},
};
use auth_engine::{Engine, SigningAlgorithm};
use auth_server::{Server, ServerConfig};
use futures_util::FutureExt;
use http::{HeaderMap, Method};
use parking_lot::Mutex;
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) const START_MS: i64 = 1_700_000_000_000;

/// What a core answers to [`ask`] where nothing is wrong.
pub(crate) fn unknown_user() -> crate::script::Act {
    crate::script::Act::json(&json!({ "status": "UNKNOWN_USER_ID_ERROR" }))
}

/// `auth-server` at a loopback address. It ends when this is dropped.
pub(crate) struct Core {
    pub(crate) url: String,
    pub(crate) clock: Clock,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Core {
    pub(crate) async fn start(config: ServerConfig) -> Self {
        let clock = Clock::manual(START_MS);
        let engine = EngineConfig::in_memory()
            .clock(clock.clone())
            .signing_algorithm(SigningAlgorithm::EdDsa)
            .access_token_validity_jitter(0.0);
        let engine = Engine::open(engine).await.expect("it opens");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let server = Server::new(engine, config);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let told = stopped.map(drop);
            server.serve(listener, told).await.expect("it serves");
        });
        Self { url, clock, stop, task }
    }

    /// Ends it, and every connection to it.
    pub(crate) async fn stop(self) {
        self.stop.send(()).expect("it is there");
        self.task.await.expect("it ends");
    }

    pub(crate) fn config(&self) -> RemoteConfig {
        let clock = self.clock.clone();
        RemoteConfig::new(&self.url).clock(move || clock.now_ms())
    }
}

/// What was sent, as an interceptor saw it: methods with paths and queries.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<Mutex<Vec<String>>>);

impl Sent {
    /// A configuration whose requests are noted here.
    pub(crate) fn by(&self, config: RemoteConfig) -> RemoteConfig {
        let sent = self.clone();
        config.network_interceptor(move |request, _| {
            let url = &request.url;
            let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
            sent.0.lock().push(format!("{} {}{query}", request.method, url.path()));
            request
        })
    }

    /// All of them, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().clone()
    }

    /// How many of the requests begin like this.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.0.lock().iter().filter(|line| line.starts_with(start)).count()
    }
}

fn builder(core: RemoteConfig) -> AuthBuilder {
    Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(core)
        .recipe(SessionRecipe::new())
        .recipe(UserMetadataRecipe::new())
}

pub(crate) async fn auth(core: RemoteConfig) -> Auth {
    builder(core).build().await.expect("nothing is asked yet")
}

/// Why a configuration is refused at the start.
pub(crate) async fn refusal(core: RemoteConfig) -> String {
    builder(core).build().await.expect_err("it is wrong").to_string()
}

/// A read: a user that nobody knows.
pub(crate) async fn ask(auth: &Auth) -> Result<GetUserByIdResponse, CoreError> {
    let operation = GetUserById { user_id: UserId::new("nobody") };
    auth.core().call(&TenantId::default(), operation).await
}

/// A write.
pub(crate) async fn tell(auth: &Auth) -> Result<(), CoreError> {
    auth.core().call(&TenantId::default(), update("a")).await.map(drop)
}

pub(crate) fn update(value: &str) -> UpdateUserMetadata {
    let mut metadata_update = JsonObject::new();
    metadata_update.insert("key".to_owned(), value.into());
    UpdateUserMetadata { user_id: UserId::new("ada"), metadata_update }
}

/// A context, as each request has one of its own.
pub(crate) fn request(auth: &Auth) -> Context {
    let request = Request::new(Method::GET, "/own", &HeaderMap::new());
    Context::for_request(auth.clone(), request)
}

/// Ada's metadata within a request.
pub(crate) async fn metadata(cx: &Context) -> Option<String> {
    let operation = GetUserMetadata { user_id: UserId::new("ada") };
    let answer = cx.core().call(&TenantId::default(), operation).await;
    let GetUserMetadataResponse::Ok { metadata } = answer.expect("an answer");
    Some(metadata.get("key")?.as_str()?.to_owned())
}

/// How a client is told of an error.
pub(crate) async fn told(auth: &Auth, error: CoreError) -> Response {
    auth.error_response(&request(auth), &error.into()).await
}
