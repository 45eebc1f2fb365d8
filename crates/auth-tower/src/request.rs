//! What the layer gives to the application, for one request.

use std::sync::Arc;

use auth_core::{
    Context, Error,
    recipes::session::{Session, SessionOptions},
};
use bytes::Bytes;
use http::{Extensions, Request, Response, StatusCode, Uri};

/// The request's context, which the layer put into its extensions: the way to the recipes'
/// functions, whose changes reach the response.
///
/// ```
/// use auth_core::protocol::UserId;
/// use auth_tower::{context, defer};
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::Full;
///
/// type Answer = Response<Full<Bytes>>;
///
/// async fn end_sessions_of_guests<B>(request: Request<B>) -> Result<Answer, Answer> {
///     let sessions = context(request.extensions())?.session().map_err(defer)?;
///     let ended = sessions.revoke_all_sessions_for_user(UserId::new("guest")).await;
///     Ok(Response::new(format!("{} sessions", ended.map_err(defer)?.len()).into()))
/// }
/// ```
///
/// # Errors
/// A response with status 500, where the request didn't pass through an
/// [`AuthLayer`](crate::AuthLayer).
pub fn context<B: From<Bytes>>(extensions: &Extensions) -> Result<&Context, Response<B>> {
    extensions.get().ok_or_else(|| {
        let error = Error::middleware_missing("AuthLayer is missing: add it after this route");
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        response(auth_core::Response::message(status, &error.to_string()))
    })
}

/// Checks the session of a request (FDI §2.4), or gives the one that a guard before this
/// service found. `None` where there is none and the options don't require one.
///
/// # Errors
/// The response to give, as the wire defines it.
pub async fn verify_session<B: From<Bytes>>(
    extensions: &Extensions,
    options: &SessionOptions,
) -> Result<Option<Session>, Response<B>> {
    let cx = context(extensions)?;
    answered(cx, cx.verify_session(options).await).await
}

/// As [`verify_session`], for a handler that can't do without a session.
///
/// # Errors
/// The response to give, as the wire defines it.
pub async fn require_session<B: From<Bytes>>(
    extensions: &Extensions,
    options: &SessionOptions,
) -> Result<Session, Response<B>> {
    let cx = context(extensions)?;
    answered(cx, cx.require_session(options).await).await
}

/// Checks the session for a guard around a service: [`verify_session`] and [`require_session`] give
/// the service what the guard found, unless they have options of their own.
///
/// # Errors
/// The response to give, as the wire defines it.
pub async fn guard_session<B: From<Bytes>>(
    extensions: &Extensions,
    options: &SessionOptions,
) -> Result<Option<Session>, Response<B>> {
    let cx = context(extensions)?;
    answered(cx, cx.guard_session(options).await).await
}

async fn answered<T, B: From<Bytes>>(cx: &Context, it: Result<T, Error>) -> Result<T, Response<B>> {
    match it {
        Ok(found) => Ok(found),
        Err(error) => Err(response(Box::pin(cx.auth().error_response(cx, &error)).await)),
    }
}

/// A neutral response with a body of the application's type.
///
/// ```
/// use auth_tower::response;
/// use bytes::Bytes;
/// use http_body_util::Full;
///
/// let answer: http::Response<Full<Bytes>> = response(auth_core::Response::status_only("OK"));
/// assert_eq!(answer.headers()["content-type"], "application/json; charset=utf-8");
/// ```
pub fn response<B: From<Bytes>>(neutral: auth_core::Response) -> Response<B> {
    let mut converted = Response::new(B::from(neutral.body));
    *converted.status_mut() = neutral.status;
    *converted.headers_mut() = neutral.headers;
    converted
}

/// Leaves an error for the layer, which answers it as the wire defines in the place of this
/// response: that may need the core, which a handler's error type can't wait for. Headers that are
/// added to the response stay.
pub fn defer<B: From<Bytes>>(error: impl Into<Arc<Error>>) -> Response<B> {
    let error = error.into();
    let mut answer = Response::new(B::from(Bytes::new()));
    *answer.status_mut() = error.status();
    answer.extensions_mut().insert(PendingError(error));
    answer
}

/// An error on its way from a handler to the layer.
#[derive(Clone)]
struct PendingError(Arc<Error>);

/// A request without its body, for an adapter that works without [`AuthLayer`](crate::AuthLayer).
/// The URI is the whole one, as the client sent it; the socket's address is still to be added.
pub fn head<B>(request: &Request<B>, uri: &Uri) -> auth_core::Request {
    let target = uri.path_and_query().map_or_else(|| uri.path(), |target| target.as_str());
    auth_core::Request::new(request.method().clone(), target, request.headers())
}

/// The address at the other end of a request's socket: the `SocketAddr` in its extensions, which
/// `auth_serve` puts there, and a program with a server of its own does by itself:
///
/// ```
/// use std::net::{IpAddr, SocketAddr};
///
/// use http::Request;
///
/// // For each request of a connection, whose address `accept` gave.
/// fn tell<B>(mut request: Request<B>, client: SocketAddr) -> Request<B> {
///     request.extensions_mut().insert(client);
///     request
/// }
///
/// let request = tell(Request::new(()), SocketAddr::from(([192, 0, 2, 7], 4711)));
/// assert_eq!(auth_tower::peer_address(request.extensions()), Some(IpAddr::from([192, 0, 2, 7])));
/// ```
pub fn peer_address(extensions: &Extensions) -> Option<std::net::IpAddr> {
    extensions.get().map(std::net::SocketAddr::ip)
}

/// The application's answer with what the session check and the recipes change in it, and with an
/// error that was [left for the layer](defer) answered: what the layer does last.
pub async fn finish<B: From<Bytes>>(cx: &Context, mut answer: Response<B>) -> Response<B> {
    if let Some(PendingError(error)) = answer.extensions_mut().remove() {
        // Errors are rare: their future doesn't make every request's larger.
        let neutral = Box::pin(cx.auth().error_response(cx, &error)).await;
        let (mut status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        *answer.body_mut() = neutral.replace(&mut status, &mut headers).into();
        (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
    }
    cx.changes().apply_to(answer.headers_mut());
    answer
}
