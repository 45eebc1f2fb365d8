//! Sign-in for axum.
//!
//! [`AuthLayer`] serves every sign-in route and passes everything else on unread; [`Session`] is
//! the session as an extractor, [`SessionWith`] with options of the handler's own;
//! [`verify_session`] guards a route with options of its own; and handlers may return
//! [`AuthError`], which is answered as the wire defines. [`serve`](fn@serve) runs the application, as
//! `axum::serve` waits for halves of requests for ever.
//!
//! ```
//! # use auth_core::{AppInfo, Auth, core::EngineConfig, recipes::session::SessionRecipe};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let app_info = AppInfo::new("Test", "http://localhost:3001", "http://localhost:3001");
//! # let core = EngineConfig::in_memory();
//! # let auth = Auth::builder(app_info).core(core).recipe(SessionRecipe::new()).build().await?;
//! # use tower::ServiceExt;
//! use auth_axum::{AuthError, AuthLayer, Session, cors_layer};
//! use axum::{Router, body::Body, http::Request, routing::get};
//!
//! async fn whoami(session: Session) -> String {
//!     session.get_user_id().to_string()
//! }
//!
//! async fn greet(session: Option<Session>) -> &'static str {
//!     if session.is_some() { "Welcome back" } else { "Hello, stranger" }
//! }
//!
//! async fn buy() -> Result<&'static str, AuthError> {
//!     Err(auth_core::Error::bad_input("sold out").into())
//! }
//!
//! let website = "https://www.example.com";
//! let app: Router = Router::new()
//!     .route("/whoami", get(whoami))
//!     .route("/greet", get(greet))
//!     .route("/buy", get(buy))
//!     // The layer comes after the routes, so that it sees them, and CORS after the layer.
//!     .layer(AuthLayer::new(auth.clone()))
//!     .layer(cors_layer(&auth, [website]));
//!
//! // What it comes to without a session:
//! for (path, status) in [("/whoami", 401), ("/greet", 200), ("/buy", 400)] {
//!     let request = Request::get(path).header("origin", website).body(Body::empty())?;
//!     let answer = app.clone().oneshot(request).await?;
//!     assert_eq!(answer.status(), status);
//!     assert_eq!(answer.headers()["access-control-allow-origin"], website);
//! }
//! # Ok(())
//! # }
//! ```

mod convert;
mod cors;
mod error;
mod extract;
mod guard;
mod layer;

pub use auth_core::recipes::session::SessionRule;
#[cfg(feature = "server")]
pub use auth_serve::{Limits, serve, serve_with, stop_signal};
pub use auth_tower::AuthService;
pub use convert::Reply;
pub use cors::cors_layer;
pub use error::AuthError;
pub use extract::{AuthContext, Session, SessionWith};
pub use guard::{GuardFn, GuardLayer, verify_session};
pub use layer::AuthLayer;

/// The pages' snippets compile.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../auth-core/docs/audit.md")]
    struct AuditLog;
    #[doc = include_str!("../../auth-core/docs/asvs.md")]
    struct Asvs;
    #[doc = include_str!("../../auth-core/docs/events.md")]
    struct Events;
    #[doc = include_str!("../../auth-core/docs/guide.md")]
    struct Guide;
    #[doc = include_str!("../../auth-core/docs/deployment.md")]
    struct Deployment;
    #[doc = include_str!("../../auth-core/docs/served_core.md")]
    struct ServedCore;
    #[doc = include_str!("../../auth-core/docs/limits.md")]
    struct Limiting;
    #[doc = include_str!("../../auth-core/docs/testing.md")]
    struct Testing;
    #[doc = include_str!("../../auth-core/docs/recipes/accountlinking.md")]
    struct AccountLinking;
    #[doc = include_str!("../../auth-core/docs/recipes/emailpassword.md")]
    struct EmailPassword;
    #[doc = include_str!("../../auth-core/docs/recipes/emailverification.md")]
    struct EmailVerification;
    #[doc = include_str!("../../auth-core/docs/recipes/jwt.md")]
    struct Jwt;
    #[doc = include_str!("../../auth-core/docs/recipes/multifactorauth.md")]
    struct MultiFactorAuth;
    #[doc = include_str!("../../auth-core/docs/recipes/multitenancy.md")]
    struct Multitenancy;
    #[doc = include_str!("../../auth-core/docs/recipes/passwordless.md")]
    struct Passwordless;
    #[doc = include_str!("../../auth-core/docs/recipes/recoverycode.md")]
    struct RecoveryCode;
    #[doc = include_str!("../../auth-core/docs/recipes/signinalerts.md")]
    struct SignInAlerts;
    #[doc = include_str!("../../auth-core/docs/recipes/session.md")]
    struct Sessions;
    #[doc = include_str!("../../auth-core/docs/recipes/thirdparty.md")]
    struct ThirdParty;
    #[doc = include_str!("../../auth-core/docs/recipes/totp.md")]
    struct Totp;
    #[doc = include_str!("../../auth-core/docs/recipes/usermetadata.md")]
    struct UserMetadata;
    #[doc = include_str!("../../auth-core/docs/recipes/userroles.md")]
    struct UserRoles;
    #[doc = include_str!("../../auth-core/docs/recipes/webauthn.md")]
    struct WebAuthn;
}
