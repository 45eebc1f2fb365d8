//! CORS, for a website on another origin than the API.

use auth_core::{Auth, http::Cors};

/// What a website needs to use this API with credentials, for
/// [`AuthService::cors`](crate::AuthService::cors).
///
/// Warp's own CORS lets refusals such as 404 and 405 go without a header, so that a website takes
/// them for a failure of the network, and forgets `Vary`.
///
/// ```
/// # use warp::Filter;
/// # fn service(auth: auth_core::Auth) -> auth_warp::AuthService {
/// use auth_warp::{AuthService, cors};
///
/// let page = warp::path!("page").map(|| "hello");
/// let cors = cors(&auth, ["https://www.example.com"]).allow_headers(["x-request-id"]);
/// AuthService::new(auth, page).cors(cors)
/// # }
/// ```
pub fn cors(auth: &Auth, website_origins: impl IntoIterator<Item: Into<String>>) -> Cors {
    Cors::new(auth, website_origins)
}
