//! Whether the second factor is done, and who demands it.

use std::sync::LazyLock;

use auth_core::{
    Context, Result,
    recipes::session::{
        ClaimValidators, CreateNewSessionInput, GetGlobalClaimValidatorsInput, Session,
        SessionFunctions, SessionOptions, SessionOverride, SessionRule,
        claims::{BooleanClaim, SessionClaim},
    },
};

use crate::phone::{PHONE_NUMBER, known_number};

/// Whether the second factor is done. Nobody has done it when their session starts.
pub static SECOND_FACTOR: LazyLock<BooleanClaim> =
    LazyLock::new(|| BooleanClaim::new("2fa-completed", |_, _| async { Ok(Some(false)) }));

/// Puts the claim into every new session, and demands it on every route that doesn't say
/// otherwise.
pub struct SecondFactorRequired;

impl SessionOverride for SecondFactorRequired {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        mut input: CreateNewSessionInput,
    ) -> Result<Session> {
        let subject = input.claim_subject();
        SECOND_FACTOR.build(cx, &subject, &mut input.access_token_payload).await?;
        // For the page: codes go to this number.
        if let Some(number) = known_number(cx, &input.user_id).await? {
            input.access_token_payload.insert(PHONE_NUMBER.to_owned(), number.into());
        }
        original.create_new_session(cx, input).await
    }

    async fn get_global_claim_validators(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        let mut validators = original.get_global_claim_validators(cx, input).await?;
        validators.push(SECOND_FACTOR.validators().is_true(None));
        Ok(validators)
    }
}

/// For routes that any session may use: without them nobody could do the second factor.
pub fn any_session() -> SessionOptions {
    SessionOptions::new().without_claim_validators()
}

/// For a route that demands the second factor by itself, whatever the global validators are.
pub fn second_factor_done() -> SessionOptions {
    SessionOptions::new()
        .override_global_claim_validators(|_, _, _| vec![SECOND_FACTOR.validators().is_true(None)])
}

/// [`any_session`] as a rule, for frameworks whose handlers name it in their signatures.
pub struct AnySession;

impl SessionRule for AnySession {
    fn options() -> SessionOptions {
        any_session()
    }
}

/// [`second_factor_done`] as a rule.
pub struct SecondFactorDone;

impl SessionRule for SecondFactorDone {
    fn options() -> SessionOptions {
        second_factor_done()
    }
}
