//! The middleware.

use std::net::{IpAddr, SocketAddr};

use auth_core::Auth;
use auth_tower::AuthService;
use axum::{
    extract::{ConnectInfo, OriginalUri, connect_info::MockConnectInfo},
    http::Extensions,
};
use tower::Layer;

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
/// Add it after the routes, so that it sees them.
///
/// The addresses of clients are known with [`serve`](fn@crate::serve). Other servers have to be told
/// to hand them on: `axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())`.
/// In tests without a server, `MockConnectInfo` gives one.
///
/// An application can be nested as a service with its layer; the base path is then configured with
/// the prefix. (`nest` itself drops what answers paths without a route, and the layer with it.)
///
/// ```
/// # fn app(auth: auth_core::Auth) -> axum::Router {
/// use auth_axum::AuthLayer;
/// use axum::Router;
///
/// let app = Router::new().layer(AuthLayer::new(auth)); // api_base_path("/shop/auth")
/// Router::new().nest_service("/shop", app)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthLayer(auth_tower::AuthLayer);

impl AuthLayer {
    /// A layer for this handle.
    pub fn new(auth: Auth) -> Self {
        let layer = auth_tower::AuthLayer::new(auth);
        let layer = layer.whole_uri(|extensions| extensions.get().map(|OriginalUri(uri)| uri));
        Self(layer.peer_address(peer_address))
    }
}

fn peer_address(extensions: &Extensions) -> Option<IpAddr> {
    let told = extensions.get().map(|ConnectInfo(client): &ConnectInfo<SocketAddr>| client.ip());
    let mocked =
        || extensions.get().map(|MockConnectInfo(it): &MockConnectInfo<SocketAddr>| it.ip());
    told.or_else(|| auth_tower::peer_address(extensions)).or_else(mocked)
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        self.0.layer(inner)
    }
}
