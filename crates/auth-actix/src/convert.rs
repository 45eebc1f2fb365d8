//! Requests and responses between actix-web and auth-core: its headers, methods and statuses are
//! of an older `http` crate, so they are copied by their bytes.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};

/// A neutral response as a handler's answer.
///
/// ```
/// use auth_actix::{Reply, Session};
///
/// async fn my_id(session: Session) -> Reply {
///     Reply(auth_core::Response::ok(&session.get_user_id()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        response(self.0)
    }
}

/// A request without its body; `None` where it isn't one of HTTP's, which actix-web refuses.
pub(crate) fn head(request: &HttpRequest) -> Option<auth_core::Request> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or_else(|| uri.path(), |target| target.as_str());
    let head = auth_core::Request::from_raw(request.method().as_str(), target, request.headers())?;
    Some(head.with_peer_address(request.peer_addr().map(|peer| peer.ip())))
}

pub(crate) fn response(neutral: auth_core::Response) -> HttpResponse {
    let mut converted = HttpResponse::new(status(neutral.status));
    append(&neutral.headers, converted.headers_mut());
    converted.set_body(BoxBody::new(neutral.body))
}

pub(crate) fn append(lines: &http::HeaderMap, headers: &mut header::HeaderMap) {
    for (name, value) in lines {
        let pair = (name.as_str(), value.as_bytes());
        if let Ok((name, value)) = header::TryIntoHeaderPair::try_into_pair(pair) {
            headers.append(name, value);
        }
    }
}

pub(crate) fn status(neutral: http::StatusCode) -> StatusCode {
    StatusCode::from_u16(neutral.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
