//! A neutral response as warp's.

use warp::reply::Response;

/// A neutral response as a handler's reply.
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl warp::Reply for Reply {
    fn into_response(self) -> Response {
        auth_tower::response(self.0)
    }
}
