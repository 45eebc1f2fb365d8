//! Sign-in for axum.
//!
//! [`AuthLayer`] serves every sign-in route and passes everything else on unread; [`Session`] is
//! the session as an extractor, [`SessionWith`] with options of the handler's own;
//! [`verify_session`] guards a route with options of its own; and handlers may return
//! [`AuthError`], which is answered as the wire defines.
//!
//! ```
//! use auth_axum::{AuthLayer, Session};
//! use auth_core::Auth;
//! use axum::{Router, routing::get};
//!
//! async fn whoami(session: Session) -> String {
//!     session.get_user_id().to_string()
//! }
//!
//! fn app(auth: Auth) -> Router {
//!     // The layer comes last, so that it sees the routes before it.
//!     Router::new().route("/whoami", get(whoami)).layer(AuthLayer::new(auth))
//! }
//! ```

mod convert;
mod cors;
mod error;
mod extract;
mod guard;
mod layer;

pub use auth_core::recipes::session::SessionRule;
pub use auth_tower::AuthService;
pub use convert::Reply;
pub use cors::cors_layer;
pub use error::AuthError;
pub use extract::{AuthContext, Session, SessionWith};
pub use guard::{GuardFn, GuardLayer, verify_session};
pub use layer::AuthLayer;

/// The README's guide compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
