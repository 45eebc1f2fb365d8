//! `POST /recipe/signinalerts/alert` (extension)

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, Secret, SessionHandle, operation::operation};

/// Writes down a sign-in that is out of the ordinary, and makes the token by which its user's owner
/// ends all sessions.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateSignInAlert {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The session that it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_handle: Option<SessionHandle>,
    /// The network that it came from, as [`NoteSignInNetwork`](super::NoteSignInNetwork) has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Whether it came from a device that the user isn't known on.
    pub is_new_device: bool,
    /// Whether it came from a network that the user hasn't signed in from. It is none of the user's
    /// any more once the token was used.
    pub is_new_network: bool,
    /// For how long the token works, in milliseconds, a week at most; without it none is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_ms: Option<i64>,
}

/// The answer to [`CreateSignInAlert`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreateSignInAlertResponse {
    /// It is written down.
    Ok {
        /// The token, shown only here: the core keeps its digest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        token: Option<Secret>,
    },
    /// The core doesn't know the login method.
    UnknownUserIdError,
}

operation!(
    CreateSignInAlert => CreateSignInAlertResponse,
    "create_sign_in_alert", Post "/recipe/signinalerts/alert", Tenant
);
