//! Claims of a session.

use std::sync::Arc;

use auth_protocol::JsonObject;

use super::{
    super::{
        SessionError, SessionInstance, ValidateClaimsInput,
        claims::{AnyClaim, ClaimSubject, ClaimValidator, SessionClaim},
    },
    Session, difference, remove_protected,
};
use crate::Result;

/// Methods about claims.
///
/// # Errors
/// [`SessionError::Unauthorised`] where a claim is to be changed and the session is gone.
impl Session {
    /// Runs validators. Claims that had to be fetched anew are in the token afterwards, whether
    /// or not the validators are satisfied.
    ///
    /// # Errors
    /// [`SessionError::InvalidClaims`] with every validator that isn't satisfied.
    pub async fn assert_claims(&self, validators: &[Arc<dyn ClaimValidator>]) -> Result<()> {
        if validators.is_empty() {
            return Ok(());
        }
        let cx = self.cx();
        let before = self.get_access_token_payload();
        let input = ValidateClaimsInput::new(self.claim_subject(), Arc::clone(&before), validators);
        let validated = SessionInstance::of(&cx)?.functions().validate_claims(&cx, input).await?;
        if let Some(after) = validated.access_token_payload_update {
            // What the token says of other claims may be old.
            let mut update = difference(&before, &after);
            remove_protected(&mut update);
            self.merge_into_access_token_payload(update).await?;
        }
        if validated.invalid_claims.is_empty() {
            return Ok(());
        }
        Err(SessionError::InvalidClaims(validated.invalid_claims).into())
    }

    /// Fetches a claim's value and writes it into the access token.
    pub async fn fetch_and_set_claim(&self, claim: &dyn AnyClaim) -> Result<()> {
        let mut update = JsonObject::new();
        claim.fetch_into(&self.cx(), &self.claim_subject(), &mut update).await?;
        self.merge_into_access_token_payload(update).await
    }

    /// Fetches the value of a claim that the session has, and writes it into the access token where
    /// it is another one now.
    pub(crate) async fn work_out_anew(&self, claim: &dyn AnyClaim) -> Result<()> {
        let payload = self.get_access_token_payload();
        let Some(before) = claim.json_from_payload(&payload) else { return Ok(()) };
        let mut update = JsonObject::new();
        claim.fetch_into(&self.cx(), &self.claim_subject(), &mut update).await?;
        match claim.json_from_payload(&update) == Some(before) {
            true => Ok(()),
            false => self.merge_into_access_token_payload(update).await,
        }
    }

    /// Writes a claim's value into the access token.
    pub async fn set_claim_value<C: SessionClaim>(&self, claim: &C, value: C::Value) -> Result<()> {
        let mut update = JsonObject::new();
        claim.add_to_payload(&mut update, &value, self.cx().core().now_ms())?;
        self.merge_into_access_token_payload(update).await
    }

    /// Reads a claim's value from the access token.
    pub fn get_claim_value<C: SessionClaim>(&self, claim: &C) -> Option<C::Value> {
        claim.value_from_payload(&self.get_access_token_payload())
    }

    /// Removes a claim from the access token.
    pub async fn remove_claim(&self, claim: &dyn AnyClaim) -> Result<()> {
        let mut update = JsonObject::new();
        claim.remove_by_merge(&mut update);
        self.merge_into_access_token_payload(update).await
    }

    fn claim_subject(&self) -> ClaimSubject {
        ClaimSubject::new(
            self.get_user_id().clone(),
            self.get_recipe_user_id().clone(),
            self.get_tenant_id().clone(),
        )
        .current_payload(self.get_access_token_payload())
    }
}
