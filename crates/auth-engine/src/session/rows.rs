//! Sessions in the database.

use auth_protocol::{AppId, JsonObject, RecipeUserId, SessionHandle, UserId};

use super::{lifetime::Moment, rules::Chain};
use crate::{
    EngineError,
    storage::{Tx, params},
    user_id_mapping::Known,
};

const FIND: &str = "SELECT user_id, refresh_token_hash_2, session_data, expires_at, \
    created_at_time, jwt_user_payload, use_static_key, prev_refresh_token_hash_2, \
    refresh_token_rotated_at FROM session_info \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 FOR UPDATE";

/// A session's row.
pub(super) struct SessionRow {
    /// The core's own id of the login method where it knows it.
    pub(super) own_id: UserId,
    pub(super) chain: Chain<String>,
    pub(super) data: JsonObject,
    pub(super) expires_at_ms: i64,
    pub(super) created_at_ms: i64,
    pub(super) payload: JsonObject,
    pub(super) use_static_key: bool,
}

/// Finds a session's row and locks it, unless the session is older than any may be. Whether it has
/// expired since its last refresh isn't looked at.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    at: Moment,
) -> Result<Option<SessionRow>, EngineError> {
    Ok(find_any(tx, app, handle).await?.filter(|row| at.is_young_enough(row.created_at_ms)))
}

async fn find_any(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
) -> Result<Option<SessionRow>, EngineError> {
    let tenant = handle.tenant_id();
    let Some(row) = tx.query_opt(FIND, params![app, tenant, handle]).await? else {
        return Ok(None);
    };
    Ok(Some(SessionRow {
        own_id: row.get("user_id")?,
        chain: Chain {
            current: row.get("refresh_token_hash_2")?,
            previous: row.get("prev_refresh_token_hash_2")?,
            rotated_at_ms: row.get("refresh_token_rotated_at")?,
        },
        data: read_json(&row.get::<String>("session_data")?)?,
        expires_at_ms: row.get("expires_at")?,
        created_at_ms: row.get("created_at_time")?,
        payload: read_json(&row.get::<String>("jwt_user_payload")?)?,
        use_static_key: row.get("use_static_key")?,
    }))
}

/// Finds a session's row and locks it, unless the session has ended.
pub(super) async fn find_live(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    at: Moment,
) -> Result<Option<SessionRow>, EngineError> {
    Ok(find(tx, app, handle, at).await?.filter(|row| row.expires_at_ms >= at.now_ms))
}

/// One refresh token in the place of another.
pub(super) struct Succession<'a> {
    pub(super) chain: &'a Chain<String>,
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
        change.chain.current,
        change.chain.previous,
        change.chain.rotated_at_ms,
        change.expires_at_ms,
        change.use_static_key
    ];
    tx.execute(SQL, changed).await?;
    Ok(())
}

/// Writes which kind of key signs the session's tokens.
pub(super) async fn set_key_kind(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    use_static_key: bool,
) -> Result<(), EngineError> {
    const SQL: &str = "UPDATE session_info SET use_static_key = $4 \
        WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";
    tx.execute(SQL, params![app, handle.tenant_id(), handle, use_static_key]).await?;
    Ok(())
}

/// Writes a session's claims.
pub(super) async fn set_payload(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    payload: &JsonObject,
) -> Result<(), EngineError> {
    const SQL: &str = "UPDATE session_info SET jwt_user_payload = $4 \
        WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";
    let text = write_json(payload)?;
    tx.execute(SQL, params![app, handle.tenant_id(), handle, text]).await?;
    Ok(())
}

/// Whose a session is: what stands in its row.
pub(super) async fn owner_of(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
) -> Result<Option<UserId>, EngineError> {
    const SQL: &str = "SELECT user_id FROM session_info \
        WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";
    let row = tx.query_opt(SQL, params![app, handle.tenant_id(), handle]).await?;
    row.map(|row| row.get("user_id")).transpose()
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

/// Whose session it is.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// The user, as callers know it.
    pub(super) user: UserId,
    /// The login method, as callers know it.
    pub(super) method: RecipeUserId,
    /// What stands in the row: the core's own id of the login method where it knows it.
    pub(super) own_method: UserId,
    /// The core's own id of the user where it knows it.
    pub(super) own_user: UserId,
}

impl Owner {
    fn new(given: &UserId, known: Option<Known>) -> Self {
        match known {
            Some(known) => Self {
                user: known.shown_primary,
                method: known.shown_id,
                own_method: known.id,
                own_user: known.primary,
            },
            None => Self {
                user: given.clone(),
                method: given.clone().into(),
                own_method: given.clone(),
                own_user: given.clone(),
            },
        }
    }

    /// Who an id stands for that a caller gave.
    pub(super) async fn of_caller(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
    ) -> Result<Self, EngineError> {
        Ok(Self::new(id, Known::by_any_id(tx, app, id).await?))
    }

    /// Who the id in a session's row stands for.
    pub(super) async fn of_row(
        tx: &mut Tx<'_>,
        app: &AppId,
        row: &SessionRow,
    ) -> Result<Self, EngineError> {
        let id = &row.own_id;
        Ok(Self::new(id, Known::by_own_id(tx, app, id).await?))
    }
}

/// The core's own ids of every login method of a user.
pub(crate) async fn linked_ids(
    tx: &mut Tx<'_>,
    app: &AppId,
    own_user_id: &UserId,
) -> Result<Vec<UserId>, EngineError> {
    const SQL: &str = "SELECT user_id FROM app_id_to_user_id \
        WHERE app_id = $1 AND primary_or_recipe_user_id = $2";
    let rows = tx.query(SQL, params![app, own_user_id]).await?;
    let ids: Vec<UserId> = rows.iter().map(|row| row.get("user_id")).collect::<Result<_, _>>()?;
    // A user that the core doesn't know has only the one id.
    Ok(if ids.is_empty() { vec![own_user_id.clone()] } else { ids })
}

pub(super) fn write_json(object: &JsonObject) -> Result<String, EngineError> {
    serde_json::to_string(object)
        .map_err(|_| EngineError::Internal("session data could not be written".into()))
}

fn read_json(text: &str) -> Result<JsonObject, EngineError> {
    serde_json::from_str(text)
        .map_err(|_| EngineError::Internal("stored session data can't be read".into()))
}
