//! Data of a user that would not be found any more by the id that callers get.

use auth_protocol::{AppId, UserId};

use crate::{
    EngineError,
    storage::{Tx, params},
};

/// The recipe whose data a mapping doesn't hide from CDI 4.0 on.
pub(super) const EMAIL_VERIFICATION: &str = "EmailVerification";

/// Where a user's data is, and by which id.
enum Place {
    /// By the core's own id, shown to callers under the one that they get.
    Own(&'static str),
    /// By whatever id a caller chose.
    Chosen(&'static str),
}

use Place::{Chosen, Own};

/// The recipes as refusals name them, in the order in which they do.
const RECIPES: [(&str, Place); 6] = [
    ("Session", Own("SELECT 1 FROM session_info WHERE app_id = $1 AND user_id = $2 LIMIT 1")),
    (
        "UserMetadata",
        Chosen("SELECT 1 FROM user_metadata WHERE app_id = $1 AND user_id = $2 LIMIT 1"),
    ),
    ("UserRoles", Chosen("SELECT 1 FROM user_roles WHERE app_id = $1 AND user_id = $2 LIMIT 1")),
    (
        EMAIL_VERIFICATION,
        Own("SELECT 1 FROM emailverification_verified_emails \
             WHERE app_id = $1 AND user_id = $2 LIMIT 1"),
    ),
    ("TOTP", Chosen("SELECT 1 FROM totp_user_devices WHERE app_id = $1 AND user_id = $2 LIMIT 1")),
    (
        "RecoveryCode",
        Chosen("SELECT 1 FROM recovery_codes WHERE app_id = $1 AND user_id = $2 LIMIT 1"),
    ),
];

/// The recipes that have data of a user: under its own id where the core chose, and under the id
/// that callers get where they did.
pub(super) async fn recipes_with_data(
    tx: &mut Tx<'_>,
    app: &AppId,
    own: &UserId,
    chosen: &UserId,
) -> Result<Vec<&'static str>, EngineError> {
    let mut found = Vec::new();
    for (recipe, place) in RECIPES {
        let (sql, id) = match place {
            Own(sql) => (sql, own),
            Chosen(sql) => (sql, chosen),
        };
        if tx.query_opt(sql, params![app, id]).await?.is_some() {
            found.push(recipe);
        }
    }
    Ok(found)
}

/// The refusal where a recipe has data that would be hidden.
pub(super) fn refusal(recipe: &str) -> EngineError {
    EngineError::BadRequest(format!("UserId is already in use in {recipe} recipe"))
}
