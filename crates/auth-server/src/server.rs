//! The server itself.

use std::sync::Arc;

use auth_engine::Engine;
use auth_protocol::CdiVersion;
use axum::Router;

use crate::{
    ServerConfig,
    request::{KeyGuesses, rules::TenantRules},
    routes::{Buckets, RequestStats, RouteTable},
    serve,
};

/// The oldest and the newest version that are spoken, where not all of them are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Versions {
    /// The oldest.
    pub min: Option<CdiVersion>,
    /// The newest.
    pub max: Option<CdiVersion>,
}

/// An engine that is served. Clones share it.
#[derive(Clone)]
pub struct Server(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) config: ServerConfig,
    pub(crate) routes: RouteTable,
    pub(crate) stats: RequestStats,
    pub(crate) buckets: Buckets,
    pub(crate) key_guesses: KeyGuesses,
    pub(crate) tenant_rules: TenantRules,
}

impl Server {
    /// Serves an engine.
    pub fn new(engine: Engine, config: ServerConfig) -> Self {
        Self(Arc::new(Inner {
            engine,
            config,
            routes: RouteTable::new(),
            stats: RequestStats::default(),
            buckets: Buckets::default(),
            key_guesses: KeyGuesses::default(),
            tenant_rules: TenantRules::default(),
        }))
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// The server as a part of a larger one. What goes by the addresses of clients needs
    /// `axum::extract::ConnectInfo<SocketAddr>` in the requests' extensions, or a `SocketAddr` as
    /// `auth_serve` puts it there.
    pub fn router(&self) -> Router {
        let inner = Arc::clone(&self.0);
        Router::new().fallback(move |request| serve::handle(Arc::clone(&inner), request))
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("config", &self.0.config).finish_non_exhaustive()
    }
}
