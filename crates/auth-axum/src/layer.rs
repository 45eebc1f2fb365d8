//! The middleware.

use std::task::{self, Poll};

use auth_core::{Auth, Error, RouteMatch};
use axum::{body::to_bytes, extract::Request, response::Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use crate::{convert, error::PendingError, scope::Scope};

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
///
/// Add it after the routes: axum applies a layer to the routes before it.
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

impl<S> Service<Request> for AuthService<S>
where
    S: Service<Request, Response = Response>,
    S::Error: Send,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let rid = request.headers().get("rid").and_then(|rid| rid.to_str().ok());
        if let Some(route) = self.auth.route(request.method(), request.uri().path(), rid) {
            let auth = self.auth.clone();
            return Box::pin(async move { Ok(serve(&auth, route, request).await) });
        }
        let scope = Scope::new(self.auth.clone());
        request.extensions_mut().insert(scope.clone());
        let response = self.inner.call(request);
        Box::pin(async move {
            let mut response = response.await?;
            if let Some(error) = response.extensions_mut().remove::<PendingError>() {
                response = error.into_response(&scope).await;
            }
            scope.changes().apply_to(response.headers_mut());
            Ok(response)
        })
    }
}

async fn serve(auth: &Auth, route: RouteMatch, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let limit_bytes = route.body_limit_bytes();
    // A body that can't be read to its end has nobody waiting for the answer, or is too large.
    let response = match to_bytes(body, limit_bytes).await {
        Ok(body) => auth.handle(route, convert::request(&parts).with_body(body)).await,
        Err(_) => auth.error_response(&auth.context(), Error::BodyTooLarge { limit_bytes }).await,
    };
    convert::response(response)
}
