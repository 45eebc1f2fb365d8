//! CORS, for a website on another origin than the API.

use auth_core::Auth;
use axum::http::header;
use tower_http::cors::{AllowMethods, AllowOrigin, CorsLayer};

/// A CORS layer that lets a website use this API with credentials. Add it last, after
/// [`AuthLayer`](crate::AuthLayer).
///
/// ```
/// # fn app(auth: auth_core::Auth) -> axum::Router {
/// use auth_axum::{AuthLayer, cors_layer};
///
/// axum::Router::new()
///     .layer(AuthLayer::new(auth.clone()))
///     .layer(cors_layer(&auth, ["https://www.example.com"]))
/// # }
/// ```
pub fn cors_layer(
    auth: &Auth,
    website_origins: impl IntoIterator<Item: Into<String>>,
) -> CorsLayer {
    // What is no header's value is nobody's origin.
    let origins = website_origins.into_iter().filter_map(|origin| origin.into().try_into().ok());
    let headers = auth.get_all_cors_headers().into_iter().chain([header::CONTENT_TYPE]);
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_headers(headers.collect::<Vec<_>>())
        .allow_methods(AllowMethods::mirror_request())
}
