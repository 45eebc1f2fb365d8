//! `GET /recipe/session`

use serde::{Deserialize, Serialize};

use crate::{JsonObject, RecipeUserId, SessionHandle, TenantId, UserId, operation::operation};

/// Reads a session's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetSession {
    /// The session.
    pub session_handle: SessionHandle,
}

/// The answer to [`GetSession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum GetSessionResponse {
    /// The row.
    Ok {
        /// The session.
        session_handle: SessionHandle,
        /// The user.
        user_id: UserId,
        /// The login method that started the session.
        recipe_user_id: RecipeUserId,
        /// Data that stays with the core.
        user_data_in_database: JsonObject,
        /// The application's claims for the next access token.
        #[serde(rename = "userDataInJWT")]
        user_data_in_jwt: JsonObject,
        /// When the session ends unless it is refreshed, in milliseconds since the epoch.
        expiry: i64,
        /// When the session was started, in milliseconds since the epoch.
        time_created: i64,
        /// The tenant in which the session was started.
        tenant_id: TenantId,
    },
    /// There is no such session, or it has expired.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

operation!(GetSession => GetSessionResponse, "get_session", Get "/recipe/session", App);
