//! One free-form JSON object for each user.

mod clear;
mod get;
mod of_users;
mod update;

use auth_protocol::{AppId, JsonObject, UserId};

use crate::{
    EngineError,
    parts::{Goes, Part, user_table},
    storage::{Tx, params},
};

pub(crate) const PART: Part = Part {
    // One JSON object for each user.
    tables: &[user_table!("user_metadata", "user_id", Goes::ChosenId).in_use_as("UserMetadata")],
    ..Part::EMPTY
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
    read_json(&row.get::<String>("user_metadata")?).map(Some)
}

fn read_json(text: &str) -> Result<JsonObject, EngineError> {
    serde_json::from_str(text)
        .map_err(|_| EngineError::Internal("a user's stored metadata is not JSON".to_owned()))
}
