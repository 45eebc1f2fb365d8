//! Sessions in the database.

use auth_protocol::{AppId, JsonObject, RecipeUserId, SessionHandle, UserId};

use crate::{
    EngineError,
    storage::{Tx, params},
};

const FIND: &str = "SELECT user_id, refresh_token_hash_2, session_data, expires_at, \
    created_at_time, jwt_user_payload, use_static_key, prev_refresh_token_hash_2, \
    refresh_token_rotated_at FROM session_info \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 FOR UPDATE";

/// A session's row.
pub(super) struct SessionRow {
    pub(super) recipe_user_id: RecipeUserId,
    pub(super) current_hash2: String,
    pub(super) data: JsonObject,
    pub(super) expires_at_ms: i64,
    pub(super) created_at_ms: i64,
    pub(super) payload: JsonObject,
    pub(super) use_static_key: bool,
    pub(super) previous_hash2: Option<String>,
    pub(super) rotated_at_ms: Option<i64>,
}

/// Finds a session's row, expired or not, and locks it.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
) -> Result<Option<SessionRow>, EngineError> {
    let tenant = handle.tenant_id();
    let Some(row) = tx.query_opt(FIND, params![app, tenant, handle]).await? else {
        return Ok(None);
    };
    Ok(Some(SessionRow {
        recipe_user_id: RecipeUserId::from(row.get::<String>(0)?),
        current_hash2: row.get(1)?,
        data: read_json(&row.get::<String>(2)?)?,
        expires_at_ms: row.get(3)?,
        created_at_ms: row.get(4)?,
        payload: read_json(&row.get::<String>(5)?)?,
        use_static_key: row.get(6)?,
        previous_hash2: row.get(7)?,
        rotated_at_ms: row.get(8)?,
    }))
}

/// Finds a session's row unless it has expired.
pub(super) async fn find_live(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    now_ms: i64,
) -> Result<Option<SessionRow>, EngineError> {
    Ok(find(tx, app, handle).await?.filter(|row| row.expires_at_ms >= now_ms))
}

/// One refresh token in the place of another.
pub(super) struct Succession<'a> {
    pub(super) current_hash2: &'a str,
    pub(super) previous_hash2: &'a str,
    pub(super) rotated_at_ms: i64,
    pub(super) expires_at_ms: i64,
    pub(super) use_static_key: bool,
}

/// Writes which refresh token is the session's, and which was.
pub(super) async fn succeed(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    change: &Succession<'_>,
) -> Result<(), EngineError> {
    const SQL: &str = "UPDATE session_info SET refresh_token_hash_2 = $4, \
        prev_refresh_token_hash_2 = $5, refresh_token_rotated_at = $6, expires_at = $7, \
        use_static_key = $8 WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";
    let tenant = handle.tenant_id();
    let changed = params![
        app,
        tenant,
        handle,
        change.current_hash2,
        change.previous_hash2,
        change.rotated_at_ms,
        change.expires_at_ms,
        change.use_static_key
    ];
    tx.execute(SQL, changed).await?;
    Ok(())
}

/// Deletes a session's row; whether it was there.
pub(super) async fn delete(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
) -> Result<bool, EngineError> {
    const SQL: &str =
        "DELETE FROM session_info WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";
    let tenant = handle.tenant_id();
    Ok(tx.execute(SQL, params![app, tenant, handle]).await? > 0)
}

/// The user that a login method belongs to; itself where the core doesn't know it.
pub(super) async fn user_of(
    tx: &mut Tx<'_>,
    app: &AppId,
    recipe_user_id: &RecipeUserId,
) -> Result<UserId, EngineError> {
    const SQL: &str = "SELECT primary_or_recipe_user_id FROM app_id_to_user_id \
        WHERE app_id = $1 AND user_id = $2";
    match tx.query_opt(SQL, params![app, recipe_user_id]).await? {
        Some(row) => Ok(UserId::from(row.get::<String>(0)?)),
        None => Ok(UserId::from(recipe_user_id.clone())),
    }
}

/// The user's own id, and those of every login method linked to the same user.
pub(super) async fn linked_ids(
    tx: &mut Tx<'_>,
    app: &AppId,
    user_id: &UserId,
) -> Result<Vec<String>, EngineError> {
    const SQL: &str = "SELECT linked.user_id FROM app_id_to_user_id AS own \
        JOIN app_id_to_user_id AS linked ON linked.app_id = own.app_id \
        AND linked.primary_or_recipe_user_id = own.primary_or_recipe_user_id \
        WHERE own.app_id = $1 AND own.user_id = $2";
    let mut ids = vec![user_id.as_str().to_owned()];
    for row in tx.query(SQL, params![app, user_id]).await? {
        let id: String = row.get(0)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

pub(super) fn write_json(object: &JsonObject) -> Result<String, EngineError> {
    serde_json::to_string(object)
        .map_err(|_| EngineError::Internal("session data could not be written".into()))
}

fn read_json(text: &str) -> Result<JsonObject, EngineError> {
    serde_json::from_str(text)
        .map_err(|_| EngineError::Internal("stored session data can't be read".into()))
}
