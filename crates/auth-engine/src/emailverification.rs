//! Addresses that users have proved to be theirs.

use auth_protocol::{AppId, CdiVersion, RecipeUserId};

use crate::{
    EngineError,
    parts::{Goes, Part, user_table},
    storage::{Tx, params},
};

pub(crate) const PART: Part = Part {
    // Which user has proved which address; the row's presence is the proof.
    tables: &[user_table!("emailverification_verified_emails", "user_id", Goes::WithOwnId)
        .in_use_as("EmailVerification")
        .allowed_alone_from(CdiVersion::V4_0)
        .adopted_by(&[
            "INSERT INTO emailverification_verified_emails (app_id, user_id, email) \
                SELECT v.app_id, $2, v.email FROM emailverification_verified_emails v \
                WHERE v.app_id = $1 AND v.user_id = $3 ON CONFLICT DO NOTHING",
            "DELETE FROM emailverification_verified_emails WHERE app_id = $1 AND user_id = $3",
        ])],
    ..Part::EMPTY
};

/// Writes that a login method has proved its address.
pub(crate) async fn set_verified(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
    email: &str,
) -> Result<(), EngineError> {
    const SQL: &str = "INSERT INTO emailverification_verified_emails (app_id, user_id, email) \
        VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(SQL, params![app, id, email]).await?;
    Ok(())
}
