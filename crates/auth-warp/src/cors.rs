//! CORS, for a website on another origin than the API.

use auth_core::Auth;
use http::{Method, header};
use warp::filters::cors::Builder;

/// Warp's CORS with what a website needs to use this API with credentials, for
/// [`AuthService::cors`](crate::AuthService::cors).
///
/// Warp wants the methods named: these are the usual ones. Others, and headers of the application's
/// own, are added to the builder.
///
/// # Panics
/// As warp does, where a website is no origin, such as `https://www.example.com`.
///
/// ```
/// # use warp::Filter;
/// # fn service(auth: auth_core::Auth) -> auth_warp::AuthService {
/// use auth_warp::{AuthService, cors};
///
/// let page = warp::path!("page").map(|| "hello");
/// let cors = cors(&auth, ["https://www.example.com"]).allow_header("x-request-id");
/// AuthService::new(auth, page).cors(cors)
/// # }
/// ```
pub fn cors<'a>(auth: &Auth, website_origins: impl IntoIterator<Item = &'a str>) -> Builder {
    let methods =
        [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    warp::cors()
        .allow_origins(website_origins)
        .allow_credentials(true)
        .allow_headers(auth.get_all_cors_headers())
        .allow_header(header::CONTENT_TYPE)
        .allow_methods(methods)
}
