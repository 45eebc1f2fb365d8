//! Requests and responses between poem and auth-core.

use std::net::SocketAddr;

use poem::{Body, IntoResponse, Request, Response, http::Uri};

/// A neutral response as a handler's answer.
///
/// ```
/// use auth_poem::{Reply, Session};
/// use poem::handler;
///
/// #[handler]
/// fn my_id(session: Session) -> Reply {
///     Reply(auth_core::Response::ok(&session.get_user_id()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.0.status).body(self.0.body);
        *response.headers_mut() = self.0.headers;
        response
    }
}

/// A request without its body.
pub(crate) fn head(request: &Request) -> auth_core::Request {
    let uri = sent_uri(request);
    let target = uri.path_and_query().map_or_else(|| uri.path(), |target| target.as_str());
    let peer = request.remote_addr().as_socket_addr().map(SocketAddr::ip);
    let head = auth_core::Request::new(request.method().clone(), target, request.headers());
    head.with_peer_address(peer)
}

/// Routes strip the path that they are nested below; sign-in goes by the one that was sent. Only a
/// request that a server read knows it.
fn sent_uri(request: &Request) -> &Uri {
    let sent = request.original_uri();
    if sent.path() == "/" { request.uri() } else { sent }
}

/// Puts a neutral response in the place of another.
pub(crate) fn replace(response: &mut Response, neutral: auth_core::Response) {
    let (mut status, mut headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = neutral.replace(&mut status, &mut headers);
    response.set_status(status);
    *response.headers_mut() = headers;
    response.set_body(Body::from_bytes(body));
}
