//! `DELETE /recipe/webauthn/user/credential/remove`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Removes a passkey of a login method.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovePasskey {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The passkey's id, base64url.
    pub webauthn_credential_id: String,
    /// Whether it stays where its user has no other passkey; `false` when absent. An extension: the
    /// reference's core takes no notice of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_last: Option<bool>,
}

/// The answer to [`RemovePasskey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RemovePasskeyResponse {
    /// It is gone.
    Ok,
    /// The login method has no such passkey.
    CredentialNotFoundError,
    /// It is its user's last one, and was to [stay](RemovePasskey::keep_last) then.
    LastCredentialError,
}

operation!(
    RemovePasskey => RemovePasskeyResponse,
    "remove_passkey", Delete "/recipe/webauthn/user/credential/remove", Tenant
);
