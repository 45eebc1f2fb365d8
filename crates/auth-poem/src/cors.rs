//! CORS, for a website on another origin than the API.

use auth_core::Auth;
use poem::{
    http::{HeaderValue, header},
    middleware::Cors,
};

/// Lets a website use this API with credentials. Add it last, after
/// [`AuthMiddleware`](crate::AuthMiddleware).
///
/// A header that is exposed here would take the place of those that sign-in exposes: a handler
/// exposes its own, by `Access-Control-Expose-Headers` on its response.
///
/// ```
/// # fn app(auth: auth_core::Auth) -> impl poem::Endpoint {
/// use auth_poem::{AuthMiddleware, cors};
/// use poem::{EndpointExt, Route, http::HeaderValue};
///
/// let website = HeaderValue::from_static("https://www.example.com");
/// Route::new().with(AuthMiddleware::new(auth.clone())).with(cors(&auth, [website]))
/// # }
/// ```
pub fn cors(auth: &Auth, website_origins: impl IntoIterator<Item = HeaderValue>) -> Cors {
    let headers = auth.get_all_cors_headers().into_iter().chain([header::CONTENT_TYPE]);
    Cors::new().allow_origins(website_origins).allow_credentials(true).allow_headers(headers)
}
