//! The middleware.

use auth_core::Auth;
use auth_tower::AuthService;
use axum::extract::OriginalUri;
use tower::Layer;

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
/// Add it after the routes, so that it sees them.
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
        Self(
            layer.whole_uri(|extensions| {
                extensions.get::<OriginalUri>().map(|OriginalUri(uri)| uri)
            }),
        )
    }
}

impl<S> Layer<S> for AuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        self.0.layer(inner)
    }
}
