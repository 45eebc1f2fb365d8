//! Sign-in as a tower layer over the `http` crate's types.
//!
//! [`AuthLayer`] serves every sign-in route and passes everything else on unread;
//! [`verify_session`] checks the session of a request that the layer passed on; and [`defer`]
//! leaves an error for the layer to answer. Bodies are any that can be made of bytes.
//!
//! ```
//! use auth_core::recipes::session::SessionOptions;
//! use auth_tower::{AuthLayer, verify_session};
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceBuilder, service_fn};
//!
//! async fn app(request: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
//!     let options = SessionOptions::new();
//!     Ok(match verify_session(request.extensions(), &options).await {
//!         Ok(session) => Response::new(format!("{session:?}").into()),
//!         Err(answer) => answer,
//!     })
//! }
//!
//! # fn service(auth: auth_core::Auth) {
//! let service = ServiceBuilder::new().layer(AuthLayer::new(auth)).service_fn(app);
//! # }
//! ```

mod layer;
mod request;

pub use layer::{AuthLayer, AuthService};
pub use request::{context, defer, require_session, response, verify_session};
