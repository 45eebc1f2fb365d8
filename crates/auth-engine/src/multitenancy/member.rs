//! Login methods that get into a tenant, or out of one.

use auth_protocol::{AppId, RecipeUserId, UserId};

use crate::{
    EngineError,
    normalise::trimmed,
    storage::{Tx, params},
    user_id_mapping::Known,
};

/// The longest id that anybody has.
const LONGEST_ID: usize = 128;

/// In the order of the ids, so that two who want the same rows don't wait for each other.
const LOCK: &str = "SELECT user_id, primary_or_recipe_user_id, is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id WHERE app_id = $1 AND user_id IN ($2, $3) ORDER BY user_id FOR UPDATE";

/// A login method, whose row and whose user's are locked until the transaction's end.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The core's own id.
    pub(super) id: RecipeUserId,
    /// Its primary user, where it is or has one.
    pub(super) primary: Option<UserId>,
    own: UserId,
}

impl Member {
    /// The login method that a caller names.
    pub(super) async fn lock(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
    ) -> Result<Option<Self>, EngineError> {
        let Some(known) = Known::by_any_id(tx, app, id).await? else { return Ok(None) };
        for row in tx.query(LOCK, params![app, known.id, known.primary]).await? {
            let own: UserId = row.get("user_id")?;
            if own == known.id {
                let primary = Known::primary_in(&row)?;
                return Ok(Some(Self { id: own.clone().into(), primary, own }));
            }
        }
        Ok(None)
    }

    /// The user that it belongs to.
    pub(super) fn user(&self) -> &UserId {
        self.primary.as_ref().unwrap_or(&self.own)
    }
}

/// An id that a caller gives for a login method, without the white space around it.
pub(super) fn recipe_user_id(id: &RecipeUserId) -> Result<UserId, EngineError> {
    trimmed("userId", id.as_str(), LONGEST_ID).map(UserId::from)
}
