//! `PUT /recipe/webauthn/user/credential/name` (extension)

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Gives a passkey of a login method a name. An extension: the reference's core has no names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RenamePasskey {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The passkey's id, base64url.
    pub webauthn_credential_id: String,
    /// The name. White space is made single blanks and invisible characters are left out; where
    /// nothing remains, the passkey has its authenticator's name again.
    pub name: String,
}

/// The answer to [`RenamePasskey`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RenamePasskeyResponse {
    /// It is written.
    Ok {
        /// What lists have for it now; `None` where it has no name, and its authenticator's isn't
        /// known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// The login method has no such passkey.
    CredentialNotFoundError,
    /// The name is too long.
    InvalidNameError {
        /// Why, for people.
        reason: String,
    },
}

operation!(
    RenamePasskey => RenamePasskeyResponse,
    "rename_passkey", Put "/recipe/webauthn/user/credential/name", Tenant
);
