//! What the functions of this recipe take and give.

use auth_protocol::{
    RecipeUserId, Secret, SessionHandle, TenantId, User,
    passwordless::{CodeProof, ConsumedDevice, ContactChange, CreatedCode},
};

use super::Contact;
use crate::recipes::{session::Session, sign_in::LinkingFailure};

/// Asks for the first code of a new device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateCodeInput {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Whom the code is for.
    pub contact: Contact,
    /// The code to type in; the core draws one where it is absent.
    pub user_input_code: Option<Secret>,
    /// The session that the request came with.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user.
    pub should_try_linking_with_session_user: Option<bool>,
}

impl CreateCodeInput {
    /// A code that the core draws, without a session.
    pub fn new(tenant_id: TenantId, contact: Contact) -> Self {
        Self {
            tenant_id,
            contact,
            user_input_code: None,
            session: None,
            should_try_linking_with_session_user: None,
        }
    }
}

/// Asks for another code of a device, in the place of the earlier.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewCodeInput {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The device's secret.
    pub device_id: Secret,
    /// The code to type in; the core draws one where it is absent.
    pub user_input_code: Option<Secret>,
}

impl NewCodeInput {
    /// A code that the core draws.
    pub fn new(tenant_id: TenantId, device_id: impl Into<Secret>) -> Self {
        Self { tenant_id, device_id: device_id.into(), user_input_code: None }
    }
}

/// What became of another code of a device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NewCodeOutcome {
    /// `OK`: the code.
    Ok(CreatedCode),
    /// `RESTART_FLOW_ERROR`: the device is unknown.
    RestartFlow,
    /// `USER_INPUT_CODE_ALREADY_USED_ERROR`: the device has or had this code already; or its
    /// contact has got as many codes as it may for now.
    UserInputCodeAlreadyUsed,
}

/// A code to use up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConsumeCodeInput {
    /// The tenant.
    pub tenant_id: TenantId,
    /// The code.
    pub proof: CodeProof,
    /// The session that the request came with.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user.
    pub should_try_linking_with_session_user: Option<bool>,
}

impl ConsumeCodeInput {
    /// A code, without a session.
    pub fn new(tenant_id: TenantId, proof: CodeProof) -> Self {
        Self { tenant_id, proof, session: None, should_try_linking_with_session_user: None }
    }
}

/// How many wrong codes were typed in at a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeAttempts {
    /// How many there were, the last one included.
    pub failed_code_input_attempt_count: i64,
    /// How many there may be.
    pub maximum_code_input_attempts: i64,
}

/// What became of a code that was to be used up.
// The large variant is the usual one.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumeCodeOutcome {
    /// `OK`: the code was right; it isn't any more.
    Ok {
        /// Whether the login method is new.
        created_new_recipe_user: bool,
        /// The user.
        user: User,
        /// The login method that has the contact.
        recipe_user_id: RecipeUserId,
        /// The device that the code belonged to.
        consumed_device: ConsumedDevice,
    },
    /// `INCORRECT_USER_INPUT_CODE_ERROR`: the code that was typed in is wrong.
    IncorrectUserInputCode(CodeAttempts),
    /// `EXPIRED_USER_INPUT_CODE_ERROR`: the code that was typed in was right once.
    ExpiredUserInputCode(CodeAttempts),
    /// `RESTART_FLOW_ERROR`: a new code must be requested, as the device is gone or too many wrong
    /// codes were entered for its contact.
    RestartFlow,
    /// `LINKING_TO_SESSION_USER_FAILED`: the code was right, but the account can't be linked to
    /// the session's user.
    LinkingToSessionUserFailed(LinkingFailure),
}

/// What a code is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckCodeOutcome {
    /// `OK`: the code is right, and stays so.
    Ok(ConsumedDevice),
    /// `INCORRECT_USER_INPUT_CODE_ERROR`: the code that was typed in is wrong.
    IncorrectUserInputCode(CodeAttempts),
    /// `EXPIRED_USER_INPUT_CODE_ERROR`: the code that was typed in was right once.
    ExpiredUserInputCode(CodeAttempts),
    /// `RESTART_FLOW_ERROR`: a new code must be requested, as the device is gone or too many wrong
    /// codes were entered for its contact.
    RestartFlow,
}

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevokeCodeInput {
    /// One code, by its id.
    CodeId(String),
    /// A device with all its codes.
    PreAuthSessionId(String),
}

/// A change of a login method's contacts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UpdateUserInput {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// What becomes of its address.
    pub email: ContactChange,
    /// What becomes of its phone number.
    pub phone_number: ContactChange,
    /// The session that goes on where the removal of a contact ends the login method's others. By
    /// default the one that a guard found in front of the route, if there is one.
    pub keep_session: Option<SessionHandle>,
}

impl UpdateUserInput {
    /// A change of nothing yet.
    pub fn new(recipe_user_id: RecipeUserId) -> Self {
        Self {
            recipe_user_id,
            email: ContactChange::Keep,
            phone_number: ContactChange::Keep,
            keep_session: None,
        }
    }

    /// Changes the address.
    #[must_use]
    pub fn email(mut self, change: ContactChange) -> Self {
        self.email = change;
        self
    }

    /// Changes the phone number.
    #[must_use]
    pub fn phone_number(mut self, change: ContactChange) -> Self {
        self.phone_number = change;
        self
    }

    /// Names the session that goes on where the removal of a contact ends the login method's
    /// others: the one in which it is removed.
    #[must_use]
    pub fn keep_session(mut self, session_handle: SessionHandle) -> Self {
        self.keep_session = Some(session_handle);
        self
    }
}

/// What became of an [`UpdateUserInput`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateUserOutcome {
    /// `OK`
    Ok,
    /// `UNKNOWN_USER_ID_ERROR`: no such login method of this recipe.
    UnknownUserId,
    /// `EMAIL_ALREADY_EXISTS_ERROR`
    EmailAlreadyExists,
    /// `PHONE_NUMBER_ALREADY_EXISTS_ERROR`
    PhoneNumberAlreadyExists,
    /// `EMAIL_CHANGE_NOT_ALLOWED_ERROR`
    EmailChangeNotAllowed {
        /// Why.
        reason: String,
    },
    /// `PHONE_NUMBER_CHANGE_NOT_ALLOWED_ERROR`
    PhoneNumberChangeNotAllowed {
        /// Why.
        reason: String,
    },
}
