//! What the routes take, and what they are answered with.

use auth_protocol::{JsonObject, TenantId, User};

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
