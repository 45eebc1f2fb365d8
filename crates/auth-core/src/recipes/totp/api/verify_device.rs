//! `POST /totp/device/verify`

use super::{super::TotpInstance, VerifyDevicePostInput, text};
use crate::{ApiCall, Response, Result, recipes::multifactorauth::required_session};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let (device_name, totp) = (text(&body, "deviceName")?, text(&body, "totp")?);
    let input = VerifyDevicePostInput::new(session, device_name, totp);
    // The core's answer is the wire's.
    Ok(Response::ok(&TotpInstance::of(cx)?.apis.verify_device_post(cx, input).await?))
}
