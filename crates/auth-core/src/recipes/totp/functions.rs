//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    Secret, TenantId, UserId,
    totp::{
        CreateTotpDevice, CreateTotpDeviceResponse, ImportTotpDevice, ImportTotpDeviceResponse,
        ListTotpDevices, ListTotpDevicesResponse, RemoveTotpDevice, RemoveTotpDeviceResponse,
        TotpDevice, UpdateTotpDevice, UpdateTotpDeviceResponse, VerifyTotp, VerifyTotpDevice,
        VerifyTotpDeviceResponse, VerifyTotpResponse,
    },
};

use super::{ImportDevice, TotpInstance, qr::qr_code_string};
use crate::{Context, Result, overrides::overridable};

/// A device to create.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateDevice {
    /// The user.
    pub user_id: UserId,
    /// The account's name in the authenticator app; found by the user's address or number where
    /// it is absent.
    pub user_identifier_info: Option<String>,
    /// The device's name; `TOTP Device <n>` where it is absent.
    pub device_name: Option<String>,
    /// How many periods a code may be early or late; the recipe's setting where it is absent.
    pub skew: Option<u32>,
    /// How long each code is shown, in seconds; the recipe's setting where it is absent.
    pub period_secs: Option<u32>,
}

impl CreateDevice {
    /// A device of a user, by the recipe's settings.
    pub fn new(user_id: UserId) -> Self {
        Self {
            user_id,
            user_identifier_info: None,
            device_name: None,
            skew: None,
            period_secs: None,
        }
    }

    /// Names the device.
    #[must_use]
    pub fn device_name(mut self, name: impl Into<String>) -> Self {
        self.device_name = Some(name.into());
        self
    }

    /// Sets the account's name in the authenticator app.
    #[must_use]
    pub fn user_identifier_info(mut self, info: impl Into<String>) -> Self {
        self.user_identifier_info = Some(info.into());
        self
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

overridable! {
    /// The recipe's functions.
    pub trait TotpFunctions;
    /// Replaces functions of [`TotpFunctions`].
    pub trait TotpOverride;
    struct TotpLayer;

    /// The address or number by which an authenticator app names a user's account.
    async fn get_user_identifier_info_for_user_id(user_id: UserId) -> Result<UserIdentifierInfo>;

    /// Creates a device with a new secret; an unverified one of its name is replaced.
    async fn create_device(input: CreateDevice) -> Result<CreateDeviceOutcome>;

    /// Creates a verified device with a secret from elsewhere; an unverified one of its name is
    /// replaced.
    async fn import_device(input: ImportDevice) -> Result<ImportTotpDeviceResponse>;

    /// Gives a device another name.
    async fn update_device(
        user_id: UserId,
        existing_device_name: String,
        new_device_name: String,
    ) -> Result<UpdateTotpDeviceResponse>;

    /// Lists a user's devices, oldest first.
    async fn list_devices(user_id: UserId) -> Result<Vec<TotpDevice>>;

    /// Removes a device; whether it was there.
    async fn remove_device(user_id: UserId, device_name: String) -> Result<bool>;

    /// Checks the first code of a new device, which then counts.
    async fn verify_device(
        tenant_id: TenantId,
        user_id: UserId,
        device_name: String,
        totp: Secret,
    ) -> Result<VerifyTotpDeviceResponse>;

    /// Checks a code of any of a user's verified devices.
    async fn verify_totp(
        tenant_id: TenantId,
        user_id: UserId,
        totp: Secret,
    ) -> Result<VerifyTotpResponse>;
}

pub(super) fn with_overrides(overrides: Vec<Arc<dyn TotpOverride>>) -> Arc<dyn TotpFunctions> {
    TotpLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl TotpFunctions for Base {
    async fn get_user_identifier_info_for_user_id(
        &self,
        cx: &Context,
        user_id: UserId,
    ) -> Result<UserIdentifierInfo> {
        let Some(user) = cx.accountlinking()?.get_user(&user_id).await? else {
            return Ok(UserIdentifierInfo::UnknownUserId);
        };
        let own =
            user.login_methods.iter().find(|it| it.recipe_user_id.as_str() == user.id.as_str());
        let of_own = own.and_then(|method| method.email.clone().or(method.phone_number.clone()));
        let any = || user.emails.first().or(user.phone_numbers.first()).cloned();
        Ok(match of_own.or_else(any) {
            Some(info) => UserIdentifierInfo::Ok(info),
            None => UserIdentifierInfo::DoesNotExist,
        })
    }

    async fn create_device(
        &self,
        cx: &Context,
        input: CreateDevice,
    ) -> Result<CreateDeviceOutcome> {
        let instance = TotpInstance::of(cx)?;
        let mut identifier = input.user_identifier_info;
        if identifier.is_none() {
            let user_id = input.user_id.clone();
            let functions = instance.functions();
            identifier = match functions.get_user_identifier_info_for_user_id(cx, user_id).await? {
                UserIdentifierInfo::Ok(info) => Some(info),
                UserIdentifierInfo::DoesNotExist => None,
                UserIdentifierInfo::UnknownUserId => return Ok(CreateDeviceOutcome::UnknownUserId),
            };
        }
        let settings = &instance.settings;
        let period = input.period_secs.unwrap_or(settings.default_period_secs);
        let request = CreateTotpDevice {
            user_id: input.user_id,
            device_name: input.device_name,
            skew: input.skew.unwrap_or(settings.default_skew),
            period,
        };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            CreateTotpDeviceResponse::Ok { device_name, secret } => {
                let qr_code_string =
                    qr_code_string(&settings.issuer, identifier.as_deref(), &secret, period);
                CreateDeviceOutcome::Ok(CreatedDevice { device_name, secret, qr_code_string })
            }
            CreateTotpDeviceResponse::DeviceAlreadyExistsError => {
                CreateDeviceOutcome::DeviceAlreadyExists
            }
        })
    }

    async fn import_device(
        &self,
        cx: &Context,
        input: ImportDevice,
    ) -> Result<ImportTotpDeviceResponse> {
        let settings = &TotpInstance::of(cx)?.settings;
        let request = ImportTotpDevice {
            user_id: input.user_id,
            device_name: input.device_name,
            secret_key: input.secret,
            skew: input.skew.unwrap_or(settings.default_skew),
            period: input.period_secs.unwrap_or(settings.default_period_secs),
        };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn update_device(
        &self,
        cx: &Context,
        user_id: UserId,
        existing_device_name: String,
        new_device_name: String,
    ) -> Result<UpdateTotpDeviceResponse> {
        let request = UpdateTotpDevice { user_id, existing_device_name, new_device_name };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn list_devices(&self, cx: &Context, user_id: UserId) -> Result<Vec<TotpDevice>> {
        let ListTotpDevicesResponse::Ok { devices } =
            cx.core().call(&TenantId::default(), ListTotpDevices { user_id }).await?;
        Ok(devices)
    }

    async fn remove_device(
        &self,
        cx: &Context,
        user_id: UserId,
        device_name: String,
    ) -> Result<bool> {
        let request = RemoveTotpDevice { user_id, device_name };
        let RemoveTotpDeviceResponse::Ok { did_device_exist } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_device_exist)
    }

    async fn verify_device(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
        device_name: String,
        totp: Secret,
    ) -> Result<VerifyTotpDeviceResponse> {
        let request = VerifyTotpDevice { user_id, device_name, totp };
        Ok(cx.core().call(&tenant_id, request).await?)
    }

    async fn verify_totp(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
        totp: Secret,
    ) -> Result<VerifyTotpResponse> {
        Ok(cx.core().call(&tenant_id, VerifyTotp { user_id, totp }).await?)
    }
}
