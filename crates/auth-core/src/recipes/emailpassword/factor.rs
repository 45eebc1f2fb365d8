//! The factor that a password is (FDI §6.1, 6.8).

use auth_protocol::{LoginMethod, RecipeId};

use super::EmailPasswordInstance;
use crate::factors::{ContactsOf, FactorContacts, FactorId, Factors};

impl Factors for EmailPasswordInstance {
    fn first(&self) -> Vec<FactorId> {
        vec![FactorId::EMAIL_PASSWORD]
    }

    fn secondary(&self) -> Vec<FactorId> {
        vec![FactorId::EMAIL_PASSWORD]
    }

    fn signed_in_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        self.set_up_by(method)
    }

    fn set_up_by(&self, method: &LoginMethod) -> Vec<FactorId> {
        match method.recipe_id {
            RecipeId::EmailPassword => vec![FactorId::EMAIL_PASSWORD],
            _ => Vec::new(),
        }
    }

    fn contacts(&self, of: &ContactsOf<'_>) -> FactorContacts {
        let id = FactorId::EMAIL_PASSWORD;
        let mut found = of.own_or_all_emails(RecipeId::EmailPassword, &id);
        if found.is_empty() {
            let user = of.session.get_recipe_user_id();
            found.push(format!("{user}@stfakeemail.supertokens.com"));
        }
        FactorContacts::new().emails(id, found)
    }
}
