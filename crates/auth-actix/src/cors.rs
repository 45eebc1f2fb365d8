//! CORS, for a website on another origin than the API.

use actix_cors::Cors;
use actix_web::http::header;
use auth_core::Auth;

/// A CORS middleware that lets a website use this API with credentials. Wrap the `App` with it
/// last, so that it lies around [`auth_middleware`](crate::auth_middleware).
///
/// ```
/// # fn app(auth: auth_core::Auth) {
/// use actix_web::App;
/// use auth_actix::{auth_middleware, cors};
///
/// App::new()
///     .wrap(auth_middleware(auth.clone()))
///     .wrap(cors(&auth, ["https://www.example.com"]));
/// # }
/// ```
pub fn cors(auth: &Auth, website_origins: impl IntoIterator<Item: Into<String>>) -> Cors {
    let cors = Cors::default()
        .supports_credentials()
        .allow_any_method()
        .allowed_header(header::CONTENT_TYPE)
        .allowed_headers(auth.get_all_cors_headers().iter().map(http::HeaderName::as_str));
    website_origins.into_iter().fold(cors, |cors, origin| cors.allowed_origin(&origin.into()))
}
