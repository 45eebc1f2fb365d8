//! A guard for routes.

use auth_core::recipes::session::SessionOptions;
use axum::{
    extract::{Request, State},
    middleware::{self, FromFnLayer, Next},
    response::Response,
};
use futures_util::future::BoxFuture;

/// Checks the session before a route's handler runs, with options of the route's own; the
/// handler then gets that session by [`Session`](crate::Session).
///
/// ```
/// use auth_axum::{Session, verify_session};
/// use auth_core::recipes::session::SessionOptions;
/// use axum::{Router, routing::get};
///
/// async fn show(session: Session) -> String {
///     session.get_handle().to_string()
/// }
///
/// let options = SessionOptions::new().check_database(true);
/// let router: Router = Router::new().route("/", get(show)).route_layer(verify_session(options));
/// ```
pub fn verify_session(options: SessionOptions) -> GuardLayer {
    middleware::from_fn_with_state(options, guard as GuardFn)
}

/// The layer that [`verify_session`] makes.
///
/// ```
/// use auth_axum::{GuardLayer, verify_session};
/// use auth_core::recipes::session::SessionOptions;
///
/// fn not_revoked() -> GuardLayer {
///     verify_session(SessionOptions::new().check_database(true))
/// }
/// ```
pub type GuardLayer = FromFnLayer<GuardFn, SessionOptions, (State<SessionOptions>, Request)>;

/// The function within a [`GuardLayer`].
pub type GuardFn = fn(State<SessionOptions>, Request, Next) -> BoxFuture<'static, Response>;

fn guard(
    State(options): State<SessionOptions>,
    request: Request,
    next: Next,
) -> BoxFuture<'static, Response> {
    Box::pin(async move {
        match auth_tower::guard_session(request.extensions(), &options).await {
            Ok(_) => next.run(request).await,
            Err(response) => response,
        }
    })
}
