//! The factor that a passkey is (FDI §6.1), and what it may stand in for.

use auth_protocol::{LoginMethod, RecipeId};

use super::WebAuthnInstance;
use crate::factors::{ContactsOf, FactorContacts, FactorId, Factors, Proof};

/// A passkey by which its user was verified, where that counts as both factors (an extension): it stands
/// in for whatever is required beside the first.
pub(super) const VERIFIED: FactorId = FactorId::from_static("webauthn-verified");

impl Factors for WebAuthnInstance {
    fn first(&self) -> Vec<FactorId> {
        vec![FactorId::WEBAUTHN]
    }

    fn secondary(&self) -> Vec<FactorId> {
        vec![FactorId::WEBAUTHN]
    }

    fn stand_ins(&self) -> Vec<FactorId> {
        let counts = self.settings.policy.is_both_factors_somewhere();
        counts.then_some(VERIFIED).into_iter().collect()
    }

    /// Where it doesn't count as both, as any more, it is the same passkey.
    fn proof(&self, factor: &FactorId) -> Option<Proof> {
        const PASSKEY: Proof = Proof::new("passkey");
        let is_own = *factor == FactorId::WEBAUTHN || *factor == VERIFIED;
        (is_own && !self.settings.policy.is_both_factors_somewhere()).then_some(PASSKEY)
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        match method.recipe_id {
            RecipeId::Webauthn => vec![FactorId::WEBAUTHN],
            _ => Vec::new(),
        }
    }

    /// One whose passkeys are all gone can't be shown.
    fn set_up_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        let passkeys = method.webauthn.as_ref();
        match passkeys.is_some_and(|passkeys| !passkeys.credential_ids.is_empty()) {
            true => vec![FactorId::WEBAUTHN],
            false => Vec::new(),
        }
    }

    /// The address that a further passkey is made for, so that a page needn't ask (FDI §6.8).
    fn contacts(&self, of: &ContactsOf<'_>) -> FactorContacts {
        let id = FactorId::WEBAUTHN;
        let found = of.own_or_all_emails(RecipeId::Webauthn, &id);
        FactorContacts::new().emails(id, found)
    }
}
