//! `POST /totp/verify`

use auth_protocol::totp::VerifyTotpResponse;

use super::{super::TotpInstance, VerifyTotpPostInput, text};
use crate::{
    ApiCall, Response, Result,
    limits::{self, Action, Attempt},
    recipes::multifactorauth::required_session,
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let (attempt, tenant_id) =
        (Attempt::new(Action::Totp).user(session.get_user_id()), session.get_tenant_id().clone());
    let input = VerifyTotpPostInput::new(session, text(&cx.json_body()?, "totp")?);
    let admission = limits::admit(cx, &tenant_id, attempt).await?;
    let response = TotpInstance::of(cx)?.apis.verify_totp_post(cx, input).await?;
    if response == VerifyTotpResponse::Ok {
        admission.succeeded().await;
    }
    // The core's answer is the wire's.
    Ok(Response::ok(&response))
}
