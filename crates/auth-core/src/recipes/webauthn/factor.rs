//! The factor that a passkey is (FDI §6.1).

use auth_protocol::{LoginMethod, RecipeId};

use super::WebAuthnInstance;
use crate::factors::{FactorId, Factors};

impl Factors for WebAuthnInstance {
    fn first(&self) -> Vec<FactorId> {
        vec![FactorId::WEBAUTHN]
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        self.set_up_by(method)
    }

    fn set_up_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        match method.recipe_id {
            RecipeId::Webauthn => vec![FactorId::WEBAUTHN],
            _ => Vec::new(),
        }
    }
}
