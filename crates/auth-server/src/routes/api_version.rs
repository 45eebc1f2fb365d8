//! `GET /apiversion`: which versions are spoken.

use std::sync::Arc;

use auth_protocol::CdiVersion;
use http::Method;
use serde_json::json;

use super::{Route, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::{Call, rules},
    server::Inner,
};

pub(super) fn route() -> Route {
    Route::new("get_api_versions", Method::GET, "/apiversion", run)
}

async fn run(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    let versions = rules::versions(&server.engine, &server.config, &call.scope).await?;
    let newest = versions.max.unwrap_or(CdiVersion::LATEST);
    let spoken = CdiVersion::SUPPORTED.into_iter().filter(|version| *version <= newest);
    let versions: Vec<String> = spoken.map(|version| version.to_string()).collect();
    tokio::spawn(save_domains(server, call));
    Reply::json(&json!({ "versions": versions }))
}

/// Keeps the domains that an SDK sends along. Who asks for versions waits for none of it, and isn't
/// told where it fails.
async fn save_domains(server: Arc<Inner>, call: Call) {
    let (mut website, mut api) = (None, None);
    for (name, value) in url::form_urlencoded::parse(call.query.as_bytes()) {
        // The first of several values counts.
        match name.as_ref() {
            "websiteDomain" => website = website.or(Some(value)),
            "apiDomain" => api = api.or(Some(value)),
            _ => {}
        }
    }
    let saved = server.engine.save_domains(&call.scope.app, website.as_deref(), api.as_deref());
    if let Err(error) = saved.await {
        tracing::warn!(%error, "the domains of an app could not be saved");
    }
}
