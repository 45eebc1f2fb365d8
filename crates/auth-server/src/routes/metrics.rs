//! `GET /metrics`: the program's figures, for Prometheus. The reference has no such path.

use std::sync::Arc;

use http::Method;

use super::Route;
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

pub(super) fn route() -> Route {
    Route::new("get_metrics", Method::GET, "/metrics", run)
}

async fn run(server: Arc<Inner>, _call: Call) -> Result<Reply, CdiError> {
    let handle = server.config.metrics.0.as_ref().ok_or(CdiError::NotFound)?;
    Ok(Reply::metrics(handle.render()))
}
