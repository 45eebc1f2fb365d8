//! A check that is ready, or pending.

use std::{
    future::{self, Future, IntoFuture},
    pin::Pin,
};

use futures_util::future::Either;

use crate::Result;

/// A check of a session. It is ready where nothing has to be awaited for it, which is usual: the
/// token was verified before, and its claims satisfy the route. Await it in both cases; an adapter
/// whose framework would box a future in front of every handler looks first.
///
/// ```
/// use auth_core::{
///     Context, Result,
///     recipes::session::{Session, SessionCheck, SessionOptions},
/// };
///
/// async fn handle(cx: &Context) -> Result<String> {
///     let session = cx.require_session(&SessionOptions::new()).await?;
///     Ok(session.get_user_id().to_string())
/// }
///
/// fn is_known(cx: &Context) -> bool {
///     matches!(cx.require_session(&SessionOptions::new()), SessionCheck::Ready(Ok(_)))
/// }
/// ```
#[must_use = "a pending check does nothing unless it is awaited"]
pub enum SessionCheck<T = super::super::Session> {
    /// What came of it.
    Ready(Result<T>),
    /// What remains to be done.
    Pending(PendingCheck<T>),
}

/// What remains of a [`SessionCheck`]: a question to the core, a signature to verify, a claim to
/// fetch, or an override.
pub type PendingCheck<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

impl<T: Send + 'static> SessionCheck<T> {
    pub(in super::super) fn pending(
        rest: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Self {
        Self::Pending(Box::pin(rest))
    }

    /// Goes on with what was found, at once or later.
    pub fn and_then<U: Send + 'static>(
        self,
        next: impl FnOnce(T) -> Result<U> + Send + 'static,
    ) -> SessionCheck<U> {
        match self {
            Self::Ready(found) => SessionCheck::Ready(found.and_then(next)),
            Self::Pending(rest) => SessionCheck::pending(async move { rest.await.and_then(next) }),
        }
    }
}

impl<T> IntoFuture for SessionCheck<T> {
    type Output = Result<T>;
    type IntoFuture = Either<future::Ready<Result<T>>, PendingCheck<T>>;

    fn into_future(self) -> Self::IntoFuture {
        match self {
            Self::Ready(found) => Either::Left(future::ready(found)),
            Self::Pending(rest) => Either::Right(rest),
        }
    }
}
