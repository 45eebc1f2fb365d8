//! `GET /totp/device/list`

use serde_json::json;

use super::{super::TotpInstance, ListDevicesGetInput};
use crate::{ApiCall, Response, Result, recipes::multifactorauth::required_session};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = ListDevicesGetInput::new(required_session(cx).await?);
    let devices = TotpInstance::of(cx)?.apis.list_devices_get(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "devices": devices })))
}
