//! The middleware.

use std::{
    error::Error as StdError,
    task::{self, Poll},
};

use auth_core::{Auth, Context, RouteMatch};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Collected, Limited};
use tower::{Layer, Service};

use crate::request::{PendingError, response};

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
#[derive(Clone, Debug)]
pub struct AuthLayer {
    auth: Auth,
}

impl AuthLayer {
    /// A layer for this handle.
    pub fn new(auth: Auth) -> Self {
        Self { auth }
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthService { auth: self.auth.clone(), inner }
    }
}

/// The service that [`AuthLayer`] wraps around the application.
#[derive(Clone, Debug)]
pub struct AuthService<S> {
    auth: Auth,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for AuthService<S>
where
    S: Service<Request<B>, Response = Response<R>>,
    S::Error: Send,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
    R: From<Bytes> + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let rid = request.headers().get("rid").and_then(|rid| rid.to_str().ok());
        if let Some(route) = self.auth.route(request.method(), request.uri().path(), rid) {
            let auth = self.auth.clone();
            return Box::pin(async move { Ok(response(serve(&auth, route, request).await)) });
        }
        let (mut parts, body) = request.into_parts();
        let cx = Context::for_request(self.auth.clone(), head(&parts));
        parts.extensions.insert(cx.clone());
        let answer = self.inner.call(Request::from_parts(parts, body));
        Box::pin(async move {
            let mut answer = answer.await?;
            if let Some(PendingError(error)) = answer.extensions_mut().remove() {
                replace(&mut answer, Box::pin(cx.auth().error_response(&cx, &error)).await);
            }
            cx.changes().apply_to(answer.headers_mut());
            Ok(answer)
        })
    }
}

async fn serve<B>(auth: &Auth, route: RouteMatch, request: Request<B>) -> auth_core::Response
where
    B: Body,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let (parts, body) = request.into_parts();
    let read_body = |limit_bytes| async move {
        Limited::new(body, limit_bytes).collect().await.ok().map(Collected::to_bytes)
    };
    auth.serve(route, head(&parts), read_body).await
}

fn replace<B: From<Bytes>>(answer: &mut Response<B>, neutral: auth_core::Response) {
    let (mut status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    *answer.body_mut() = neutral.replace(&mut status, &mut headers).into();
    (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
}

fn head(parts: &Parts) -> auth_core::Request {
    let target =
        parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |target| target.as_str());
    auth_core::Request::new(parts.method.clone(), target, parts.headers.clone())
}
