//! Data of a user that would not be found any more by the id that callers get.

use auth_protocol::{AppId, UserId};

use crate::{
    EngineError,
    parts::{Goes, InUse, tables_of_users},
    storage::{Tx, params},
};

/// What has data of a user that a mapping would hide: under its own id where the core chose, and
/// under the id that callers get where they did. In the order in which refusals name it.
pub(super) async fn what_has_data(
    tx: &mut Tx<'_>,
    app: &AppId,
    own: &UserId,
    chosen: &UserId,
) -> Result<Vec<InUse>, EngineError> {
    let mut found = Vec::new();
    for rows in tables_of_users() {
        let Some(in_use) = rows.in_use else { continue };
        let id = match rows.goes {
            Goes::ChosenId | Goes::Erased => chosen,
            Goes::LoginMethod | Goes::OwnId | Goes::OtherRow => own,
        };
        if tx.query_opt(rows.find, params![app, id]).await?.is_some() {
            found.push(in_use);
        }
    }
    Ok(found)
}

/// The refusal where a recipe has data that would be hidden.
pub(super) fn refusal(in_use: InUse) -> EngineError {
    EngineError::BadRequest(format!("UserId is already in use in {} recipe", in_use.recipe))
}
