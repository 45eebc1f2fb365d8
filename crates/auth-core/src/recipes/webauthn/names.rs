//! What passkeys are called (an extension).

use auth_protocol::{
    RecipeUserId, TenantId,
    webauthn::{RenamePasskey, RenamePasskeyResponse},
};

use crate::{Context, Error, Result, overrides::input};

input! {
    /// A name for a passkey.
    pub struct RenameCredentialInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
        /// The name; an empty one gives the authenticator's back.
        name: String,
    }
}

/// What became of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RenameCredentialOutcome {
    /// `OK`
    Ok {
        /// What lists have for it now; `None` where it has no name, and its authenticator's isn't known.
        name: Option<String>,
    },
    /// `CREDENTIAL_NOT_FOUND_ERROR`: the login method has no such passkey.
    CredentialNotFound,
    /// `INVALID_NAME_ERROR`: the name is too long.
    InvalidName {
        /// Why, for people.
        reason: String,
    },
}

/// # Errors
/// [`Error::General`] where the core keeps no names.
pub(super) async fn rename(
    cx: &Context,
    input: RenameCredentialInput,
) -> Result<RenameCredentialOutcome> {
    use RenameCredentialOutcome as Outcome;
    let RenameCredentialInput { recipe_user_id, webauthn_credential_id, name } = input;
    let request = RenamePasskey { recipe_user_id, webauthn_credential_id, name };
    match cx.core().call(&TenantId::default(), request).await {
        Ok(RenamePasskeyResponse::Ok { name }) => Ok(Outcome::Ok { name }),
        Ok(RenamePasskeyResponse::CredentialNotFoundError) => Ok(Outcome::CredentialNotFound),
        Ok(RenamePasskeyResponse::InvalidNameError { reason }) => {
            Ok(Outcome::InvalidName { reason })
        }
        Err(error) if error.is_unknown_operation() => {
            Err(Error::general("Passkeys have no names here"))
        }
        Err(error) => Err(error.into()),
    }
}
