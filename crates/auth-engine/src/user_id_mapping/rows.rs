//! The rows of the mappings.

use auth_protocol::{
    AppId, UserId,
    user_id_mapping::{UserIdMapping, UserIdType},
};

use crate::{
    EngineError,
    normalise::trimmed,
    storage::{Tx, params},
};

/// What the column holds.
const LONGEST_ID: usize = 128;
/// What is written down about an id is short.
const LONGEST_INFO: usize = 4096;

const BY_OWN_ID: &str = "SELECT supertokens_user_id, external_user_id, external_user_id_info \
    FROM userid_mapping WHERE app_id = $1 AND supertokens_user_id = $2";

const BY_EXTERNAL_ID: &str = "SELECT supertokens_user_id, external_user_id, \
    external_user_id_info FROM userid_mapping WHERE app_id = $1 AND external_user_id = $2";

/// The mapping with an id. Where the id is in two, the one in which it is the core's own counts.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    id_type: UserIdType,
) -> Result<Option<UserIdMapping>, EngineError> {
    let lookups: &[&str] = match id_type {
        UserIdType::SuperTokens => &[BY_OWN_ID],
        UserIdType::External => &[BY_EXTERNAL_ID],
        UserIdType::Any => &[BY_OWN_ID, BY_EXTERNAL_ID],
    };
    for sql in lookups {
        if let Some(row) = tx.query_opt(sql, params![app, id]).await? {
            return Ok(Some(UserIdMapping {
                super_tokens_user_id: row.get("supertokens_user_id")?,
                external_user_id: row.get("external_user_id")?,
                external_user_id_info: row.get("external_user_id_info")?,
            }));
        }
    }
    Ok(None)
}

/// As [`is_own_id`], of a login method that then stays until the transaction ends.
pub(super) async fn lock_user(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<bool, EngineError> {
    const SQL: &str =
        "SELECT 1 FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2 FOR UPDATE";
    Ok(tx.query_opt(SQL, params![app, id]).await?.is_some())
}

/// Whether an id is the core's own id of a login method.
pub(super) async fn is_own_id(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT 1 FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";
    Ok(tx.query_opt(SQL, params![app, id]).await?.is_some())
}

/// An id without surrounding white space.
pub(super) fn checked_id(field: &str, id: &UserId) -> Result<UserId, EngineError> {
    trimmed(field, id.as_str(), LONGEST_ID).map(UserId::from)
}

/// What is written down about an external id, without surrounding white space.
pub(super) fn checked_info(info: Option<&str>) -> Result<Option<String>, EngineError> {
    info.map(|info| trimmed("externalUserIdInfo", info, LONGEST_INFO)).transpose()
}
