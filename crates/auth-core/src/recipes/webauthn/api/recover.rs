//! `POST /user/webauthn/reset`

use auth_protocol::normalise_email;

use super::{
    super::{RecoverAccountInput, RecoverAccountOutcome, WebAuthnInstance, recover},
    RecoverAccountPostInput, body,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let mut body = cx.json_body()?;
    let token = body::token(&body, "token")?
        .ok_or_else(|| Error::bad_input("Please provide the recover account token"))?;
    let (options_id, credential) = body::answer(&mut body)?;
    let attempt = Attempt::new(Action::UsePasswordResetToken);
    let admission = limits::admit(&cx, &tenant_id, attempt).await?;
    let input = RecoverAccountPostInput::new(token, options_id, credential).tenant_id(tenant_id);
    let apis = &WebAuthnInstance::of(&cx)?.apis;
    Ok(match apis.recover_account_post(&cx, input).await? {
        RecoverAccountOutcome::Ok { email, .. } => {
            // Who guesses keeps nobody from signing in where the link was followed.
            admission.account("email", normalise_email(&email)).succeeded().await;
            Response::status_only("OK")
        }
        RecoverAccountOutcome::InvalidToken => {
            Response::status_only("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR")
        }
        RecoverAccountOutcome::Refused(refusal) => refusal.response(),
    })
}

pub(super) async fn base(
    cx: &Context,
    input: RecoverAccountPostInput,
) -> Result<RecoverAccountOutcome> {
    let RecoverAccountPostInput { token, webauthn_generated_options_id, credential, tenant_id } =
        input;
    let input = RecoverAccountInput::new(token, webauthn_generated_options_id, credential);
    recover::base(cx, input.tenant_id(tenant_id)).await
}
