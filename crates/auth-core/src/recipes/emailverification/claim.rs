//! What the access token says about the address (FDI §1.5).

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use async_trait::async_trait;
use auth_protocol::JsonObject;

use super::{EmailForRecipeUserId, EmailVerificationInstance, IsEmailVerifiedInput};
use crate::{
    Context, Result,
    recipes::session::{
        SessionError,
        claims::{
            AnyClaim, BooleanClaim, ClaimSubject, ClaimValidation, ClaimValidator, SessionClaim,
        },
    },
};

static CLAIM: LazyLock<BooleanClaim> = LazyLock::new(|| {
    BooleanClaim::new(
        "st-ev",
        |cx, subject| async move { is_verified(&cx, &subject).await.map(Some) },
    )
});

/// Users without an address count as verified.
async fn is_verified(cx: &Context, subject: &ClaimSubject) -> Result<bool> {
    let instance = EmailVerificationInstance::of(cx)?;
    match instance.email_for_recipe_user_id(cx, None, &subject.recipe_user_id).await? {
        EmailForRecipeUserId::Ok { email } => {
            let input = IsEmailVerifiedInput::new(&subject.recipe_user_id).email(email);
            instance.functions().is_email_verified(cx, input).await
        }
        EmailForRecipeUserId::EmailDoesNotExist => Ok(true),
        EmailForRecipeUserId::UnknownUserId => Err(unknown_user().into()),
    }
}

/// The session's user was deleted, or was never one of the core's.
pub(super) fn unknown_user() -> SessionError {
    SessionError::unauthorised(
        "the user is unknown: where users aren't the core's, set get_email_for_recipe_user_id",
    )
}

/// The claim `st-ev`: whether the user has proved the address of the login method that the session was
/// started with. A user without an address counts as verified.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailVerificationClaim;

impl EmailVerificationClaim {
    /// The claim's validators.
    pub fn validators() -> EmailVerificationValidators {
        EmailVerificationValidators
    }
}

#[async_trait]
impl SessionClaim for EmailVerificationClaim {
    type Value = bool;

    fn key(&self) -> &str {
        CLAIM.key()
    }

    async fn fetch_value(&self, cx: &Context, subject: &ClaimSubject) -> Result<Option<bool>> {
        CLAIM.fetch_value(cx, subject).await
    }

    fn add_to_payload(&self, payload: &mut JsonObject, value: &bool, now_ms: i64) -> Result<()> {
        CLAIM.add_to_payload(payload, value, now_ms)
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<bool> {
        CLAIM.value_from_payload(payload)
    }

    fn last_refetch_time_ms(&self, payload: &JsonObject) -> Option<i64> {
        CLAIM.last_refetch_time_ms(payload)
    }
}

/// The validators of the [`EmailVerificationClaim`].
#[derive(Clone, Copy, Debug)]
pub struct EmailVerificationValidators;

impl EmailVerificationValidators {
    /// How long a session whose address isn't verified is taken for one, unless a validator says
    /// otherwise: afterwards it is asked again, as the link may have been followed elsewhere.
    pub const REFETCH_TIME_ON_FALSE: Duration = Duration::from_secs(10);

    /// The address must be verified. A value that is missing, older than `max_age` (any age where it is
    /// `None`), or false and older than `refetch_time_on_false`
    /// ([10 s](Self::REFETCH_TIME_ON_FALSE) where it is `None`) is fetched anew; both in whole seconds.
    pub fn is_verified(
        &self,
        refetch_time_on_false: Option<Duration>,
        max_age: Option<Duration>,
    ) -> Arc<dyn ClaimValidator> {
        Arc::new(IsVerified {
            is_true: CLAIM.validators().is_true(max_age),
            refetch_time_on_false: refetch_time_on_false.unwrap_or(Self::REFETCH_TIME_ON_FALSE),
        })
    }

    /// The value must be this one. Here and below, one that is older than `max_age` is fetched anew.
    pub fn has_value(&self, value: bool, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        CLAIM.validators().has_value(value, max_age)
    }

    /// The value must be true. Unlike [`Self::is_verified`] it takes a false one at its word, however
    /// old that is.
    pub fn is_true(&self, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.has_value(true, max_age)
    }

    /// The value must be false.
    pub fn is_false(&self, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.has_value(false, max_age)
    }
}

struct IsVerified {
    is_true: Arc<dyn ClaimValidator>,
    refetch_time_on_false: Duration,
}

#[async_trait]
impl ClaimValidator for IsVerified {
    fn id(&self) -> &str {
        self.is_true.id()
    }

    fn claim(&self) -> Option<&dyn AnyClaim> {
        self.is_true.claim()
    }

    async fn should_refetch(&self, cx: &Context, payload: &JsonObject) -> Result<bool> {
        if self.is_true.should_refetch(cx, payload).await? {
            return Ok(true);
        }
        if CLAIM.value_from_payload(payload) == Some(true) {
            return Ok(false);
        }
        let limit_secs = self.refetch_time_on_false.as_secs();
        let limit_ms = i64::try_from(limit_secs).unwrap_or(i64::MAX).saturating_mul(1000);
        let fetched_ms = CLAIM.last_refetch_time_ms(payload);
        Ok(fetched_ms.is_none_or(|at| cx.core().now_ms().saturating_sub(at) > limit_ms))
    }

    fn is_satisfied_by(&self, cx: &Context, payload: &JsonObject) -> bool {
        self.is_true.is_satisfied_by(cx, payload)
    }

    async fn validate(&self, cx: &Context, payload: &JsonObject) -> Result<ClaimValidation> {
        self.is_true.validate(cx, payload).await
    }
}
