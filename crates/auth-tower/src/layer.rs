//! The middleware.

use std::{
    error::Error as StdError,
    net::IpAddr,
    task::{self, Poll},
};

use auth_core::{Auth, Context};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Extensions, Request, Response, Uri};
use http_body::Body;
use http_body_util::{BodyExt, Collected, Limited};
use tower::{Layer, Service};

use crate::request::{finish, head, peer_address, response};

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
///
/// The inner service gets every other request with its body unread, and with a
/// [`Context`](auth_core::Context) in its extensions. See the [crate](crate) for an example.
#[derive(Clone, Debug)]
pub struct AuthLayer {
    auth: Auth,
    whole_uri: fn(&Extensions) -> Option<&Uri>,
    peer_address: fn(&Extensions) -> Option<IpAddr>,
}

impl AuthLayer {
    /// A layer for this handle.
    pub fn new(auth: Auth) -> Self {
        Self { auth, whole_uri: |_| None, peer_address }
    }

    /// Says where a router around this layer, which takes its prefix off the path, leaves the URI
    /// as the client sent it: the configured base path is a whole one.
    #[must_use]
    pub fn whole_uri(mut self, find: fn(&Extensions) -> Option<&Uri>) -> Self {
        self.whole_uri = find;
        self
    }

    /// Says where the server leaves the address at the other end of a request's socket; unless set,
    /// it is a [`SocketAddr`](std::net::SocketAddr) in the extensions ([`peer_address`]).
    #[must_use]
    pub fn peer_address(mut self, find: fn(&Extensions) -> Option<IpAddr>) -> Self {
        self.peer_address = find;
        self
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AuthService { layer: self.clone(), inner }
    }
}

/// The service that [`AuthLayer`] wraps around the application.
///
/// # Errors
/// Those of the application's service; it has none of its own.
#[derive(Clone, Debug)]
pub struct AuthService<S> {
    layer: AuthLayer,
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
    R: From<Bytes> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<R>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let AuthLayer { auth, whole_uri, peer_address } = &self.layer;
        let uri = whole_uri(request.extensions()).unwrap_or(request.uri());
        let head = head(&request, uri).with_peer_address(peer_address(request.extensions()));
        let route = auth.route_of(&head);
        let auth = auth.clone();
        if let Some(route) = route {
            let body = request.into_body();
            let read_body = |limit_bytes| async move {
                Limited::new(body, limit_bytes).collect().await.ok().map(Collected::to_bytes)
            };
            return Box::pin(async move { Ok(response(auth.serve(route, head, read_body).await)) });
        }
        let cx = Context::for_request(auth, head);
        request.extensions_mut().insert(cx.clone());
        let answer = self.inner.call(request);
        Box::pin(async move { Ok(finish(&cx, answer.await?).await) })
    }
}
