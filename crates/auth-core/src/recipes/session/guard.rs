//! What adapters ask for in front of a handler: a guard checks, and what stands behind it takes
//! what the guard found.

use super::{Session, SessionInstance, SessionOptions};
use crate::{Context, Result};

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
