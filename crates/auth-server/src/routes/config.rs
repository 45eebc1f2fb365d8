//! `GET /config`: where the configuration lies, for those who know the process.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::Route;
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
    wire::FieldError,
};

pub(super) fn route() -> Route {
    Route::new("get_config_path", Method::GET, "/config", run).open()
}

async fn run(server: Arc<Inner>, call: Call) -> Result<Reply, CdiError> {
    let mut fields = url::form_urlencoded::parse(call.query.as_bytes());
    let Some((_, pid)) = fields.find(|(name, _)| name == "pid") else {
        return Err(FieldError::not_in_query("pid").into());
    };
    if call.scope != auth_protocol::TenantScope::default() {
        let text =
            "you can call this only from the base connection uri domain, public app and tenant";
        return Err(CdiError::Forbidden(text.to_owned()));
    }
    match &server.config.config_path {
        Some(path) if pid == std::process::id().to_string() => {
            Reply::json(&json!({ "status": "OK", "path": path }))
        }
        _ => Reply::json(&json!({ "status": "NOT_ALLOWED" })),
    }
}
