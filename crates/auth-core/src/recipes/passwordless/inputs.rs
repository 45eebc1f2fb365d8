//! What the functions of this recipe take and give.

use auth_protocol::{
    RecipeUserId, Secret, SessionHandle, TenantId, User,
    passwordless::{CodeProof, ConsumedDevice, ContactChange, CreatedCode},
};

use super::Contact;
use crate::{
    overrides::input,
    recipes::{session::Session, sign_in::LinkingFailure},
};

input! {
    /// Asks for the first code of a new device.
    pub struct CreateCodeInput from Contact {
        /// Whom the code is for.
        contact: Contact,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The code to type in; the core draws one where it is absent.
        user_input_code: Option<Secret>,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
    }
}

input! {
    /// Asks for another code of a device, in the place of the earlier.
    pub struct CreateNewCodeForDeviceInput from Secret {
        /// The device's secret.
        device_id: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The code to type in; the core draws one where it is absent.
        user_input_code: Option<Secret>,
    }
}

/// What became of another code of a device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CreateNewCodeForDeviceOutcome {
    /// `OK`: the code.
    Ok(CreatedCode),
    /// `RESTART_FLOW_ERROR`: the device is unknown.
    RestartFlow,
    /// `USER_INPUT_CODE_ALREADY_USED_ERROR`: the device has or had this code already; or its
    /// contact has got as many codes as it may for now.
    UserInputCodeAlreadyUsed,
}

input! {
    /// A code to use up.
    pub struct ConsumeCodeInput from CodeProof {
        /// The code.
        proof: CodeProof,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The session that the request came with.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user.
        should_try_linking_with_session_user: Option<bool>,
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

input! {
    /// A code to check.
    pub struct CheckCodeInput from CodeProof {
        /// The code.
        proof: CodeProof,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
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

input! {
    /// A change of a login method's contacts; of nothing yet.
    pub struct UpdateUserInput {
        /// The login method.
        recipe_user_id: RecipeUserId,
        ..
        /// What becomes of its address.
        email: ContactChange = ContactChange::Keep,
        /// What becomes of its phone number.
        phone_number: ContactChange = ContactChange::Keep,
        /// The session that goes on where the removal of a contact ends the login method's others:
        /// the one in which it is removed. By default the one that a guard found in front of the
        /// route, if there is one.
        keep_session: Option<SessionHandle>,
        /// Whether the address that the login method had is mailed that it has another one or none
        /// now, unless the recipe's settings turn such mails off; `true` by default.
        tell_old_address: bool = true,
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

input! {
    /// Whose codes are revoked.
    pub struct RevokeAllCodesInput from Contact {
        /// The contact.
        contact: Contact,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

/// What is revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevokedCode {
    /// One code, by its id.
    CodeId(String),
    /// A device with all its codes.
    PreAuthSessionId(String),
}

input! {
    /// A code to revoke.
    pub struct RevokeCodeInput from RevokedCode {
        /// Which.
        code: RevokedCode,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Whose devices are listed.
    pub struct ListCodesByEmailInput from String, &str {
        /// The address.
        email: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Whose devices are listed.
    pub struct ListCodesByPhoneNumberInput from String, &str {
        /// The phone number.
        phone_number: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Which device is wanted.
    pub struct ListCodesByDeviceIdInput from Secret {
        /// The device's secret.
        device_id: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Which device is wanted.
    pub struct ListCodesByPreAuthSessionIdInput from String, &str {
        /// The device's digest.
        pre_auth_session_id: String,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}
