//! The factor that a magic word is.

use auth_core::{
    Context, Result, async_trait,
    factors::{ContactsOf, FactorContacts, FactorId, Factors, Proof},
    protocol::User,
};

use crate::{recipe::MagicWord, word::Kept};

/// The factor.
pub const MAGIC_WORD: FactorId = FactorId::from_static("magic-word");

#[async_trait]
impl Factors for MagicWord {
    fn secondary(&self) -> Vec<FactorId> {
        vec![MAGIC_WORD]
    }

    /// Whoever reads the mailbox has it, as for a one-time code by mail: the two together are one
    /// factor.
    fn proof(&self, factor: &FactorId) -> Option<Proof> {
        (*factor == MAGIC_WORD).then_some(Proof::MAILBOX)
    }

    async fn set_up_for(&self, cx: &Context, user: &User) -> Result<Vec<FactorId>> {
        let is_set_up = Kept::read(cx, &user.id).await?.is_set_up;
        Ok(is_set_up.then_some(MAGIC_WORD).into_iter().collect())
    }

    fn contacts(&self, of: &ContactsOf<'_>) -> FactorContacts {
        FactorContacts::new().emails(MAGIC_WORD, of.all_emails())
    }
}
