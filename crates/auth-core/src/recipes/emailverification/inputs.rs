//! What the functions of this recipe take and give.

use auth_protocol::{RecipeUserId, Secret, TenantId};

use crate::overrides::input;

/// The address of a login method.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailForRecipeUserId {
    /// `OK`: its address.
    Ok {
        /// The address.
        email: String,
    },
    /// `EMAIL_DOES_NOT_EXIST_ERROR`: it has none, so that it counts as verified.
    EmailDoesNotExist,
    /// `UNKNOWN_USER_ID_ERROR`: there is no such login method. From an application's own rule it means
    /// that the rule doesn't know: then the address is the one that the core has.
    UnknownUserId,
}

impl EmailForRecipeUserId {
    /// This address.
    pub fn ok(email: impl Into<String>) -> Self {
        Self::Ok { email: email.into() }
    }
}

impl std::fmt::Debug for EmailForRecipeUserId {
    /// Without the address.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ok { .. } => "Ok",
            Self::EmailDoesNotExist => "EmailDoesNotExist",
            Self::UnknownUserId => "UnknownUserId",
        })
    }
}

input! {
    /// For which login method and address a token is made.
    pub struct CreateEmailVerificationTokenInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The address; the login method's by default.
        email: Option<String>,
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What became of the creation of a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CreateEmailVerificationTokenOutcome {
    /// `OK`: the token. Who has it verifies the address.
    Ok(Secret),
    /// `EMAIL_ALREADY_VERIFIED_ERROR`: it is verified, or the login method has no address.
    EmailAlreadyVerified,
}

input! {
    /// A token to use up.
    pub struct VerifyEmailUsingTokenInput from Secret {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// Whether the login method is then linked to the user that it belongs with, as far as the
        /// application permits; `true` by default.
        attempt_account_linking: bool = true,
    }
}

/// What became of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyEmailUsingTokenOutcome {
    /// `OK`: the address is verified.
    Ok {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The address.
        email: String,
    },
    /// `EMAIL_VERIFICATION_INVALID_TOKEN_ERROR`: the token is unknown, used or expired.
    InvalidToken,
}

input! {
    /// Which login method and address are asked about.
    pub struct IsEmailVerifiedInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The address; the login method's by default.
        email: Option<String>,
    }
}

input! {
    /// Whose tokens end.
    pub struct RevokeEmailVerificationTokensInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The address; the login method's by default.
        email: Option<String>,
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Which address isn't verified any more.
    pub struct UnverifyEmailInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// The address; the login method's by default.
        email: Option<String>,
    }
}
