//! What the access token says about the password.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde_json::json;

use crate::{
    Context, Result,
    recipes::session::{
        Session,
        claims::{BooleanClaim, ClaimValidation, ClaimValidator, SessionClaim},
    },
};

/// `st-breached-password` in the payload: true where the password that was typed in is known from a
/// breach; otherwise it isn't there. Nobody can work it out later, as nobody has the password then: a
/// sign-in writes it ([`BreachCheck::at_sign_in`](super::BreachCheck::at_sign_in)), and a change of
/// the password in that session takes it away.
pub static BREACHED_PASSWORD_CLAIM: LazyLock<BooleanClaim> =
    LazyLock::new(|| BooleanClaim::new("st-breached-password", |_, _| async { Ok(None) }));

/// A validator for routes that a session with a breached password may not use: everything but the
/// change of the password, or what is worth the most. A front end that is answered with its id leads
/// the user to that change.
pub fn password_is_not_breached() -> Arc<dyn ClaimValidator> {
    Arc::new(NotBreached)
}

struct NotBreached;

impl NotBreached {
    fn is_met(payload: &JsonObject) -> bool {
        BREACHED_PASSWORD_CLAIM.value_from_payload(payload) != Some(true)
    }
}

#[async_trait]
impl ClaimValidator for NotBreached {
    fn id(&self) -> &str {
        BREACHED_PASSWORD_CLAIM.key()
    }

    fn is_satisfied_by(&self, _cx: &Context, payload: &JsonObject) -> bool {
        Self::is_met(payload)
    }

    async fn validate(&self, _cx: &Context, payload: &JsonObject) -> Result<ClaimValidation> {
        let message = "the password is known from a data breach";
        Ok(match Self::is_met(payload) {
            true => ClaimValidation::Valid,
            false => ClaimValidation::Invalid(Some(json!({ "message": message }))),
        })
    }
}

/// Takes the claim away where it is.
pub(super) async fn forget(session: &Session) -> Result<()> {
    match session.get_claim_value(&*BREACHED_PASSWORD_CLAIM) {
        Some(_) => session.remove_claim(&*BREACHED_PASSWORD_CLAIM).await,
        None => Ok(()),
    }
}
