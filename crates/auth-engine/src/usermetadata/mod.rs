//! One free-form JSON object for each user.

mod clear;
mod get;
mod update;

use auth_protocol::{AppId, JsonObject, UserId};

use crate::{
    EngineError,
    storage::{Tx, params},
};

/// A user's metadata, if any was ever written.
async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
) -> Result<Option<JsonObject>, EngineError> {
    const SQL: &str =
        "SELECT user_metadata FROM user_metadata WHERE app_id = $1 AND user_id = $2 FOR UPDATE";
    let Some(row) = tx.query_opt(SQL, params![app, user]).await? else { return Ok(None) };
    let text: String = row.get(0)?;
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|_| EngineError::Internal("a user's stored metadata is not JSON".to_owned()))
}
