//! `POST /recipe/signinup/code`

use serde::{Deserialize, Serialize};

use super::CreatedCode;
use crate::{Secret, operation::operation};

/// Creates a code: the first one of a new device, for an address or a phone number, or another one
/// for a device that has some, which takes the place of the earlier. Exactly one of the three is
/// given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateCode {
    /// The address; trimmed and lower-cased by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number; normalised by the core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// The device that gets another code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Secret>,
    /// The code that the user shall type in; the core draws six digits where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_input_code: Option<Secret>,
}

impl CreateCode {
    /// The first code of a new device, for an address.
    pub fn for_email(email: impl Into<String>) -> Self {
        Self { email: Some(email.into()), ..Self::default() }
    }

    /// The first code of a new device, for a phone number.
    pub fn for_phone_number(phone_number: impl Into<String>) -> Self {
        Self { phone_number: Some(phone_number.into()), ..Self::default() }
    }

    /// Another code for a device.
    pub fn for_device(device_id: impl Into<Secret>) -> Self {
        Self { device_id: Some(device_id.into()), ..Self::default() }
    }

    /// Chooses the code that the user shall type in.
    #[must_use]
    pub fn user_input_code(mut self, code: Option<Secret>) -> Self {
        self.user_input_code = code;
        self
    }
}

/// The answer to [`CreateCode`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreateCodeResponse {
    /// The code.
    Ok(CreatedCode),
    /// The device is unknown: its codes were used, revoked, guessed at too often or tidied up.
    RestartFlowError,
    /// The device has or had this code already; or its contact isn't sent any further code for now.
    UserInputCodeAlreadyUsedError,
}

operation!(
    CreateCode => CreateCodeResponse,
    "create_code", Post "/recipe/signinup/code", Tenant
);
