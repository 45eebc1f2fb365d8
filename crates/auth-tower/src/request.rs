//! What the layer gives to the application, for one request.

use std::sync::Arc;

use auth_core::{
    Context, Error,
    recipes::session::{Session, SessionOptions},
};
use bytes::Bytes;
use http::{Extensions, Response, StatusCode};

/// The request's context, which the layer put into its extensions: the way to the recipes'
/// functions, whose changes reach the response.
///
/// # Errors
/// A response with status 500, where the request didn't pass through an
/// [`AuthLayer`](crate::AuthLayer).
pub fn context<B: From<Bytes>>(extensions: &Extensions) -> Result<&Context, Response<B>> {
    extensions.get().ok_or_else(|| {
        let hint = "AuthLayer is missing: add it after this route";
        response(auth_core::Response::message(StatusCode::INTERNAL_SERVER_ERROR, hint))
    })
}

/// Checks the session of a request (FDI: `verifySession`). `None` where there is none and the
/// options don't require one, and for `OPTIONS` and `TRACE`.
///
/// # Errors
/// The response to give, as the wire defines it.
pub async fn verify_session<B: From<Bytes>>(
    extensions: &Extensions,
    options: &SessionOptions,
) -> Result<Option<Session>, Response<B>> {
    let cx = context(extensions)?;
    match cx.auth().verify_session(cx, options).await {
        Ok(session) => Ok(session),
        Err(error) => Err(refuse(cx, error).await),
    }
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
    match cx.auth().require_session(cx, options).await {
        Ok(session) => Ok(session),
        Err(error) => Err(refuse(cx, error).await),
    }
}

async fn refuse<B: From<Bytes>>(cx: &Context, error: Error) -> Response<B> {
    response(Box::pin(cx.auth().error_response(cx, &error)).await)
}

/// A neutral response with a body of the application's type.
pub fn response<B: From<Bytes>>(neutral: auth_core::Response) -> Response<B> {
    let mut converted = Response::new(B::from(neutral.body));
    *converted.status_mut() = neutral.status;
    *converted.headers_mut() = neutral.headers;
    converted
}

/// Leaves an error for the layer: answering it may need the core, which a handler's error type
/// can't wait for.
pub fn defer<B: From<Bytes>>(error: impl Into<Arc<Error>>) -> Response<B> {
    let error = error.into();
    let mut answer = Response::new(B::from(Bytes::new()));
    *answer.status_mut() = error.status();
    answer.extensions_mut().insert(PendingError(error));
    answer
}

/// An error on its way from a handler to the layer.
#[derive(Clone)]
pub(crate) struct PendingError(pub(crate) Arc<Error>);
