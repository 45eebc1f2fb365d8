//! What adapters ask for in front of a handler: a guard checks, and what stands behind it takes
//! what the guard found.

use super::super::{Session, SessionError, SessionInstance, SessionOptions};
use crate::{AuthInContext, Context, Result};

impl AuthInContext {
    /// Checks the session of the context's request, in front of one of the application's routes.
    /// This is what adapters call. `None` where there is no session and none is required; on the
    /// refresh path the session is refreshed instead. Every method is checked, `OPTIONS` and `TRACE`
    /// too: CORS, which answers preflight requests, lies around the check.
    ///
    /// # Errors
    /// [`Error::Session`](crate::Error::Session) where the check fails; [`Self::error_response`] answers it.
    pub async fn verify_session(
        &self,
        cx: &Context,
        options: &SessionOptions,
    ) -> Result<Option<Session>> {
        SessionInstance::of(cx)?.verify_session(cx, options).await
    }

    /// As [`Self::verify_session`], for a handler that can't do without a session: where the
    /// options or the method let the request pass without one, it is refused all the same.
    ///
    /// # Errors
    /// [`Error::Session`](crate::Error::Session) where the check fails or there is no session.
    pub async fn require_session(&self, cx: &Context, options: &SessionOptions) -> Result<Session> {
        self.verify_session(cx, options).await?.ok_or_else(|| {
            let message = "the handler requires a session".into();
            SessionError::Unauthorised { message, clear_tokens: false }.into()
        })
    }
}

/// What a guard found.
#[derive(Clone)]
struct Guarded(Option<Session>);

impl Context {
    /// Checks the session of this request as
    /// [`Auth::verify_session`](crate::AuthInContext::verify_session)
    /// does, for a guard before a handler: [`Self::required_session`] and
    /// [`Self::optional_session`] give what it found.
    ///
    /// # Errors
    /// [`Error::Session`](crate::Error::Session) where the check fails.
    pub async fn guard_session(&self, options: &SessionOptions) -> Result<()> {
        let session = self.auth().verify_session(self, options).await?;
        self.insert(Guarded(session));
        Ok(())
    }

    /// The session that a guard found.
    pub(crate) fn guarded_session(&self) -> Option<Session> {
        self.get().and_then(|Guarded(session)| session)
    }

    /// The session that a guard found, or the one that a check with the default options finds.
    ///
    /// # Errors
    /// [`Error::Session`](crate::Error::Session) where the check fails or there is no session.
    pub async fn required_session(&self) -> Result<Session> {
        match self.get() {
            Some(Guarded(Some(session))) => Ok(session),
            _ => self.auth().require_session(self, &SessionOptions::new()).await,
        }
    }

    /// What [`Self::required_session`] gives, where nothing has to be awaited for it, as is usual:
    /// for a framework that would box a future in front of every handler. `None` says nothing.
    pub fn required_session_at_once(&self) -> Option<Session> {
        match self.get() {
            Some(Guarded(found)) => found,
            None => SessionInstance::of(self).ok()?.verified_at_once(self, &SessionOptions::new()),
        }
    }

    /// As [`Self::required_session`], where there may be no session. The options are those of the
    /// check where there was no guard; that they may require a session doesn't count.
    ///
    /// # Errors
    /// [`Error::Session`](crate::Error::Session) where the check fails: an expired session is to
    /// be refreshed.
    pub async fn optional_session(&self, options: SessionOptions) -> Result<Option<Session>> {
        match self.get() {
            Some(Guarded(session)) => Ok(session),
            None => self.auth().verify_session(self, &options.optional()).await,
        }
    }
}
