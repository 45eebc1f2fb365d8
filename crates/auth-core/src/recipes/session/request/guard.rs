//! What adapters ask for in front of a handler. What a guard finds there, the handler gets.

use super::{
    super::{Session, SessionError, SessionInstance, SessionOptions},
    session_check::SessionCheck,
};
use crate::Context;

/// The session of the context's request, as adapters ask for it.
///
/// # Errors
/// [`Error::Session`](crate::Error::Session) where the check fails;
/// [`error_response`](crate::AuthInContext::error_response) answers it.
impl Context {
    /// Checks the session of this request, for a handler (FDI §2.4). `None` where there
    /// is no session and none is required; on the refresh path the session is refreshed instead.
    /// Every method is checked, `OPTIONS` and `TRACE` too: CORS, which answers preflight requests,
    /// lies around the check.
    ///
    /// Nothing is checked twice: where the options ask for nothing beyond the default, the session
    /// is the one that [a guard](Self::guard_session) found, or that was found for this request by
    /// options that ask for as much.
    pub fn verify_session(&self, options: &SessionOptions) -> SessionCheck<Option<Session>> {
        if options.is_default()
            && let Some(session) = self.guarded_session()
        {
            return SessionCheck::Ready(Ok(Some(session)));
        }
        self.check_session(options, options.asks_for_default())
    }

    /// As [`Self::verify_session`], for a handler that can't do without a session: where the
    /// options let the request pass without one, it is refused all the same.
    pub fn require_session(&self, options: &SessionOptions) -> SessionCheck<Session> {
        self.verify_session(options).and_then(|session| {
            session.ok_or_else(|| {
                let message = "the handler requires a session".into();
                SessionError::Unauthorised { message, clear_tokens: false }.into()
            })
        })
    }

    /// Checks the session for a guard that lies around a handler, and hands it on to the handler:
    /// [`Self::verify_session`] and [`Self::require_session`] give it, whatever the guard didn't
    /// ask for, unless the handler has options of its own.
    pub fn guard_session(&self, options: &SessionOptions) -> SessionCheck<Option<Session>> {
        self.check_session(options, true)
    }

    /// The session that was handed on to the handler.
    pub(crate) fn guarded_session(&self) -> Option<Session> {
        self.handed_on().map(Session::from_shared)
    }

    fn check_session(
        &self,
        options: &SessionOptions,
        is_handed_on: bool,
    ) -> SessionCheck<Option<Session>> {
        let check = match SessionInstance::of(self) {
            Ok(instance) => instance.verify_session(self, options),
            Err(error) => SessionCheck::Ready(Err(error)),
        };
        match check {
            SessionCheck::Pending(rest) if is_handed_on => {
                let cx = self.clone();
                SessionCheck::pending(async move {
                    let found = rest.await?;
                    if let Some(session) = &found {
                        cx.hand_on(session.to_shared());
                    }
                    Ok(found)
                })
            }
            ready => {
                // As it is: it isn't moved once more in front of every handler.
                if let SessionCheck::Ready(Ok(Some(session))) = &ready
                    && is_handed_on
                {
                    self.hand_on(session.to_shared());
                }
                ready
            }
        }
    }
}
