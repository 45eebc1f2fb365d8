//! The functions that an application calls.

use auth_protocol::{
    Secret, TenantId, UserId,
    totp::{
        ImportTotpDeviceResponse, TotpDevice, UpdateTotpDeviceResponse, VerifyTotpDeviceResponse,
        VerifyTotpResponse,
    },
};

use super::{CreateDevice, CreateDeviceOutcome, ID, ImportDevice, TotpFunctions, TotpInstance};
use crate::{Auth, Context, Result};

/// The functions of this recipe, in a context; got by [`Context::totp`] or [`Auth::totp`].
#[derive(Clone, Debug)]
pub struct Totp {
    cx: Context,
}

impl Context {
    /// The TOTP functions in this context.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn totp(&self) -> Result<Totp> {
        self.auth().recipe::<TotpInstance>(ID)?;
        Ok(Totp { cx: self.clone() })
    }
}

impl Auth {
    /// The TOTP functions outside of a request.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn totp(&self) -> Result<Totp> {
        self.context().totp()
    }
}

impl Totp {
    fn functions(&self) -> Result<&dyn TotpFunctions> {
        Ok(TotpInstance::of(&self.cx)?.functions())
    }

    /// Creates a device with a new secret; an unverified one of its name is replaced.
    pub async fn create_device(&self, input: CreateDevice) -> Result<CreateDeviceOutcome> {
        self.functions()?.create_device(&self.cx, input).await
    }

    /// Creates a verified device with a secret that the user's authenticator app has already.
    ///
    /// # Errors
    /// Where the secret isn't Base32, or a number is out of range.
    pub async fn import_device(&self, input: ImportDevice) -> Result<ImportTotpDeviceResponse> {
        self.functions()?.import_device(&self.cx, input).await
    }

    /// Gives a device another name.
    pub async fn update_device(
        &self,
        user_id: &UserId,
        existing_device_name: impl Into<String> + Send,
        new_device_name: impl Into<String> + Send,
    ) -> Result<UpdateTotpDeviceResponse> {
        let (old, new) = (existing_device_name.into(), new_device_name.into());
        self.functions()?.update_device(&self.cx, user_id.clone(), old, new).await
    }

    /// Lists a user's devices, oldest first.
    pub async fn list_devices(&self, user_id: &UserId) -> Result<Vec<TotpDevice>> {
        self.functions()?.list_devices(&self.cx, user_id.clone()).await
    }

    /// Removes a device; whether it was there.
    pub async fn remove_device(
        &self,
        user_id: &UserId,
        device_name: impl Into<String> + Send,
    ) -> Result<bool> {
        self.functions()?.remove_device(&self.cx, user_id.clone(), device_name.into()).await
    }

    /// Checks the first code of a new device, which then counts.
    pub async fn verify_device(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
        device_name: impl Into<String> + Send,
        totp: Secret,
    ) -> Result<VerifyTotpDeviceResponse> {
        let (tenant_id, user_id) = (tenant_id.clone(), user_id.clone());
        self.functions()?
            .verify_device(&self.cx, tenant_id, user_id, device_name.into(), totp)
            .await
    }

    /// Checks a code of any of a user's verified devices. Each code is accepted once.
    pub async fn verify_totp(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
        totp: Secret,
    ) -> Result<VerifyTotpResponse> {
        let (tenant_id, user_id) = (tenant_id.clone(), user_id.clone());
        self.functions()?.verify_totp(&self.cx, tenant_id, user_id, totp).await
    }
}
