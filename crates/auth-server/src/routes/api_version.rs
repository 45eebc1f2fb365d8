//! `GET /apiversion`: which versions are spoken.

use std::sync::Arc;

use auth_protocol::CdiVersion;
use http::Method;
use serde_json::json;

use super::{Route, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

pub(super) fn route() -> Route {
    Route::new("get_api_versions", Method::GET, "/apiversion", run)
}

/// The domains that an SDK sends along are for the reference's telemetry, which there is none of.
async fn run(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    let newest = server.config.versions.max.unwrap_or(CdiVersion::LATEST);
    let spoken = CdiVersion::SUPPORTED.into_iter().filter(|version| *version <= newest);
    let versions: Vec<String> = spoken.map(|version| version.to_string()).collect();
    Reply::json(&json!({ "versions": versions }))
}
