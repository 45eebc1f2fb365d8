//! What the routes do: one file each (FDI 1.7).

pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;
pub(super) mod verify;
pub(super) mod verify_device;

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, Secret,
    totp::{TotpDevice, VerifyTotpDeviceResponse, VerifyTotpResponse},
};
use serde_json::Value;

use super::{CreateDevice, CreateDeviceOutcome, TotpInstance};
use crate::{
    Context, Error, Result,
    overrides::overridable,
    recipes::{multifactorauth::FactorId, session::Session},
};

/// A device that a session's user wants to set up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateDeviceInput {
    /// The session.
    pub session: Session,
    /// The device's name, where the user gave one.
    pub device_name: Option<String>,
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub trait TotpApis;
    /// Replaces APIs of [`TotpApis`].
    pub trait TotpApisOverride;
    struct TotpApisLayer;

    /// Creates a device of the session's user, where it may set up the factor now.
    async fn create_device_post(input: CreateDeviceInput) -> Result<CreateDeviceOutcome>;

    /// Lists the devices of the session's user.
    async fn list_devices_get(session: Session) -> Result<Vec<TotpDevice>>;

    /// Removes a device of the session's user; a verified one only in a session that has
    /// completed what is required. Whether it was there.
    async fn remove_device_post(session: Session, device_name: String) -> Result<bool>;

    /// Checks the first code of a new device, and notes the factor in the session.
    async fn verify_device_post(
        session: Session,
        device_name: String,
        totp: Secret,
    ) -> Result<VerifyTotpDeviceResponse>;

    /// Checks a code of the session's user, and notes the factor in the session.
    async fn verify_totp_post(session: Session, totp: Secret) -> Result<VerifyTotpResponse>;
}

pub(super) fn with_overrides(overrides: Vec<Arc<dyn TotpApisOverride>>) -> Arc<dyn TotpApis> {
    TotpApisLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl TotpApis for Base {
    async fn create_device_post(
        &self,
        cx: &Context,
        input: CreateDeviceInput,
    ) -> Result<CreateDeviceOutcome> {
        let CreateDeviceInput { session, device_name } = input;
        assert_allowed(cx, &session).await?;
        let device =
            CreateDevice { device_name, ..CreateDevice::new(session.get_user_id().clone()) };
        TotpInstance::of(cx)?.functions().create_device(cx, device).await
    }

    async fn list_devices_get(&self, cx: &Context, session: Session) -> Result<Vec<TotpDevice>> {
        let user_id = session.get_user_id().clone();
        TotpInstance::of(cx)?.functions().list_devices(cx, user_id).await
    }

    async fn remove_device_post(
        &self,
        cx: &Context,
        session: Session,
        device_name: String,
    ) -> Result<bool> {
        let functions = TotpInstance::of(cx)?.functions();
        let user_id = session.get_user_id();
        let devices = functions.list_devices(cx, user_id.clone()).await?;
        if devices.iter().any(|device| device.name == device_name && device.verified) {
            cx.multifactorauth()?.assert_requirements_complete(&session).await?;
        }
        functions.remove_device(cx, user_id.clone(), device_name).await
    }

    async fn verify_device_post(
        &self,
        cx: &Context,
        session: Session,
        device_name: String,
        totp: Secret,
    ) -> Result<VerifyTotpDeviceResponse> {
        assert_allowed(cx, &session).await?;
        let (tenant_id, user_id) = (session.get_tenant_id().clone(), session.get_user_id().clone());
        let functions = TotpInstance::of(cx)?.functions();
        let response = functions.verify_device(cx, tenant_id, user_id, device_name, totp).await?;
        // A device that was verified before shows nothing: its code wasn't looked at.
        if response == (VerifyTotpDeviceResponse::Ok { was_already_verified: false }) {
            mark_complete(cx, &session).await?;
        }
        Ok(response)
    }

    async fn verify_totp_post(
        &self,
        cx: &Context,
        session: Session,
        totp: Secret,
    ) -> Result<VerifyTotpResponse> {
        let (tenant_id, user_id) = (session.get_tenant_id().clone(), session.get_user_id().clone());
        let response =
            TotpInstance::of(cx)?.functions().verify_totp(cx, tenant_id, user_id, totp).await?;
        if response == VerifyTotpResponse::Ok {
            mark_complete(cx, &session).await?;
        }
        Ok(response)
    }
}

async fn assert_allowed(cx: &Context, session: &Session) -> Result<()> {
    cx.multifactorauth()?
        .assert_allowed_to_setup_factor_else_throw_invalid_claim_error(session, FactorId::TOTP)
        .await
}

async fn mark_complete(cx: &Context, session: &Session) -> Result<()> {
    cx.multifactorauth()?.mark_factor_as_complete_in_session(session, FactorId::TOTP).await
}

fn text(body: &JsonObject, name: &str) -> Result<String> {
    match body.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(Error::bad_input(format!("{name} is required and must be a string"))),
    }
}
