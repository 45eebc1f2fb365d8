//! `GET /user/search/tags`: by what users can be searched.

use std::sync::Arc;

use http::Method;
use serde_json::json;

use super::Route;
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

pub(super) fn route() -> Route {
    Route::new("get_search_tags", Method::GET, "/user/search/tags", run)
}

async fn run(_server: Arc<Inner>, _call: Call) -> Result<Reply, CdiError> {
    Reply::json(&json!({ "status": "OK", "tags": ["email", "phone", "provider"] }))
}
