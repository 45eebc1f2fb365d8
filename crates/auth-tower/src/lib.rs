//! Sign-in as a tower layer over the `http` crate's types.
//!
//! [`AuthLayer`] serves every sign-in route and passes everything else on unread;
//! [`verify_session`] checks the session of a request that the layer passed on; and [`defer`]
//! leaves an error for the layer to answer, as [`AuthError`] does. Bodies are any that can be made of bytes.
//! A client's address is known where the server puts it into a request's extensions
//! ([`peer_address`]).
//!
//! ```
//! # use auth_core::{AppInfo, Auth, core::EngineConfig, recipes::session::SessionRecipe};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let app_info = AppInfo::new("Test", "http://localhost:3001", "http://localhost:3001");
//! # let core = EngineConfig::in_memory();
//! # let auth = Auth::builder(app_info).core(core).recipe(SessionRecipe::new()).build().await?;
//! # use tower::ServiceExt;
//! use std::convert::Infallible;
//!
//! use auth_core::recipes::session::SessionOptions;
//! use auth_tower::{AuthLayer, defer, require_session, verify_session};
//! use bytes::Bytes;
//! use http::{HeaderValue, Request, Response, header};
//! use http_body_util::Full;
//! use tower::ServiceBuilder;
//! use tower_http::cors::{AllowMethods, CorsLayer};
//!
//! type Body = Full<Bytes>;
//!
//! async fn app(request: Request<Body>) -> Result<Response<Body>, Infallible> {
//!     let (extensions, options) = (request.extensions(), SessionOptions::new());
//!     let answer = match request.uri().path() {
//!         "/greet" => verify_session(extensions, &options.optional()).await.map(|session| {
//!             let known = if session.is_some() { "Welcome back" } else { "Hello, stranger" };
//!             Response::new(known.into())
//!         }),
//!         "/buy" => Err(defer(auth_core::Error::bad_input("sold out"))),
//!         _ => require_session(extensions, &options)
//!             .await
//!             .map(|session| Response::new(session.get_user_id().to_string().into())),
//!     };
//!     // Either is a response.
//!     Ok(answer.unwrap_or_else(|refused| refused))
//! }
//!
//! // For a website on another origin.
//! let website = HeaderValue::from_static("https://www.example.com");
//! let headers = auth.get_all_cors_headers().into_iter().chain([header::CONTENT_TYPE]);
//! let cors = CorsLayer::new()
//!     .allow_origin(website.clone())
//!     .allow_credentials(true)
//!     .allow_headers(headers.collect::<Vec<_>>())
//!     .allow_methods(AllowMethods::mirror_request());
//! let service = ServiceBuilder::new().layer(cors).layer(AuthLayer::new(auth)).service_fn(app);
//!
//! // What it comes to without a session:
//! for (path, status) in [("/whoami", 401), ("/greet", 200), ("/buy", 400)] {
//!     let request = Request::get(path).header("origin", &website).body(Body::default())?;
//!     let answer = service.clone().oneshot(request).await?;
//!     assert_eq!(answer.status(), status);
//!     assert_eq!(answer.headers()["access-control-allow-origin"], website);
//! }
//! # Ok(())
//! # }
//! ```

mod error;
mod layer;
mod request;

pub use error::AuthError;
pub use layer::{AuthLayer, AuthService};
pub use request::{
    context, defer, finish, guard_session, head, peer_address, require_session, response,
    verify_session,
};
