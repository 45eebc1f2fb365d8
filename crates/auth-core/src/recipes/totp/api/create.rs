//! `POST /totp/device`

use serde_json::{Value, json};

use super::{
    super::{CreateDeviceOutcome, TotpInstance, qr_code_svg},
    CreateDevicePostInput,
};
use crate::{ApiCall, Error, Response, Result, recipes::multifactorauth::required_session};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let device_name = match cx.json_body()?.remove("deviceName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(Error::bad_input("deviceName must be a string")),
    };
    let instance = TotpInstance::of(cx)?;
    let input = CreateDevicePostInput { session, device_name };
    match instance.apis.create_device_post(cx, input).await? {
        CreateDeviceOutcome::Ok(device) => {
            let qr_code_string = device.qr_code_string.expose_secret();
            let mut answer = json!({
                "status": "OK",
                "deviceName": device.device_name,
                "secret": device.secret,
                "qrCodeString": qr_code_string,
            });
            if instance.settings.qr_code_svg
                && let Some(answer) = answer.as_object_mut()
            {
                answer.insert("qrCodeSvg".to_owned(), qr_code_svg(qr_code_string)?.into());
            }
            Ok(Response::ok(&answer))
        }
        CreateDeviceOutcome::DeviceAlreadyExists => {
            Ok(Response::status_only("DEVICE_ALREADY_EXISTS_ERROR"))
        }
        CreateDeviceOutcome::UnknownUserId => Ok(Response::status_only("UNKNOWN_USER_ID_ERROR")),
    }
}
