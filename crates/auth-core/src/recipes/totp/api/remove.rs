//! `POST /totp/device/remove`

use serde_json::json;

use super::{super::TotpInstance, RemoveDevicePostInput, text};
use crate::{ApiCall, Error, Response, Result, recipes::multifactorauth::required_session};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let device_name = text(&cx.json_body()?, "deviceName")?;
    if device_name.is_empty() {
        return Err(Error::bad_input("deviceName is required and must be a string"));
    }
    let input = RemoveDevicePostInput::new(session, device_name);
    let did_device_exist = TotpInstance::of(cx)?.apis.remove_device_post(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "didDeviceExist": did_device_exist })))
}
