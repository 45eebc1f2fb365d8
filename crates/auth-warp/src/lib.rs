//! Sign-in for warp.
//!
//! [`AuthService`] serves every sign-in route and passes everything else on unread to a filter;
//! [`session`](fn@session) is the session as a filter, [`session_with`] with options of the route's own,
//! [`optional_session`] where there may be none; handlers may return [`AuthError`], which is
//! answered as the wire defines; and [`serve`](fn@serve) runs the service, as warp's own server takes filters
//! only: it waits for no half of a request for ever, and ends at Ctrl-C and SIGTERM in bounded time.
//!
//! ```
//! use auth_core::{Auth, recipes::session::Session};
//! use auth_warp::AuthService;
//! use warp::Filter;
//!
//! async fn run(auth: Auth, listener: tokio::net::TcpListener) {
//!     let whoami = warp::path!("whoami")
//!         .and(warp::get())
//!         // The session comes after the path and the method: a refusal is an answer.
//!         .and(auth_warp::session())
//!         .map(|session: Session| session.get_user_id().to_string());
//!
//!     auth_warp::serve(listener, AuthService::new(auth, whoami), auth_warp::stop_signal()).await;
//! }
//! ```

mod convert;
mod cors;
mod error;
mod routes;
mod service;
mod session;

#[cfg(feature = "server")]
pub use auth_serve::{Limits, serve, serve_with, stop_signal};
pub use convert::Reply;
pub use cors::cors;
pub use error::AuthError;
pub use service::AuthService;
pub use session::{context, optional_session, session, session_with, verify_session};
