//! What the functions take that are about claims of sessions known by their handles.

use std::{fmt, ops::Deref, sync::Arc};

use async_trait::async_trait;
use auth_protocol::SessionHandle;
use serde_json::Value;

use super::SessionInformation;
use crate::{
    Context, Result,
    overrides::input,
    recipes::session::{
        ClaimValidators,
        claims::{AnyClaim, SessionClaim},
    },
};

/// A claim of whatever type, shared. A reference to a claim turns into one:
/// `GetClaimValueInput::new(&handle, &*USER_ROLE_CLAIM)`.
#[derive(Clone)]
pub struct SharedClaim(Arc<dyn AnyClaim>);

impl<C: SessionClaim + Clone + 'static> From<&C> for SharedClaim {
    fn from(claim: &C) -> Self {
        Self(Arc::new(claim.clone()))
    }
}

impl From<Arc<dyn AnyClaim>> for SharedClaim {
    fn from(claim: Arc<dyn AnyClaim>) -> Self {
        Self(claim)
    }
}

impl Deref for SharedClaim {
    type Target = dyn AnyClaim;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for SharedClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedClaim").field(&self.claim_key()).finish()
    }
}

input! {
    /// Which claim of which session is fetched.
    pub struct FetchAndSetClaimInput {
        /// The session.
        session_handle: SessionHandle,
        /// The claim.
        claim: SharedClaim,
    }
}

/// Which claim of which session gets which value.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct SetClaimValueInput {
    /// The session.
    pub session_handle: SessionHandle,
    /// The claim.
    pub claim: SharedClaim,
    /// The value, as the claim writes it as JSON. One that isn't of the claim's type is an error.
    pub value: Value,
}

impl SetClaimValueInput {
    /// A session, a claim, and a value of the claim's type.
    pub fn new<C: SessionClaim + Clone + 'static>(
        session_handle: impl Into<SessionHandle>,
        claim: &C,
        value: impl Into<C::Value>,
    ) -> Self {
        Self {
            session_handle: session_handle.into(),
            claim: claim.into(),
            // Null, where it can't be written, is of no claim's type.
            value: serde_json::to_value(value.into()).unwrap_or_default(),
        }
    }
}

input! {
    /// Which claim of which session is read.
    pub struct GetClaimValueInput {
        /// The session.
        session_handle: SessionHandle,
        /// The claim.
        claim: SharedClaim,
    }
}

input! {
    /// Which claim is removed from which session.
    pub struct RemoveClaimInput {
        /// The session.
        session_handle: SessionHandle,
        /// The claim.
        claim: SharedClaim,
    }
}

/// Decides which validators run for a session that is known by its row only; see
/// [`Sessions::validate_claims_for_session_handle`](super::Sessions::validate_claims_for_session_handle).
#[async_trait]
pub trait HandleClaimValidatorsOverride: Send + Sync {
    /// The validators to run; `globals` are those that would run otherwise.
    async fn claim_validators(
        &self,
        globals: ClaimValidators,
        session: &SessionInformation,
        cx: &Context,
    ) -> Result<ClaimValidators>;
}

/// Which session's claims are validated.
#[derive(Clone)]
#[non_exhaustive]
#[must_use]
pub struct ValidateClaimsForSessionHandleInput {
    /// The session.
    pub session_handle: SessionHandle,
    /// Who decides in place of the global validators.
    pub override_global_claim_validators: Option<Arc<dyn HandleClaimValidatorsOverride>>,
}

impl ValidateClaimsForSessionHandleInput {
    /// By the global validators.
    pub fn new(session_handle: impl Into<SessionHandle>) -> Self {
        Self { session_handle: session_handle.into(), override_global_claim_validators: None }
    }

    /// By the validators that this makes of the global ones.
    pub fn override_global_claim_validators(
        mut self,
        validators: impl HandleClaimValidatorsOverride + 'static,
    ) -> Self {
        self.override_global_claim_validators = Some(Arc::new(validators));
        self
    }
}

impl From<&SessionHandle> for ValidateClaimsForSessionHandleInput {
    fn from(session_handle: &SessionHandle) -> Self {
        Self::new(session_handle)
    }
}

impl fmt::Debug for ValidateClaimsForSessionHandleInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidateClaimsForSessionHandleInput")
            .field("session_handle", &self.session_handle)
            .finish_non_exhaustive()
    }
}
