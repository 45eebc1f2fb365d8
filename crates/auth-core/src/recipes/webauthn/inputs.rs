//! What the functions of this recipe take and give.

use auth_protocol::{
    JsonObject, RecipeUserId, Secret, TenantId, User, UserId,
    webauthn::{RegistrationOptions, SignInOptions},
};

use super::PasskeyRefusal;
use crate::{
    overrides::input,
    recipes::{session::Session, sign_in::LinkingFailure},
};

/// For whom a passkey is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PasskeyFor {
    /// Who has this address, or signs up with it.
    Email(String),
    /// Whose this recovery token is.
    RecoverAccountToken(Secret),
}

impl From<&str> for PasskeyFor {
    fn from(email: &str) -> Self {
        Self::Email(email.to_owned())
    }
}

impl From<String> for PasskeyFor {
    fn from(email: String) -> Self {
        Self::Email(email)
    }
}

input! {
    /// Options by which a browser makes a passkey.
    pub struct RegisterOptionsInput from &str {
        /// For whom; a text is an address.
        passkey_for: PasskeyFor,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The name that the authenticator shows; the address by default.
        display_name: Option<String>,
        /// The domain that the passkey is for; as the recipe's settings say by default.
        relying_party_id: Option<String>,
        /// The site's name; as the recipe's settings say by default.
        relying_party_name: Option<String>,
        /// The origin of the page; as the recipe's settings say by default.
        origin: Option<String>,
        /// How long the browser waits and the options are good, in milliseconds; as the recipe's
        /// settings say by default.
        timeout_ms: Option<u32>,
        /// `none`, `indirect`, `direct` or `enterprise`; as the recipe's settings say by default.
        attestation: Option<String>,
        /// Whether the authenticator must find the passkey without its id: `required`, `preferred` or
        /// `discouraged`; as the recipe's settings say by default.
        resident_key: Option<String>,
        /// Whether the authenticator asks for a PIN, a fingerprint or the like: `required`, `preferred`
        /// or `discouraged`; as the recipe's settings say by default.
        user_verification: Option<String>,
        /// Whether the user must touch the authenticator; `true` by default.
        user_presence: bool = true,
        /// Which keys are taken, the best first, by their numbers in the registry of COSE; as the
        /// recipe's settings say by default.
        supported_algorithm_ids: Option<Vec<i64>>,
    }
}

/// What became of a [`RegisterOptionsInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)]
pub enum RegisterOptionsOutcome {
    /// `OK`: the options.
    Ok(RegistrationOptions),
    /// `RECOVER_ACCOUNT_TOKEN_INVALID_ERROR`: the token is unknown, used or expired.
    RecoverAccountTokenInvalid,
    /// `INVALID_EMAIL_ERROR`
    InvalidEmail {
        /// Why, for the user.
        err: String,
    },
    /// `INVALID_OPTIONS_ERROR`: what is asked for isn't possible.
    InvalidOptions {
        /// Why.
        reason: String,
    },
}

input! {
    /// Options by which a browser uses a passkey.
    pub struct SignInOptionsInput {
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The domain that the passkey is for; as the recipe's settings say by default.
        relying_party_id: Option<String>,
        /// The site's name; as the recipe's settings say by default.
        relying_party_name: Option<String>,
        /// The origin of the page; as the recipe's settings say by default.
        origin: Option<String>,
        /// How long the browser waits and the options are good, in milliseconds; as the recipe's
        /// settings say by default.
        timeout_ms: Option<u32>,
        /// Whether the authenticator asks for a PIN, a fingerprint or the like: `required`, `preferred`
        /// or `discouraged`; as the recipe's settings say by default.
        user_verification: Option<String>,
        /// Whether the user must touch the authenticator; `true` by default.
        user_presence: bool = true,
    }
}

impl Default for SignInOptionsInput {
    fn default() -> Self {
        Self::new()
    }
}

/// What became of a [`SignInOptionsInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInOptionsOutcome {
    /// `OK`: the options.
    Ok(SignInOptions),
    /// `INVALID_OPTIONS_ERROR`: what is asked for isn't possible.
    InvalidOptions {
        /// Why.
        reason: String,
    },
}

input! {
    /// Who signs up.
    pub struct SignUpInput {
        /// The options by which the passkey was made; they say the address.
        webauthn_generated_options_id: String,
        /// What the browser answered (WebAuthn section 5.1, `toJSON`).
        credential: JsonObject,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a sign-up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignUpOutcome {
    /// `OK`: the user is created.
    Ok {
        /// The user.
        user: User,
        /// The new login method.
        recipe_user_id: RecipeUserId,
        /// Whether the authenticator asked for a PIN, a fingerprint or the like; `false` from a core
        /// that doesn't tell.
        user_verified: bool,
    },
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// The passkey isn't taken.
    Refused(PasskeyRefusal),
    /// `LINKING_TO_SESSION_USER_FAILED`: the user is created, but not linked to the session's.
    LinkingToSessionUserFailed(LinkingFailure),
}

input! {
    /// A login method to create.
    pub struct CreateNewRecipeUserInput {
        /// The options by which the passkey was made; they say the address.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Who signs in.
    pub struct SignInInput {
        /// The options by which the passkey was used.
        webauthn_generated_options_id: String,
        /// What the browser answered (WebAuthn section 5.1, `toJSON`).
        credential: JsonObject,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What became of a sign-in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInOutcome {
    /// `OK`: the passkey is right.
    Ok {
        /// The user.
        user: User,
        /// The login method that the passkey is of.
        recipe_user_id: RecipeUserId,
        /// Whether the authenticator asked for a PIN, a fingerprint or the like; `false` from a core
        /// that doesn't tell.
        user_verified: bool,
    },
    /// `CREDENTIAL_NOT_FOUND_ERROR`: the site has no such passkey.
    CredentialNotFound,
    /// `UNKNOWN_USER_ID_ERROR`: the passkey is right, but its user isn't in the tenant.
    UnknownUserId,
    /// The passkey isn't taken.
    Refused(PasskeyRefusal),
    /// `LINKING_TO_SESSION_USER_FAILED`: the passkey is right, but the account can't be linked to the
    /// session's user.
    LinkingToSessionUserFailed(LinkingFailure),
}

input! {
    /// A passkey to check.
    pub struct VerifyCredentialsInput {
        /// The options by which the passkey was used.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// For whom a recovery token is made.
    pub struct GenerateRecoverAccountTokenInput {
        /// The user.
        user_id: UserId,
        /// The address that the token is sent to.
        email: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What became of the creation of a recovery token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GenerateRecoverAccountTokenOutcome {
    /// `OK`: the token.
    Ok(Secret),
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

input! {
    /// A recovery token to use up.
    pub struct ConsumeRecoverAccountTokenInput from Secret {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What a recovery token stood for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumeRecoverAccountTokenOutcome {
    /// `OK`: the token was valid; it isn't any more.
    Ok {
        /// The user that it was made for.
        user_id: UserId,
        /// The address that it was sent to.
        email: String,
    },
    /// `RECOVER_ACCOUNT_TOKEN_INVALID_ERROR`: unknown, used or expired.
    InvalidToken,
}

input! {
    /// A recovery token whose user is asked for.
    pub struct GetUserFromRecoverAccountTokenInput from Secret {
        /// The token.
        token: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// Whose a recovery token is.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)]
pub enum GetUserFromRecoverAccountTokenOutcome {
    /// `OK`: the token is valid, and stays so.
    Ok {
        /// The user.
        user: User,
        /// Its login method of this recipe with the token's address; where it has none, the one that
        /// the token was made for.
        recipe_user_id: RecipeUserId,
        /// The address that the token was sent to. The reference's core doesn't tell.
        email: Option<String>,
    },
    /// `RECOVER_ACCOUNT_TOKEN_INVALID_ERROR`: unknown, used or expired.
    InvalidToken,
}

impl GetUserFromRecoverAccountTokenOutcome {
    /// The address that the token was sent to; where the core doesn't tell, that of the login method,
    /// or else the user's first.
    pub fn email(&self) -> Option<&str> {
        let Self::Ok { user, recipe_user_id, email } = self else { return None };
        let of_method = || user.login_method(recipe_user_id)?.email.as_deref();
        let of_user = || user.emails.first().map(String::as_str);
        email.as_deref().or_else(of_method).or_else(of_user)
    }
}

input! {
    /// One more passkey of a login method.
    pub struct RegisterCredentialInput {
        /// The login method, one of this recipe.
        recipe_user_id: RecipeUserId,
        /// The options by which the passkey was made; they are for the login method's address.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The tenant of the options; `public` by default.
        tenant_id: TenantId,
    }
}

/// What became of a [`RegisterCredentialInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterCredentialOutcome {
    /// `OK`: the passkey is the login method's.
    Ok {
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
    },
    /// `CREDENTIAL_ALREADY_EXISTS_ERROR`: the site has the passkey, whoever's it is.
    CredentialAlreadyExists,
    /// `UNKNOWN_USER_ID_ERROR`: no such login method of this recipe.
    UnknownUserId,
    /// The passkey isn't taken.
    Refused(PasskeyRefusal),
}

input! {
    /// A passkey to read.
    pub struct GetCredentialInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
    }
}

input! {
    /// A passkey to remove.
    pub struct RemoveCredentialInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
        ..
        /// Whether it stays where its user has no other passkey; `false` by default.
        keep_last: bool,
    }
}

input! {
    /// Whose passkeys are listed.
    pub struct ListCredentialsInput from RecipeUserId, &RecipeUserId {
        /// The login method.
        recipe_user_id: RecipeUserId,
    }
}

input! {
    /// Options to read.
    pub struct GetGeneratedOptionsInput from &str {
        /// Their id.
        webauthn_generated_options_id: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Options to remove.
    pub struct RemoveGeneratedOptionsInput from &str {
        /// Their id.
        webauthn_generated_options_id: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Another address for a login method.
    pub struct UpdateUserEmailInput {
        /// The login method, one of this recipe.
        recipe_user_id: RecipeUserId,
        /// The address.
        email: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// Whether the address that the login method had is mailed that it has another one now, unless
        /// the recipe's settings turn such mails off; `true` by default.
        tell_old_address: bool = true,
    }
}

/// What became of an [`UpdateUserEmailInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateUserEmailOutcome {
    /// `OK`
    Ok,
    /// `UNKNOWN_USER_ID_ERROR`: no such login method of this recipe.
    UnknownUserId,
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `EMAIL_CHANGE_NOT_ALLOWED_ERROR`
    EmailChangeNotAllowed {
        /// Why.
        reason: String,
    },
}

input! {
    /// A new passkey, and the token that permits it.
    pub struct RecoverAccountInput {
        /// The token from the link.
        token: Secret,
        /// The options by which the passkey was made.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What became of a recovery.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecoverAccountOutcome {
    /// `OK`: the passkey is the user's.
    Ok {
        /// The user.
        user: User,
        /// The address that the token was sent to.
        email: String,
    },
    /// `RECOVER_ACCOUNT_TOKEN_INVALID_ERROR`: the token is unknown, used or expired.
    InvalidToken,
    /// The passkey isn't taken.
    Refused(PasskeyRefusal),
}
