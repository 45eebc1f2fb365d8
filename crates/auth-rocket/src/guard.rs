//! The session as a request guard.

use std::{marker::PhantomData, ops::Deref};

use auth_core::{
    Context, Error,
    recipes::session::{self, AnySession, SessionOptions, SessionRule},
};
use rocket::{
    Ignite, Request, Rocket, Sentinel,
    request::{FromRequest, Outcome},
};

use crate::{AuthError, fairing::Attached};

/// The session of a request, checked with the default options, or with a rule of the handler's own
/// as [`SessionWith<Rule>`](SessionWith).
///
/// Where there may be none, ask for an [`OptionalSession`]: Rocket's `Option<Session>` would be
/// `None` for an expired session too, and the client would never learn that it can refresh it.
///
/// ```
/// use auth_rocket::Session;
///
/// #[rocket::get("/whoami")]
/// fn whoami(session: Session) -> String {
///     session.get_user_id().to_string()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Session<R = AnySession>(pub session::Session, PhantomData<fn() -> R>);

/// The session of a request, checked with a rule of the handler's own in its signature.
///
/// ```
/// use auth_core::recipes::session::SessionOptions;
/// use auth_rocket::{SessionRule, SessionWith};
///
/// /// A session that was not ended elsewhere.
/// struct NotRevoked;
///
/// impl SessionRule for NotRevoked {
///     fn options() -> SessionOptions {
///         SessionOptions::new().check_database(true)
///     }
/// }
///
/// #[rocket::post("/transfer")]
/// fn transfer_money(session: SessionWith<NotRevoked>) -> String {
///     format!("{} is richer now", session.get_user_id())
/// }
/// ```
pub type SessionWith<R> = Session<R>;

impl<R> Deref for Session<R> {
    type Target = session::Session;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r, R: SessionRule> FromRequest<'r> for Session<R> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        require_session(request, &R::options()).await.map(|session| Self(session, PhantomData))
    }
}

/// A session where there is one, checked with the default options, or with a rule of the handler's
/// own as `OptionalSession<Rule>`. An expired one is answered with 401, so that the client
/// refreshes it.
///
/// ```
/// use auth_rocket::OptionalSession;
///
/// #[rocket::get("/greet")]
/// fn greet(session: OptionalSession) -> String {
///     match &*session {
///         Some(session) => format!("Hello, {}", session.get_user_id()),
///         None => "Hello, stranger".to_owned(),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct OptionalSession<R = AnySession>(pub Option<session::Session>, PhantomData<fn() -> R>);

impl<R> Deref for OptionalSession<R> {
    type Target = Option<session::Session>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r, R: SessionRule> FromRequest<'r> for OptionalSession<R> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let checked = verify_session(request, &R::options().optional()).await;
        checked.map(|session| Self(session, PhantomData))
    }
}

/// The request's context: the way to the recipes' functions from a handler, whose changes reach
/// the response.
///
/// ```
/// use auth_core::protocol::RecipeUserId;
/// use auth_rocket::{AuthContext, AuthError};
///
/// #[rocket::post("/guest")]
/// async fn sign_in_as_guest(cx: AuthContext) -> Result<&'static str, AuthError> {
///     cx.0.session()?.create_new_session(RecipeUserId::new("guest")).await?;
///     Ok("welcome")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuthContext(pub Context);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for AuthContext {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        outcome(request, context(request).cloned().map(Self))
    }
}

/// Checks the session with any options, for a guard of the application's own. `None` where there
/// is none and the options don't require one.
///
/// ```
/// use auth_core::recipes::session::SessionOptions;
/// use auth_rocket::{AuthError, verify_session};
/// use rocket::{Request, request::{FromRequest, Outcome}};
///
/// struct Visitor(String);
///
/// #[rocket::async_trait]
/// impl<'r> FromRequest<'r> for Visitor {
///     type Error = AuthError;
///
///     async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
///         let checked = verify_session(request, &SessionOptions::new().optional()).await;
///         checked.map(|session| Self(session.map_or("a stranger".into(), |it| it.get_user_id().to_string())))
///     }
/// }
/// ```
pub async fn verify_session(
    request: &Request<'_>,
    options: &SessionOptions,
) -> Outcome<Option<session::Session>, AuthError> {
    match context(request) {
        Ok(cx) => outcome(request, cx.verify_session(options).await),
        Err(error) => outcome(request, Err(error)),
    }
}

/// As [`verify_session`], where there must be a session, whatever the options say.
///
/// ```
/// use auth_core::recipes::session::{Session, SessionOptions};
/// use auth_rocket::{AuthError, require_session};
/// use rocket::{Request, request::{FromRequest, Outcome}};
///
/// struct Admin(Session);
///
/// #[rocket::async_trait]
/// impl<'r> FromRequest<'r> for Admin {
///     type Error = AuthError;
///
///     async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
///         let options = SessionOptions::new().check_database(true);
///         require_session(request, &options).await.map(Self)
///     }
/// }
/// ```
pub async fn require_session(
    request: &Request<'_>,
    options: &SessionOptions,
) -> Outcome<session::Session, AuthError> {
    match context(request) {
        Ok(cx) => outcome(request, cx.require_session(options).await),
        Err(error) => outcome(request, Err(error)),
    }
}

pub(crate) fn context<'r>(request: &'r Request<'_>) -> Result<&'r Context, Error> {
    let cx = request.local_cache(|| None).as_ref();
    cx.ok_or_else(|| Error::middleware_missing("attach AuthFairing to the Rocket"))
}

fn outcome<T>(request: &Request<'_>, found: Result<T, Error>) -> Outcome<T, AuthError> {
    match found.map_err(AuthError::from) {
        Ok(found) => Outcome::Success(found),
        Err(error) => Outcome::Error((error.defer(request), error)),
    }
}

/// Without the fairing the application doesn't start.
macro_rules! needs_the_fairing {
    ($($guard:ident$(<$rule:ident>)?),*) => {$(
        impl$(<$rule>)? Sentinel for $guard$(<$rule>)? {
            fn abort(rocket: &Rocket<Ignite>) -> bool {
                rocket.state::<Attached>().is_none()
            }
        }
    )*};
}

needs_the_fairing!(Session<R>, OptionalSession<R>, AuthContext, AuthError);
