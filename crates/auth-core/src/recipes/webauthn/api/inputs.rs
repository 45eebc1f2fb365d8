//! What the routes take, and what they are answered with.

use auth_protocol::{JsonObject, RecipeUserId, Secret, TenantId, User, webauthn::Passkey};

use super::super::{PasskeyFor, PasskeyRefusal};
use crate::{overrides::input, recipes::session::Session};

input! {
    /// Asks for options by which a browser makes a passkey.
    pub struct RegisterOptionsPostInput from &str {
        /// For whom; a text is an address.
        passkey_for: PasskeyFor,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// Asks for options by which a browser uses a passkey.
    #[derive(Default)]
    pub struct SignInOptionsPostInput {
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// A sign-up.
    pub struct SignUpPostInput {
        /// The options by which the passkey was made.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What a sign-up is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignUpPostOutcome {
    /// `OK`: the user is created and signed in.
    Ok {
        /// The user.
        user: User,
        /// The session.
        session: Session,
    },
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `SIGN_UP_NOT_ALLOWED`
    SignUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
    /// The passkey isn't taken.
    Refused(PasskeyRefusal),
}

input! {
    /// A sign-in.
    pub struct SignInPostInput {
        /// The options by which the passkey was used.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
}

/// What a sign-in is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SignInPostOutcome {
    /// `OK`: the user is signed in.
    Ok {
        /// The user.
        user: User,
        /// The session.
        session: Session,
    },
    /// `INVALID_CREDENTIALS_ERROR`, whatever is wrong with the passkey or its options.
    InvalidCredentials,
    /// `SIGN_IN_NOT_ALLOWED`
    SignInNotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

input! {
    /// Asks for a recovery link.
    pub struct GenerateRecoverAccountTokenPostInput {
        /// The address.
        email: String,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

/// What the request for a recovery link is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GenerateRecoverAccountTokenPostOutcome {
    /// `OK`: the link is on its way, where there is an account.
    Ok,
    /// `RECOVER_ACCOUNT_NOT_ALLOWED`: who has the address could take over an account that isn't proved
    /// to be theirs.
    NotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

input! {
    /// A new passkey, and the token that permits it.
    pub struct RecoverAccountPostInput {
        /// The token from the link.
        token: Secret,
        /// The options by which the passkey was made.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// Asks whether an address has an account.
    pub struct EmailExistsGetInput {
        /// The address.
        email: String,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// One more passkey of a session's user.
    pub struct RegisterCredentialPostInput {
        /// The session.
        session: Session,
        /// The login method that gets it.
        recipe_user_id: RecipeUserId,
        /// The options by which the passkey was made.
        webauthn_generated_options_id: String,
        /// What the browser answered.
        credential: JsonObject,
    }
}

/// What one more passkey is answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterCredentialPostOutcome {
    /// `OK`: the passkey is the login method's.
    Ok,
    /// `REGISTER_CREDENTIAL_NOT_ALLOWED`
    NotAllowed {
        /// Why, for the user.
        reason: String,
    },
    /// `OPTIONS_NOT_FOUND_ERROR`: there are none, or they are used up, have expired, or aren't for a
    /// passkey to be made.
    OptionsNotFound,
    /// `GENERAL_ERROR` with `User not found`: the session's user has no such login method of this recipe.
    UserNotFound,
    /// `GENERAL_ERROR` with `Email mismatch`: the options are for another address.
    EmailMismatch,
}

input! {
    /// Asks for the passkeys of a session's user.
    pub struct ListCredentialsGetInput {
        /// The session.
        session: Session,
    }
}

/// The passkeys of a session's user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListCredentialsGetOutcome {
    /// `OK`: those of all its login methods.
    Ok(Vec<Passkey>),
    /// `GENERAL_ERROR` with `User not found`.
    UserNotFound,
}

input! {
    /// A passkey of a session's user that is to go.
    pub struct RemoveCredentialPostInput {
        /// The session.
        session: Session,
        /// The passkey's id, base64url.
        webauthn_credential_id: String,
    }
}

/// What became of a passkey that was to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoveCredentialPostOutcome {
    /// `OK`: it is gone.
    Ok,
    /// `CREDENTIAL_NOT_FOUND_ERROR`: the user has no such passkey.
    CredentialNotFound,
    /// `GENERAL_ERROR` with `User not found`.
    UserNotFound,
}
