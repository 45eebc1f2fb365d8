//! Requests and responses between Rocket and auth-core.

use std::io::Cursor;

use rocket::{
    Request, Response,
    http::{HeaderMap, Status},
    response::{Responder, Result},
};

/// A neutral response as a handler's answer.
///
/// ```
/// use auth_rocket::{Reply, Session};
///
/// #[rocket::get("/my-id")]
/// fn my_id(session: Session) -> Reply {
///     Reply(auth_core::Response::ok(&session.get_user_id()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Reply(pub auth_core::Response);

impl<'r> Responder<'r, 'static> for Reply {
    fn respond_to(self, _request: &'r Request<'_>) -> Result<'static> {
        let mut response = Response::new();
        write(self.0, &mut response);
        Ok(response)
    }
}

/// A request without its body; `None` where it isn't one of HTTP's, which Rocket refuses.
pub(crate) fn head(request: &Request<'_>) -> Option<auth_core::Request> {
    let (target, lines) = (request.uri().to_string(), lines(request.headers()));
    let head = auth_core::Request::from_raw(request.method().as_str(), &target, lines)?;
    Some(head.with_peer_address(request.remote().map(|peer| peer.ip())))
}

/// Makes a response this one, and nothing else.
pub(crate) fn write(neutral: auth_core::Response, response: &mut Response<'_>) {
    response.set_status(Status::new(neutral.status.as_u16()));
    write_headers(&neutral.headers, response);
    response.set_sized_body(neutral.body.len(), Cursor::new(neutral.body));
}

pub(crate) fn write_headers(headers: &http::HeaderMap, response: &mut Response<'_>) {
    for (name, _) in lines(response.headers()) {
        response.remove_header(&name);
    }
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        response.adjoin_raw_header(name.as_str().to_owned(), value);
    }
}

pub(crate) fn lines(headers: &HeaderMap<'_>) -> Vec<(String, String)> {
    headers.iter().map(|it| (it.name().to_string(), it.value().to_owned())).collect()
}
