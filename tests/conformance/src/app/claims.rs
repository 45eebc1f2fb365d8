//! The claims of the application.

use std::sync::LazyLock;

use auth_core::{
    Context, Result,
    recipes::session::{
        ClaimValidators, CreateNewSessionInput, GetGlobalClaimValidatorsInput, Session,
        SessionFunctions, SessionOverride,
        claims::{BooleanClaim, PrimitiveArrayClaim, PrimitiveClaim, SessionClaim},
    },
};

/// False until the second factor is done.
pub static SECOND_FACTOR: LazyLock<BooleanClaim> =
    LazyLock::new(|| BooleanClaim::new("2fa-completed", |_, _| async { Ok(Some(false)) }));

/// A claim without a value of its own: only what a session is given counts.
pub static LEVEL: LazyLock<PrimitiveClaim<i64>> =
    LazyLock::new(|| PrimitiveClaim::new("level", |_, _| async { Ok(None) }));

/// A list without a value of its own.
pub static CODES: LazyLock<PrimitiveArrayClaim<i64>> =
    LazyLock::new(|| PrimitiveArrayClaim::new("codes", |_, _| async { Ok(None) }));

/// New sessions start with the second factor to be done.
pub struct SecondFactorPending;

impl SessionOverride for SecondFactorPending {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        mut input: CreateNewSessionInput,
    ) -> Result<Session> {
        let subject = input.claim_subject();
        SECOND_FACTOR.build(cx, &subject, &mut input.access_token_payload).await?;
        original.create_new_session(cx, input).await
    }
}

/// Every route wants the second factor, unless it says otherwise.
pub struct SecondFactorRequired;

impl SessionOverride for SecondFactorRequired {
    async fn get_global_claim_validators(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        let mut validators = original.get_global_claim_validators(cx, input).await?;
        validators.push(SECOND_FACTOR.validators().has_value(true, None));
        Ok(validators)
    }
}
