//! Sign-in for poem.
//!
//! [`AuthMiddleware`] serves every sign-in route and passes everything else on unread; [`Session`]
//! is the session as an extractor, [`SessionWith`] with options of the handler's own,
//! [`OptionalSession`] where there may be none; [`verify_session`] guards an endpoint with options
//! of its own; and handlers may return [`AuthError`], which is answered as the wire defines.
//!
//! ```
//! use auth_core::Auth;
//! use auth_poem::{AuthMiddleware, Session};
//! use poem::{Endpoint, EndpointExt, Route, get, handler};
//!
//! #[handler]
//! fn whoami(session: Session) -> String {
//!     session.get_user_id().to_string()
//! }
//!
//! fn app(auth: Auth) -> impl Endpoint {
//!     // The middleware comes last, around the routes and whatever catches their errors.
//!     Route::new().at("/whoami", get(whoami)).with(AuthMiddleware::new(auth))
//! }
//! ```

mod convert;
mod cors;
mod error;
mod extract;
mod guard;
mod middleware;

pub use auth_core::recipes::session::{AnySession, SessionRule};
pub use convert::Reply;
pub use cors::{Cors, CorsEndpoint, cors};
pub use error::AuthError;
pub use extract::{AuthContext, OptionalSession, Session, SessionWith};
pub use guard::{Guard, GuardEndpoint, verify_session};
pub use middleware::{AuthEndpoint, AuthMiddleware};
