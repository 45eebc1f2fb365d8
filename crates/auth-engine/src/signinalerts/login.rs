//! The login method of a sign-in, held while something is written under its id.

use auth_protocol::{AppId, RecipeUserId};

use crate::{
    EngineError,
    storage::{Tx, params},
    user_id_mapping::Known,
};

const LOCK: &str = "SELECT 1 FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2 FOR UPDATE";

/// Finds a login method and holds its row: it isn't deleted meanwhile, and of two transactions that
/// write about it one waits, so that each counts what the other has written.
pub(super) async fn hold(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
) -> Result<Option<Known>, EngineError> {
    let Some(known) = Known::by_any_id(tx, app, &id.clone().into()).await? else {
        return Ok(None);
    };
    let is_there = tx.query_opt(LOCK, params![app, known.id]).await?.is_some();
    Ok(is_there.then_some(known))
}
