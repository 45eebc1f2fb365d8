//! The session as a filter.

use auth_core::{
    Context,
    recipes::session::{Session, SessionOptions},
};
use warp::{Filter, Rejection};

use crate::{error::conclude, service::current};

/// The session of a request, checked with the default options.
///
/// Put it after the path and the method. Without a session the request is refused: that is its
/// answer, as the wire defines it, whatever filter comes after by `or`, and whatever the
/// application's `recover` makes of rejections; only a later filter that finds the session that it
/// wants lifts it.
///
/// ```
/// use auth_core::recipes::session::Session;
/// use warp::Filter;
///
/// # use auth_core::{AppInfo, Auth, core::EngineConfig, recipes::session::SessionRecipe};
/// # use tower::ServiceExt;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let app_info = AppInfo::new("Test", "http://localhost:3001", "http://localhost:3001");
/// # let core = EngineConfig::in_memory();
/// # let auth = Auth::builder(app_info).core(core).recipe(SessionRecipe::new()).build().await?;
/// let whoami = warp::path!("whoami")
///     .and(warp::get())
///     .and(auth_warp::session())
///     .map(|session: Session| session.get_user_id().to_string());
/// let page = warp::path!("page").map(|| "a page for everybody");
/// let recover = async |_| Ok::<_, std::convert::Infallible>("something went wrong");
///
/// let service = auth_warp::AuthService::new(auth, whoami.or(page).recover(recover));
/// let request = http::Request::get("/whoami").body(String::new())?;
/// assert_eq!(service.oneshot(request).await?.status(), 401);
/// # Ok(())
/// # }
/// ```
pub fn session() -> impl Filter<Extract = (Session,), Error = Rejection> + Clone {
    session_with(SessionOptions::new())
}

/// The session of a request, checked with options of the route's own.
///
/// ```
/// use auth_core::recipes::session::{Session, SessionOptions};
/// use warp::Filter;
///
/// // A session that was not ended elsewhere.
/// let transfer_money = warp::path!("transfer")
///     .and(warp::post())
///     .and(auth_warp::session_with(SessionOptions::new().check_database(true)))
///     .map(|session: Session| format!("{} is richer now", session.get_user_id()));
/// ```
pub fn session_with(
    options: SessionOptions,
) -> impl Filter<Extract = (Session,), Error = Rejection> + Clone {
    warp::any().and_then(move || {
        let options = options.clone();
        async move {
            let cx = current()?;
            conclude(&cx, cx.require_session(&options).await)
        }
    })
}

/// A session where there is one, checked with the default options. An expired one is still answered
/// with 401, so that the client refreshes it.
///
/// ```
/// use auth_core::recipes::session::Session;
/// use warp::Filter;
///
/// let greet = warp::path!("greet").and(auth_warp::optional_session()).map(
///     |session: Option<Session>| match session {
///         Some(session) => format!("Hello, {}", session.get_user_id()),
///         None => "Hello, stranger".to_owned(),
///     },
/// );
/// ```
pub fn optional_session() -> impl Filter<Extract = (Option<Session>,), Error = Rejection> + Clone {
    verify_session(SessionOptions::new().optional())
}

/// A session where there is one, checked with options of the route's own (FDI §2.4):
/// they say whether there must be one.
///
/// ```
/// use auth_core::recipes::session::{Session, SessionOptions};
/// use warp::Filter;
///
/// let options = SessionOptions::new().optional().check_database(true);
/// let basket = warp::path!("basket")
///     .and(auth_warp::verify_session(options))
///     .map(|session: Option<Session>| format!("for you to keep: {}", session.is_some()));
/// ```
pub fn verify_session(
    options: SessionOptions,
) -> impl Filter<Extract = (Option<Session>,), Error = Rejection> + Clone {
    warp::any().and_then(move || {
        let options = options.clone();
        async move {
            let cx = current()?;
            conclude(&cx, cx.verify_session(&options).await)
        }
    })
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach the
/// response.
///
/// ```
/// use auth_core::{
///     Context,
///     protocol::RecipeUserId,
/// };
/// use auth_warp::AuthError;
/// use warp::Filter;
///
/// async fn sign_in_as_guest(cx: Context) -> Result<&'static str, AuthError> {
///     cx.session()?.create_new_session(RecipeUserId::new("guest")).await?;
///     Ok("welcome")
/// }
///
/// let route = warp::path!("guest").and(auth_warp::context()).then(sign_in_as_guest);
/// ```
pub fn context() -> impl Filter<Extract = (Context,), Error = Rejection> + Copy {
    warp::any().and_then(async || current())
}
