//! What the routes do: one file each (FDI §1.7).

pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;
pub(super) mod verify;
pub(super) mod verify_device;

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, Secret,
    totp::{TotpDevice, VerifyTotpDeviceResponse, VerifyTotpResponse},
};
use serde_json::Value;

use super::{
    CreateDeviceInput, CreateDeviceOutcome, RemoveDeviceInput, TotpInstance, VerifyDeviceInput,
    VerifyTotpInput,
};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, input, overridable},
    recipes::{
        multifactorauth::{FactorChange, FactorId, MarkFactorAsCompleteInSessionInput},
        session::Session,
    },
};

input! {
    /// A device that a session's user wants to set up.
    pub struct CreateDevicePostInput {
        /// The session.
        session: Session,
        ..
        /// The device's name, where the user gave one.
        device_name: Option<String>,
    }
}

input! {
    /// Whose session asks for its devices.
    pub struct ListDevicesGetInput {
        /// The session.
        session: Session,
    }
}

input! {
    /// A device that a session's user wants to remove.
    pub struct RemoveDevicePostInput {
        /// The session.
        session: Session,
        /// The device's name.
        device_name: String,
        ..
        /// Whether the user's other sessions end, once a verified device is gone; `false` by default.
        end_other_sessions: bool,
    }
}

input! {
    /// The first code of a new device of a session's user.
    pub struct VerifyDevicePostInput {
        /// The session.
        session: Session,
        /// The device's name.
        device_name: String,
        /// The code.
        totp: Secret,
        ..
        /// Whether the user's other sessions end, once the device counts; `false` by default.
        end_other_sessions: bool,
    }
}

input! {
    /// A code that a session's user has entered.
    pub struct VerifyTotpPostInput {
        /// The session.
        session: Session,
        /// The code.
        totp: Secret,
    }
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct TotpApis;
    /// Replaces APIs of [`TotpApis`].
    pub trait TotpApisOverride;
    trait TotpApisBase;

    /// Creates a device of the session's user, where it may set up the factor now.
    async fn create_device_post(input: CreateDevicePostInput) -> Result<CreateDeviceOutcome>;

    /// Lists the devices of the session's user.
    async fn list_devices_get(input: ListDevicesGetInput) -> Result<Vec<TotpDevice>>;

    /// Removes a device of the session's user; a verified one only in a session that has
    /// completed what is required, and the owner is mailed. Whether it was there.
    async fn remove_device_post(input: RemoveDevicePostInput) -> Result<bool>;

    /// Checks the first code of a new device, notes the factor in the session, and mails the owner.
    async fn verify_device_post(input: VerifyDevicePostInput) -> Result<VerifyTotpDeviceResponse>;

    /// Checks a code of the session's user, and notes the factor in the session.
    async fn verify_totp_post(input: VerifyTotpPostInput) -> Result<VerifyTotpResponse>;
}

pub(super) fn with_overrides(overrides: Overrides<TotpApis>) -> TotpApis {
    overrides.around(TotpApis::new(Base))
}

struct Base;

#[async_trait]
impl TotpApisBase for Base {
    async fn create_device_post(
        &self,
        cx: &Context,
        input: CreateDevicePostInput,
    ) -> Result<CreateDeviceOutcome> {
        let CreateDevicePostInput { session, device_name } = input;
        assert_allowed(cx, &session).await?;
        let device =
            CreateDeviceInput { device_name, ..CreateDeviceInput::new(session.get_user_id()) };
        TotpInstance::of(cx)?.functions().create_device(cx, device).await
    }

    async fn list_devices_get(
        &self,
        cx: &Context,
        input: ListDevicesGetInput,
    ) -> Result<Vec<TotpDevice>> {
        TotpInstance::of(cx)?.functions().list_devices(cx, input.session.get_user_id()).await
    }

    async fn remove_device_post(&self, cx: &Context, input: RemoveDevicePostInput) -> Result<bool> {
        let RemoveDevicePostInput { session, device_name, end_other_sessions } = input;
        let functions = TotpInstance::of(cx)?.functions();
        let user_id = session.get_user_id();
        let devices = functions.list_devices(cx, user_id).await?;
        let is_factor = devices.iter().any(|it| it.name == device_name && it.verified);
        if is_factor {
            cx.multifactorauth()?.assert_requirements_complete(&session).await?;
        }
        let input = RemoveDeviceInput::new(user_id, device_name);
        let did_exist = functions.remove_device(cx, input).await?;
        if is_factor && did_exist {
            let mfa = cx.multifactorauth()?;
            mfa.factor_changed(&session, FactorId::TOTP, FactorChange::Removed)?;
            if end_other_sessions {
                session.revoke_other_sessions().await?;
            }
        }
        Ok(did_exist)
    }

    async fn verify_device_post(
        &self,
        cx: &Context,
        input: VerifyDevicePostInput,
    ) -> Result<VerifyTotpDeviceResponse> {
        let VerifyDevicePostInput { session, device_name, totp, end_other_sessions } = input;
        assert_allowed(cx, &session).await?;
        let input = VerifyDeviceInput::new(session.get_user_id(), device_name, totp)
            .tenant_id(session.get_tenant_id());
        let response = TotpInstance::of(cx)?.functions().verify_device(cx, input).await?;
        // A device that was verified before shows nothing: its code wasn't looked at.
        if response == (VerifyTotpDeviceResponse::Ok { was_already_verified: false }) {
            mark_complete(cx, &session).await?;
            let mfa = cx.multifactorauth()?;
            mfa.factor_changed(&session, FactorId::TOTP, FactorChange::Added)?;
            if end_other_sessions {
                session.revoke_other_sessions().await?;
            }
        }
        Ok(response)
    }

    async fn verify_totp_post(
        &self,
        cx: &Context,
        input: VerifyTotpPostInput,
    ) -> Result<VerifyTotpResponse> {
        let VerifyTotpPostInput { session, totp } = input;
        let input =
            VerifyTotpInput::new(session.get_user_id(), totp).tenant_id(session.get_tenant_id());
        let response = TotpInstance::of(cx)?.functions().verify_totp(cx, input).await?;
        if response == VerifyTotpResponse::Ok {
            mark_complete(cx, &session).await?;
        }
        Ok(response)
    }
}

async fn assert_allowed(cx: &Context, session: &Session) -> Result<()> {
    cx.multifactorauth()?.assert_may_set_up(session, FactorId::TOTP).await
}

async fn mark_complete(cx: &Context, session: &Session) -> Result<()> {
    let done = MarkFactorAsCompleteInSessionInput::new(session.clone(), FactorId::TOTP);
    cx.multifactorauth()?.mark_factor_as_complete_in_session(done).await
}

fn text(body: &JsonObject, name: &str) -> Result<String> {
    match body.get(name) {
        Some(Value::String(text)) => Ok(text.clone()),
        _ => Err(Error::bad_input(format!("{name} is required and must be a string"))),
    }
}
