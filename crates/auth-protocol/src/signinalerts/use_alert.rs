//! `POST /recipe/signinalerts/alert/use` (extension)

use serde::{Deserialize, Serialize};

use crate::{Secret, UserId, operation::operation};

/// Ends all sessions of the user whose token this is, of every linked login method and in every
/// tenant. A token does so once; until it expires, it may be used again, which changes nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UseSignInAlert {
    /// The token.
    pub token: Secret,
}

/// The answer to [`UseSignInAlert`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum UseSignInAlertResponse {
    /// The sessions have ended, now or at an earlier use.
    Ok {
        /// The user.
        user_id: UserId,
        /// Whether the token was used before.
        was_used: bool,
        /// How many sessions ended now.
        sessions_ended: u32,
    },
    /// The token isn't known in this tenant, or has expired.
    SignInAlertInvalidTokenError,
}

operation!(
    UseSignInAlert => UseSignInAlertResponse,
    "use_sign_in_alert", Post "/recipe/signinalerts/alert/use", Tenant
);
