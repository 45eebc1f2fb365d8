//! A neutral response as axum's.

use axum::response::{IntoResponse, Response};

/// A neutral response as a handler's answer.
///
/// ```
/// use auth_axum::Reply;
/// use auth_core::Response;
///
/// async fn saved() -> Reply {
///     Reply(Response::status_only("OK"))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        auth_tower::response(self.0)
    }
}
