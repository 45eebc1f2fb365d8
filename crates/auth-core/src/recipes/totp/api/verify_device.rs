//! `POST /totp/device/verify`

use auth_protocol::totp::VerifyTotpDeviceResponse;

use super::{super::TotpInstance, VerifyDevicePostInput, text};
use crate::{
    ApiCall, Response, Result,
    limits::{self, Action, Attempt},
    recipes::multifactorauth::{required_session, wants_other_sessions_ended},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let (attempt, tenant_id) =
        (Attempt::new(Action::Totp).user(session.get_user_id()), session.get_tenant_id().clone());
    let body = cx.json_body()?;
    let (device_name, totp) = (text(&body, "deviceName")?, text(&body, "totp")?);
    let input = VerifyDevicePostInput::new(session, device_name, totp)
        .end_other_sessions(wants_other_sessions_ended(&body)?);
    let admission = limits::admit(cx, &tenant_id, attempt).await?;
    let response = TotpInstance::of(cx)?.apis.verify_device_post(cx, input).await?;
    if response == (VerifyTotpDeviceResponse::Ok { was_already_verified: false }) {
        admission.succeeded().await;
    }
    // The core's answer is the wire's.
    Ok(Response::ok(&response))
}
