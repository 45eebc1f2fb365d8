//! What the functions of this recipe take and give.

use auth_protocol::{Secret, TenantId, UserId};

use crate::overrides::input;

input! {
    /// Whose account an authenticator app is to name.
    pub struct GetUserIdentifierInfoForUserIdInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// A device to create.
    pub struct CreateDeviceInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
        ..
        /// The account's name in the authenticator app; found by the user's address or number where
        /// it is absent.
        user_identifier_info: Option<String>,
        /// The device's name; `TOTP Device <n>` where it is absent.
        device_name: Option<String>,
        /// How many periods a code may be early or late; the recipe's setting where it is absent.
        skew: Option<u32>,
        /// How long each code is shown, in seconds; the recipe's setting where it is absent.
        period_secs: Option<u32>,
    }
}

/// A device that was created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreatedDevice {
    /// Its name.
    pub device_name: String,
    /// The secret for the authenticator app, in Base32 (RFC 4648).
    pub secret: Secret,
    /// The secret as an authenticator app scans it; [`qr_code_svg`](super::qr_code_svg) draws it.
    pub qr_code_string: Secret,
}

/// What became of the creation of a device.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CreateDeviceOutcome {
    /// `OK`: it counts once one of its codes was entered.
    Ok(CreatedDevice),
    /// `DEVICE_ALREADY_EXISTS_ERROR`: the user has a verified device of that name.
    DeviceAlreadyExists,
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

/// By what an authenticator app names an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserIdentifierInfo {
    /// `OK`: an address or a number.
    Ok(String),
    /// `USER_IDENTIFIER_INFO_DOES_NOT_EXIST_ERROR`: the user has neither.
    DoesNotExist,
    /// `UNKNOWN_USER_ID_ERROR`
    UnknownUserId,
}

input! {
    /// A device that a user has in an authenticator app already, set up with another system
    /// (CDI §1.8; the reference's SDKs have no function for it).
    ///
    /// ```
    /// # use auth_core::{Auth, Result, protocol::{UserId, totp::ImportTotpDeviceResponse}};
    /// use auth_core::recipes::totp::ImportDeviceInput;
    ///
    /// # async fn import(auth: &Auth, user_id: &UserId) -> Result<()> {
    /// let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    /// let device = ImportDeviceInput::new(user_id, secret).device_name("phone");
    /// let imported = auth.totp()?.import_device(device).await?;
    /// assert!(matches!(imported, ImportTotpDeviceResponse::Ok { .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub struct ImportDeviceInput {
        /// The user.
        user_id: UserId,
        /// The secret, in Base32 (RFC 4648).
        secret: Secret,
        ..
        /// The device's name; `TOTP Device <n>` where it is absent.
        device_name: Option<String>,
        /// How many periods a code may be early or late; the recipe's setting where it is absent.
        skew: Option<u32>,
        /// How long each code is shown, in seconds; the recipe's setting where it is absent.
        period_secs: Option<u32>,
    }
}

input! {
    /// A device that gets another name.
    pub struct UpdateDeviceInput {
        /// The user.
        user_id: UserId,
        /// The name that it has.
        existing_device_name: String,
        /// The name that it gets.
        new_device_name: String,
    }
}

input! {
    /// Whose devices are listed.
    pub struct ListDevicesInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// A device to remove.
    pub struct RemoveDeviceInput {
        /// The user.
        user_id: UserId,
        /// The device's name.
        device_name: String,
    }
}

input! {
    /// The first code of a new device.
    pub struct VerifyDeviceInput {
        /// The user.
        user_id: UserId,
        /// The device's name.
        device_name: String,
        /// The code.
        totp: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// A code of any of a user's devices.
    pub struct VerifyTotpInput {
        /// The user.
        user_id: UserId,
        /// The code.
        totp: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}
