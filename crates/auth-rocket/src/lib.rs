//! Sign-in for Rocket.
//!
//! [`AuthFairing`] serves every sign-in route and passes everything else on unread; [`Session`] is
//! the session as a request guard, [`OptionalSession`] where there may be none, and
//! [`SessionWith`] with options of the handler's own; [`require_session`] and [`verify_session`]
//! make guards of the application's own; and handlers may return [`AuthError`], which is answered
//! as the wire defines.
//!
//! ```
//! use auth_core::Auth;
//! use auth_rocket::{AuthFairing, Session};
//! use rocket::{Build, Rocket, get, routes};
//!
//! #[get("/whoami")]
//! fn whoami(session: Session) -> String {
//!     session.get_user_id().to_string()
//! }
//!
//! fn app(auth: Auth) -> Rocket<Build> {
//!     rocket::build().attach(AuthFairing::new(auth)).mount("/", routes![whoami])
//! }
//! ```

mod convert;
mod error;
mod fairing;
mod guard;

pub use auth_core::{
    http::Cors,
    recipes::session::{AnySession, SessionRule},
};
pub use convert::Reply;
pub use error::AuthError;
pub use fairing::AuthFairing;
pub use guard::{
    AuthContext, OptionalSession, Session, SessionWith, require_session, verify_session,
};
