//! `POST /totp/verify`

use super::{super::TotpInstance, VerifyTotpPostInput, text};
use crate::{ApiCall, Response, Result, recipes::multifactorauth::required_session};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let input = VerifyTotpPostInput::new(session, text(&cx.json_body()?, "totp")?);
    // The core's answer is the wire's.
    Ok(Response::ok(&TotpInstance::of(cx)?.apis.verify_totp_post(cx, input).await?))
}
