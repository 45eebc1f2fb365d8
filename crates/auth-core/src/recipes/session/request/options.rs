//! What a route asks of its session check.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use super::super::{Session, claims::ClaimValidator};
use crate::{Context, Result};

/// Validators in the order in which they run.
pub type ClaimValidators = Vec<Arc<dyn ClaimValidator>>;

/// Decides which validators a route runs, in place of the global ones.
///
/// Where no `await` is needed, a closure does: [`SessionOptions::override_global_claim_validators`].
#[async_trait]
pub trait GlobalClaimValidatorsOverride: Send + Sync {
    /// The validators to run; `globals` are those that would run otherwise.
    async fn claim_validators(
        &self,
        globals: ClaimValidators,
        session: &Session,
        cx: &Context,
    ) -> Result<ClaimValidators>;
}

type OverrideFn = Arc<dyn Fn(ClaimValidators, &Session, &Context) -> ClaimValidators + Send + Sync>;

#[derive(Clone)]
enum Validators {
    Globals,
    GlobalsAnd(Arc<[Arc<dyn ClaimValidator>]>),
    Closure(OverrideFn),
    Trait(Arc<dyn GlobalClaimValidatorsOverride>),
}

/// The options of a session check (FDI §2.4). Cheap to clone.
///
/// By default the access token alone is checked, and it is true as of its making: the token of a
/// session that was revoked, or of a user who was deleted, is accepted until it expires (1 hour
/// unless `access_token_validity` is set), and a role is refetched after 300 seconds only. Where a
/// route can't wait for that, [`Self::check_database`] asks whether the session is still there,
/// and a validator with the age 0 refetches its claim:
///
/// ```
/// use std::time::Duration;
/// use auth_core::recipes::{session::SessionOptions, userroles::USER_ROLE_CLAIM};
///
/// let admins = USER_ROLE_CLAIM.validators().includes(&"admin".to_owned(), Some(Duration::ZERO));
/// let options = SessionOptions::new().check_database(true).claims([admins]);
/// # assert!(options.is_database_checked());
/// ```
///
/// ```
/// use auth_core::recipes::session::SessionOptions;
///
/// // A route that also works without a session, and asks the database about the session it gets:
/// let options = SessionOptions::new().optional().check_database(true);
/// assert!(!options.is_session_required());
/// ```
#[derive(Clone)]
pub struct SessionOptions {
    session_required: bool,
    anti_csrf_check: Option<bool>,
    check_database: bool,
    validators: Validators,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            session_required: true,
            anti_csrf_check: None,
            check_database: false,
            validators: Validators::Globals,
        }
    }
}

/// How an adapter's session with a rule in a handler's signature is checked.
///
/// ```
/// use auth_core::recipes::session::{SessionOptions, SessionRule};
///
/// /// A session that was not ended elsewhere.
/// struct NotRevoked;
///
/// impl SessionRule for NotRevoked {
///     fn options() -> SessionOptions {
///         SessionOptions::new().check_database(true)
///     }
/// }
/// ```
pub trait SessionRule {
    /// The options of the check; called for each request.
    fn options() -> SessionOptions;
}

/// The default options.
#[derive(Clone, Copy, Debug)]
pub struct AnySession;

impl SessionRule for AnySession {
    fn options() -> SessionOptions {
        SessionOptions::new()
    }
}

impl SessionOptions {
    /// A session is required, its token alone is checked, and the global validators run.
    pub fn new() -> Self {
        Self::default()
    }

    /// Without a session the route runs all the same. An expired token is still answered with
    /// `try refresh token`.
    #[must_use]
    pub fn optional(self) -> Self {
        self.session_required(false)
    }

    /// Whether a request without a session is refused; `true` by default.
    #[must_use]
    pub fn session_required(mut self, required: bool) -> Self {
        self.session_required = required;
        self
    }

    /// Whether the anti-CSRF check runs; by default it does for every method but `GET`.
    #[must_use]
    pub fn anti_csrf_check(mut self, check: bool) -> Self {
        self.anti_csrf_check = Some(check);
        self
    }

    /// Whether the core must still know the session; `false` by default, so that the access token
    /// of a session that was revoked, or whose user was deleted, works until it expires.
    #[must_use]
    pub fn check_database(mut self, check: bool) -> Self {
        self.check_database = check;
        self
    }

    /// Runs these validators after the global ones, and after those that an earlier call added.
    #[must_use]
    pub fn claims(mut self, validators: impl IntoIterator<Item = Arc<dyn ClaimValidator>>) -> Self {
        let earlier = self.added_validators().unwrap_or_default().to_vec();
        self.validators = Validators::GlobalsAnd(earlier.into_iter().chain(validators).collect());
        self
    }

    /// Runs no validators at all.
    #[must_use]
    pub fn without_claim_validators(self) -> Self {
        self.override_global_claim_validators(|_, _, _| Vec::new())
    }

    /// Runs the validators that the closure makes of the global ones.
    #[must_use]
    pub fn override_global_claim_validators(
        mut self,
        validators: impl Fn(ClaimValidators, &Session, &Context) -> ClaimValidators
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.validators = Validators::Closure(Arc::new(validators));
        self
    }

    /// As [`Self::override_global_claim_validators`], where the decision has to await something.
    #[must_use]
    pub fn override_global_claim_validators_with(
        mut self,
        validators: impl GlobalClaimValidatorsOverride + 'static,
    ) -> Self {
        self.validators = Validators::Trait(Arc::new(validators));
        self
    }

    /// Whether a request without a session is refused.
    pub fn is_session_required(&self) -> bool {
        self.session_required
    }

    /// Whether the anti-CSRF check was switched on or off.
    pub fn anti_csrf_check_override(&self) -> Option<bool> {
        self.anti_csrf_check
    }

    /// Whether the core must still know the session.
    pub fn is_database_checked(&self) -> bool {
        self.check_database
    }

    /// Whether nothing beyond the default is asked for of a session that is there.
    pub(super) fn is_default(&self) -> bool {
        self.anti_csrf_check.is_none()
            && !self.check_database
            && matches!(self.validators, Validators::Globals)
    }

    /// Whether as much is asked for as by default.
    pub(super) fn asks_for_default(&self) -> bool {
        let are_validators_run =
            matches!(self.validators, Validators::Globals | Validators::GlobalsAnd(_));
        are_validators_run && self.anti_csrf_check != Some(false)
    }

    /// The validators that run after the global ones, where nothing decides otherwise.
    pub(in super::super) fn added_validators(&self) -> Option<&[Arc<dyn ClaimValidator>]> {
        match &self.validators {
            Validators::Globals => Some(&[]),
            Validators::GlobalsAnd(more) => Some(more),
            Validators::Closure(_) | Validators::Trait(_) => None,
        }
    }

    /// The validators of this route.
    pub(super) async fn required_validators(
        &self,
        globals: ClaimValidators,
        session: &Session,
        cx: &Context,
    ) -> Result<ClaimValidators> {
        match &self.validators {
            Validators::Globals => Ok(globals),
            Validators::GlobalsAnd(more) => {
                Ok(globals.into_iter().chain(more.iter().cloned()).collect())
            }
            Validators::Closure(validators) => Ok(validators(globals, session, cx)),
            Validators::Trait(validators) => {
                validators.claim_validators(globals, session, cx).await
            }
        }
    }
}

impl From<&SessionOptions> for SessionOptions {
    fn from(options: &SessionOptions) -> Self {
        options.clone()
    }
}

impl fmt::Debug for SessionOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionOptions")
            .field("session_required", &self.session_required)
            .field("anti_csrf_check", &self.anti_csrf_check)
            .field("check_database", &self.check_database)
            .finish_non_exhaustive()
    }
}
