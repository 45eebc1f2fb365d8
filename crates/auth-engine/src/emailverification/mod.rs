//! Addresses that users have proved to be theirs. Users need not be known to the core.

mod create_token;
mod is_verified;
mod remove_tokens;
mod unverify;
mod verify;

use std::time::Duration;

use auth_protocol::{AppId, CdiVersion, RecipeUserId, UserId};

use crate::{
    EngineError,
    jobs::ExpiryJob,
    normalise::within,
    parts::{Goes, Part, user_table},
    storage::{Migration, Tx, params},
    user_id_mapping::Known,
};

/// What the column of ids takes.
const LONGEST_ID: usize = 128;

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 9,
        name: "tokens by which addresses are verified",
        sql: include_str!("0009_tokens.sql"),
    }],
    tables: &[
        // Which user has proved which address; the row's presence is the proof.
        user_table!("emailverification_verified_emails", "user_id", Goes::OwnId)
            .in_use_as("EmailVerification")
            .allowed_alone_from(CdiVersion::V4_0)
            .adopted_by(&[
                "INSERT INTO emailverification_verified_emails (app_id, user_id, email) \
                    SELECT v.app_id, $2, v.email FROM emailverification_verified_emails v \
                    WHERE v.app_id = $1 AND v.user_id = $3 ON CONFLICT DO NOTHING",
                "DELETE FROM emailverification_verified_emails WHERE app_id = $1 AND user_id = $3",
            ]),
        // Digests of the tokens that may still be used.
        user_table!("emailverification_tokens", "user_id", Goes::OwnId)
            .in_tenants()
            .in_use_as("EmailVerification")
            .allowed_alone_from(CdiVersion::V4_0)
            .adopted_by(&["UPDATE emailverification_tokens SET user_id = $2 \
                WHERE app_id = $1 AND user_id = $3"]),
    ],
    jobs: &[ExpiryJob {
        name: "expired email verification tokens",
        every: Duration::from_secs(60 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        sql: "DELETE FROM emailverification_tokens WHERE token IN \
            (SELECT token FROM emailverification_tokens \
             WHERE token_expiry < $1 ORDER BY token_expiry LIMIT 1000)",
    }],
    ..Part::EMPTY
};

/// The id under which rows of a user are kept: the core's own, or what a caller calls a user that
/// the core doesn't know.
async fn id_of_rows(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<UserId, EngineError> {
    Ok(Known::by_any_id(tx, app, id).await?.map_or_else(|| id.clone(), |known| known.id))
}

/// An id as rows take it.
fn checked_id(id: &UserId) -> Result<UserId, EngineError> {
    within(id.as_str().to_owned(), LONGEST_ID, "userId").map(UserId::from)
}

async fn is_verified(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    email: &str,
) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT 1 FROM emailverification_verified_emails \
        WHERE app_id = $1 AND user_id = $2 AND email = $3";
    Ok(tx.query_opt(SQL, params![app, id, email]).await?.is_some())
}

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
