//! `GET` and `POST /webauthn/promotion` (extension)

use serde_json::{Value, json};

use super::{
    super::super::{PasskeyPromotionAnswer, WebAuthnInstance},
    PromotionGetInput, PromotionPostInput,
};
use crate::{ApiCall, Error, Response, Result, recipes::multifactorauth::required_session};

pub(super) async fn get(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = PromotionGetInput::new(required_session(cx).await?);
    Ok(match WebAuthnInstance::of(cx)?.apis.promotion_get(cx, input).await? {
        Some(email) => {
            Response::ok(&json!({ "status": "OK", "shouldOffer": true, "email": email }))
        }
        None => Response::ok(&json!({ "status": "OK", "shouldOffer": false })),
    })
}

pub(super) async fn post(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let answer = match body.get("answer").and_then(Value::as_str) {
        Some("later") => PasskeyPromotionAnswer::Later,
        Some("never") => PasskeyPromotionAnswer::Never,
        _ => return Err(Error::bad_input("answer must be `later` or `never`")),
    };
    let input = PromotionPostInput::new(session, answer);
    WebAuthnInstance::of(cx)?.apis.promotion_post(cx, input).await?;
    Ok(Response::status_only("OK"))
}
