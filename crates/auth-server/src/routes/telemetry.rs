//! `GET /telemetry`: nothing is ever sent to anybody, so that there is no id for it.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::{Route, tenant};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

pub(super) fn route() -> Route {
    Route::new("get_telemetry_id", Method::GET, "/telemetry", run)
}

async fn run(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    tenant::require_public(&server, &call).await?;
    Reply::json(&json!({ "exists": false }))
}
