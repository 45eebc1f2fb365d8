//! `GET /recipe/webauthn/user/credential/list`

use serde::{Deserialize, Serialize};

use super::Passkey;
use crate::{RecipeUserId, operation::operation};

/// Lists the passkeys of a login method, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListPasskeys {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`ListPasskeys`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListPasskeysResponse {
    /// The passkeys; none for an unknown login method.
    Ok {
        /// The passkeys.
        credentials: Vec<Passkey>,
    },
}

operation!(
    ListPasskeys => ListPasskeysResponse,
    "list_passkeys", Get "/recipe/webauthn/user/credential/list", Tenant
);
