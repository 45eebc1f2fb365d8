//! `POST /totp/device/remove`

use serde_json::json;

use super::{super::TotpInstance, RemoveDevicePostInput, text};
use crate::{
    ApiCall, Error, Response, Result,
    recipes::multifactorauth::{required_session, wants_other_sessions_ended},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let device_name = text(&body, "deviceName")?;
    if device_name.is_empty() {
        return Err(Error::bad_input("deviceName is required and must be a string"));
    }
    let input = RemoveDevicePostInput::new(session, device_name)
        .end_other_sessions(wants_other_sessions_ended(&body)?);
    let did_device_exist = TotpInstance::of(cx)?.apis.remove_device_post(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "didDeviceExist": did_device_exist })))
}
