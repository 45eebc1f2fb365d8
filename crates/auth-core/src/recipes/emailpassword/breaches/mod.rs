//! Passwords that somebody else's leak has made known: no new ones, and a claim at sign-in.

mod claim;
#[cfg(feature = "breached-passwords")]
mod range_api;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::Secret;
pub use claim::{BREACHED_PASSWORD_CLAIM, password_is_not_breached};
#[cfg(feature = "breached-passwords")]
pub use range_api::PwnedPasswordsApi;
use tokio::time::timeout;

use super::EmailPasswordInstance;
use crate::{ConfigError, Context, Result, recipes::session::Session};

const BREACHED: &str =
    "This password is known from a data breach of another site. Please choose another one";
const UNKNOWN: &str = "New passwords can't be checked just now. Please try again in a few minutes";

/// Knows passwords that are in breaches: a service, or a list of the application's own.
///
/// ```
/// use auth_core::{
///     Context, Result, async_trait,
///     protocol::Secret,
///     recipes::emailpassword::{BreachCheck, BreachedPasswords, EmailPasswordRecipe},
/// };
///
/// /// Those that were found with this application's users before.
/// struct Known(std::collections::HashSet<String>);
///
/// #[async_trait]
/// impl BreachedPasswords for Known {
///     async fn is_breached(&self, _cx: &Context, password: &Secret) -> Result<bool> {
///         Ok(self.0.contains(password.expose_secret()))
///     }
/// }
///
/// let known = Known(["hunter2hunter2".to_owned()].into());
/// let recipe = EmailPasswordRecipe::new().breached_passwords(BreachCheck::new(known));
/// ```
#[async_trait]
pub trait BreachedPasswords: Send + Sync {
    /// Whether the password, as the user typed it, is known from a breach.
    ///
    /// # Errors
    /// Where that can't be told now. The error goes to the log: it must carry nothing of the
    /// password.
    async fn is_breached(&self, cx: &Context, password: &Secret) -> Result<bool>;
}

/// How new passwords, and those of who signs in, are looked up in breaches.
#[derive(Clone)]
#[must_use]
pub struct BreachCheck {
    source: Arc<dyn BreachedPasswords>,
    time_limit: Duration,
    refuses_unknown: bool,
    at_sign_in: bool,
}

/// What was found out about a password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Breached,
    NotBreached,
    Unknown,
}

impl BreachCheck {
    /// How long a question may take unless that is set.
    pub const USUAL_TIME_LIMIT: Duration = Duration::from_secs(2);

    /// Refuses new passwords that this source knows, at sign-up, at a change and at a reset. Where the
    /// source doesn't answer, a password is accepted.
    pub fn new(source: impl BreachedPasswords + 'static) -> Self {
        Self {
            source: Arc::new(source),
            time_limit: Self::USUAL_TIME_LIMIT,
            refuses_unknown: false,
            at_sign_in: false,
        }
    }

    /// How long a question may take, and so by how much an answer to a client is later at most;
    /// 2 s unless set, from 1 ms to 30 s.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Refuses new passwords while the source doesn't answer: nobody can sign up or set a password
    /// until it does. By default they are accepted, as the other rules hold all the same, and a
    /// service that is down is to lock nobody out.
    pub fn refuse_when_unknown(mut self) -> Self {
        self.refuses_unknown = true;
        self
    }

    /// Also asks about the password of who has signed in, and notes in the session that it is known:
    /// [`BREACHED_PASSWORD_CLAIM`]. Nobody is kept from signing in by it; a route that wants more
    /// has the validator [`password_is_not_breached`].
    pub fn at_sign_in(mut self) -> Self {
        self.at_sign_in = true;
        self
    }

    pub(super) fn check(self) -> Result<Self, ConfigError> {
        let allowed = Duration::from_millis(1)..=Duration::from_secs(30);
        if !allowed.contains(&self.time_limit) {
            return Err(ConfigError::new(
                "emailpassword.breached_passwords",
                format!("a question may take {:?}", self.time_limit),
                "a time limit from 1 ms to 30 s",
            ));
        }
        Ok(self)
    }

    /// Why a new password is refused, for the user; `None` where it isn't.
    pub(super) async fn problem(&self, cx: &Context, password: &Secret) -> Option<&'static str> {
        match self.ask(cx, password).await {
            Verdict::Breached => Some(BREACHED),
            Verdict::Unknown if self.refuses_unknown => Some(UNKNOWN),
            Verdict::Unknown | Verdict::NotBreached => None,
        }
    }

    async fn ask(&self, cx: &Context, password: &Secret) -> Verdict {
        match timeout(self.time_limit, self.source.is_breached(cx, password)).await {
            Ok(Ok(true)) => Verdict::Breached,
            Ok(Ok(false)) => Verdict::NotBreached,
            Ok(Err(error)) => {
                tracing::warn!(%error, "nobody tells whether a password is known from a breach");
                Verdict::Unknown
            }
            Err(_) => {
                tracing::warn!("nobody told in time whether a password is known from a breach");
                Verdict::Unknown
            }
        }
    }
}

impl fmt::Debug for BreachCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreachCheck")
            .field("time_limit", &self.time_limit)
            .field("refuses_unknown", &self.refuses_unknown)
            .field("at_sign_in", &self.at_sign_in)
            .finish_non_exhaustive()
    }
}

/// Notes in the session of who has signed in whether the password is known, where that is asked for.
/// What isn't known changes nothing, and the sign-in stands whatever goes wrong.
pub(super) async fn note_at_sign_in(cx: &Context, session: &Session, password: &Secret) {
    let Ok(EmailPasswordInstance { breach_check: Some(check), .. }) = EmailPasswordInstance::of(cx)
    else {
        return;
    };
    if !check.at_sign_in {
        return;
    }
    let noted = match check.ask(cx, password).await {
        Verdict::Breached => session.set_claim_value(&*BREACHED_PASSWORD_CLAIM, true).await,
        Verdict::NotBreached => claim::forget(session).await,
        Verdict::Unknown => Ok(()),
    };
    if let Err(error) = noted {
        tracing::warn!(%error, "a session doesn't tell that its password is known from a breach");
    }
}

/// Forgets it, once the session's user has another password.
pub(super) async fn forget(session: &Session) -> Result<()> {
    claim::forget(session).await
}
