//! Sign-in for actix-web.
//!
//! [`auth_middleware`] serves every sign-in route and passes everything else on unread;
//! [`Session`] is the session as an extractor, [`OptionalSession`] where there may be none, and
//! [`SessionWith`] with options of the handler's own; [`verify_session`] guards a scope, a
//! resource or a route with options of its own; and handlers may return [`AuthError`], which is
//! answered as the wire defines.
//!
//! ```
//! use actix_web::{App, HttpServer, web};
//! use auth_actix::{Session, auth_middleware};
//! use auth_core::Auth;
//!
//! async fn whoami(session: Session) -> String {
//!     session.get_user_id().to_string()
//! }
//!
//! async fn serve(auth: Auth) -> std::io::Result<()> {
//!     // The handle is made once, outside of the closure, which runs for each worker.
//!     HttpServer::new(move || {
//!         App::new()
//!             .wrap(auth_middleware(auth.clone()))
//!             .route("/whoami", web::get().to(whoami))
//!     })
//!     .bind(("127.0.0.1", 3001))?
//!     .run()
//!     .await
//! }
//! ```

mod convert;
mod cors;
mod error;
mod extract;
mod middleware;

pub use auth_core::recipes::session::{AnySession, SessionRule};
pub use convert::Reply;
pub use cors::cors;
pub use error::AuthError;
pub use extract::{AuthContext, OptionalSession, Session, SessionWith};
pub use middleware::{auth_middleware, verify_session};
