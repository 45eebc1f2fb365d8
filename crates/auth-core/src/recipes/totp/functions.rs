//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    TenantId,
    totp::{
        CreateTotpDevice, CreateTotpDeviceResponse, ImportTotpDevice, ImportTotpDeviceResponse,
        ListTotpDevices, ListTotpDevicesResponse, RemoveTotpDevice, RemoveTotpDeviceResponse,
        TotpDevice, UpdateTotpDevice, UpdateTotpDeviceResponse, VerifyTotp, VerifyTotpDevice,
        VerifyTotpDeviceResponse, VerifyTotpResponse,
    },
};

use super::{
    CreateDeviceInput, CreateDeviceOutcome, CreatedDevice, GetUserIdentifierInfoForUserIdInput,
    ImportDeviceInput, ListDevicesInput, RemoveDeviceInput, TotpInstance, UpdateDeviceInput,
    UserIdentifierInfo, VerifyDeviceInput, VerifyTotpInput, qr::qr_code_string,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's functions.
    pub struct TotpFunctions;
    /// Replaces functions of [`TotpFunctions`].
    pub trait TotpOverride;
    trait TotpBase;
    handle Totp by totp of TotpInstance;

    /// The address or number by which an authenticator app names a user's account.
    async fn get_user_identifier_info_for_user_id(
        input: GetUserIdentifierInfoForUserIdInput,
    ) -> Result<UserIdentifierInfo>;

    /// Creates a device with a new secret; an unverified one of its name is replaced.
    async fn create_device(input: CreateDeviceInput) -> Result<CreateDeviceOutcome>;

    /// Creates a verified device with a secret that the user's authenticator app has already; an
    /// unverified one of its name is replaced.
    ///
    /// # Errors
    /// Where the secret isn't Base32, or a number is out of range.
    async fn import_device(input: ImportDeviceInput) -> Result<ImportTotpDeviceResponse>;

    /// Gives a device another name.
    async fn update_device(input: UpdateDeviceInput) -> Result<UpdateTotpDeviceResponse>;

    /// Lists a user's devices, oldest first.
    async fn list_devices(input: ListDevicesInput) -> Result<Vec<TotpDevice>>;

    /// Removes a device; whether it was there.
    async fn remove_device(input: RemoveDeviceInput) -> Result<bool>;

    /// Checks the first code of a new device, which then counts.
    async fn verify_device(input: VerifyDeviceInput) -> Result<VerifyTotpDeviceResponse>;

    /// Checks a code of any of a user's verified devices. Each code is accepted once.
    async fn verify_totp(input: VerifyTotpInput) -> Result<VerifyTotpResponse>;
}

pub(super) fn with_overrides(overrides: Overrides<TotpFunctions>) -> TotpFunctions {
    overrides.around(TotpFunctions::new(Base))
}

struct Base;

#[async_trait]
impl TotpBase for Base {
    async fn get_user_identifier_info_for_user_id(
        &self,
        cx: &Context,
        input: GetUserIdentifierInfoForUserIdInput,
    ) -> Result<UserIdentifierInfo> {
        let Some(user) = cx.accountlinking()?.get_user(&input.user_id).await? else {
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
        input: CreateDeviceInput,
    ) -> Result<CreateDeviceOutcome> {
        let instance = TotpInstance::of(cx)?;
        let mut identifier = input.user_identifier_info;
        if identifier.is_none() {
            let (functions, user_id) = (instance.functions(), &input.user_id);
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
        input: ImportDeviceInput,
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
        input: UpdateDeviceInput,
    ) -> Result<UpdateTotpDeviceResponse> {
        let UpdateDeviceInput { user_id, existing_device_name, new_device_name } = input;
        let request = UpdateTotpDevice { user_id, existing_device_name, new_device_name };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn list_devices(&self, cx: &Context, input: ListDevicesInput) -> Result<Vec<TotpDevice>> {
        let request = ListTotpDevices { user_id: input.user_id };
        let ListTotpDevicesResponse::Ok { devices } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(devices)
    }

    async fn remove_device(&self, cx: &Context, input: RemoveDeviceInput) -> Result<bool> {
        let RemoveDeviceInput { user_id, device_name } = input;
        let request = RemoveTotpDevice { user_id, device_name };
        let RemoveTotpDeviceResponse::Ok { did_device_exist } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_device_exist)
    }

    async fn verify_device(
        &self,
        cx: &Context,
        input: VerifyDeviceInput,
    ) -> Result<VerifyTotpDeviceResponse> {
        let VerifyDeviceInput { user_id, device_name, totp, tenant_id } = input;
        let request = VerifyTotpDevice { user_id, device_name, totp };
        Ok(cx.core().call(&tenant_id, request).await?)
    }

    async fn verify_totp(
        &self,
        cx: &Context,
        input: VerifyTotpInput,
    ) -> Result<VerifyTotpResponse> {
        let VerifyTotpInput { user_id, totp, tenant_id } = input;
        Ok(cx.core().call(&tenant_id, VerifyTotp { user_id, totp }).await?)
    }
}
