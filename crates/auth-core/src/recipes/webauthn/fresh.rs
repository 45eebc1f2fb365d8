//! Whether somebody has shown lately who they are.

use serde_json::json;

use super::WebAuthnInstance;
use crate::{
    Context, Result,
    recipes::{
        multifactorauth::{MultiFactorAuthClaim, MultiFactorAuthInstance},
        session::{InvalidClaim, Session, SessionError, claims::SessionClaim},
    },
};

/// Fails where no factor was completed in a session lately enough to add or remove passkeys. Without
/// factors the sign-in counts, as the core has it.
///
/// # Errors
/// 403 with the claim `st-mfa`, as of [`has_completed_default_factors`][step_up]: the front end has any
/// factor completed once more, or has the user sign in again.
///
/// [step_up]: crate::recipes::multifactorauth::MultiFactorAuthValidators::has_completed_default_factors
pub(super) async fn assert_fresh(cx: &Context, session: &Session) -> Result<()> {
    let policy = &WebAuthnInstance::of(cx)?.settings.policy;
    let Some(max_age) = policy.fresh_factor_max_age else { return Ok(()) };
    let shown_secs = match cx.auth().find_recipe::<MultiFactorAuthInstance>() {
        Some(_) => newest_factor_secs(cx, session).await?,
        None => started_secs(cx, session).await?,
    };
    let max_age_secs = max_age.as_secs();
    let age_secs = (cx.core().now_ms() / 1000).saturating_sub(shown_secs);
    if age_secs <= i64::try_from(max_age_secs).unwrap_or(i64::MAX) {
        return Ok(());
    }
    let reason = json!({
        "message": "No factor was completed lately enough",
        "maxAgeInSeconds": max_age_secs,
    });
    let claim = InvalidClaim { id: MultiFactorAuthClaim.key().to_owned(), reason: Some(reason) };
    Err(SessionError::InvalidClaims(vec![claim]).into())
}

async fn newest_factor_secs(cx: &Context, session: &Session) -> Result<i64> {
    let mut value = session.get_claim_value(&MultiFactorAuthClaim);
    if value.is_none() {
        // A session from before there were factors: what it was started by is worked out.
        cx.multifactorauth()?.requirements_of(session).await?;
        value = session.get_claim_value(&MultiFactorAuthClaim);
    }
    let newest = value.and_then(|value| value.completed_factors.values().max().copied());
    Ok(newest.unwrap_or_default())
}

async fn started_secs(cx: &Context, session: &Session) -> Result<i64> {
    let information = cx.session()?.get_session_information(session.get_handle()).await?;
    let information =
        information.ok_or_else(|| SessionError::unauthorised("the session has ended"))?;
    Ok(information.time_created_ms / 1000)
}
