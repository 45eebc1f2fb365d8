//! How an engine is served.

use std::path::PathBuf;

use metrics_exporter_prometheus::PrometheusHandle;

use crate::{ApiKeys, ClientRules, Versions};

/// How an engine is served. Without keys every call that a program on this machine makes is open,
/// so that the address should not be reachable for others: only `Host` names of this machine are
/// taken then, bodies have to be JSON by their `Content-Type`, and what a browser's page sends is
/// refused.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ServerConfig {
    pub(crate) base_path: String,
    pub(crate) api_keys: ApiKeys,
    pub(crate) clients: ClientRules,
    pub(crate) versions: Versions,
    pub(crate) body_limit_bytes: Option<usize>,
    pub(crate) only_domain: Option<String>,
    pub(crate) config_path: Option<PathBuf>,
    pub(crate) metrics: Metrics,
}

/// What answers `/metrics`; its `Debug` shows only whether it is there.
#[derive(Clone, Default)]
pub(crate) struct Metrics(pub(crate) Option<PrometheusHandle>);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Metrics({})", self.0.is_some())
    }
}

impl ServerConfig {
    /// Open to every caller, at the root, in every version.
    pub fn new() -> Self {
        Self::default()
    }

    /// The path before every other, such as `/core`; none unless set. A slash is put before it and
    /// taken from its end.
    pub fn base_path(mut self, base_path: &str) -> Self {
        let path = base_path.trim().trim_matches('/').to_ascii_lowercase();
        self.base_path = if path.is_empty() { path } else { format!("/{path}") };
        self
    }

    /// The keys that callers need; without any, every call from this machine is open.
    pub fn api_keys(mut self, api_keys: ApiKeys) -> Self {
        self.api_keys = api_keys;
        self
    }

    /// Whether callers need a key.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        !self.api_keys.is_empty()
    }

    /// The rules about addresses of clients; none unless set.
    pub fn clients(mut self, clients: ClientRules) -> Self {
        self.clients = clients;
        self
    }

    /// The oldest and newest version to speak; all that there are unless set.
    pub fn versions(mut self, versions: Versions) -> Self {
        self.versions = versions;
        self
    }

    /// The one connection URI domain that is served beside the default one: requests to another that is
    /// there are 400 (CDI §0.1). All are unless set.
    pub fn only_domain(mut self, domain: &str) -> Self {
        self.only_domain = Some(domain.trim().to_ascii_lowercase());
        self
    }

    /// The largest body that is read; 10 MiB unless set.
    pub fn body_limit_bytes(mut self, limit: usize) -> Self {
        self.body_limit_bytes = Some(limit);
        self
    }

    /// The file that `/config` tells of.
    pub fn config_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.config_path = Some(path.into());
        self
    }

    /// What `/metrics` shows; nothing is served there unless set. The server counts its requests by
    /// the `metrics` crate's recorder, whichever the program has installed.
    pub fn metrics(mut self, handle: PrometheusHandle) -> Self {
        self.metrics = Metrics(Some(handle));
        self
    }
}
