//! A neutral response as warp's.

use warp::reply::Response;

/// A neutral response as a handler's reply.
///
/// ```
/// use auth_core::{Response, recipes::session::Session};
/// use auth_warp::Reply;
/// use warp::Filter;
///
/// let my_id = warp::path!("my-id")
///     .and(auth_warp::session())
///     .map(|session: Session| Reply(Response::ok(&session.get_user_id())));
/// ```
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl warp::Reply for Reply {
    fn into_response(self) -> Response {
        auth_tower::response(self.0)
    }
}
