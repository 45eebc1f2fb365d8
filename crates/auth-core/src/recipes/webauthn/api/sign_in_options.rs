//! `POST /webauthn/options/signin`

use serde_json::json;

use super::{
    super::{SignInOptionsInput, SignInOptionsOutcome, WebAuthnInstance},
    SignInOptionsPostInput,
};
use crate::{
    ApiCall, Context, Response, Result,
    limits::{self, Action, Attempt},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    limits::count(&cx, &tenant_id, Attempt::new(Action::PasskeyOptions)).await?;
    let input = SignInOptionsPostInput::new().tenant_id(tenant_id);
    let apis = &WebAuthnInstance::of(&cx)?.apis;
    Ok(match apis.sign_in_options_post(&cx, input).await? {
        SignInOptionsOutcome::Ok(options) => Response::ok(&json!({
            "status": "OK",
            "webauthnGeneratedOptionsId": options.webauthn_generated_options_id,
            "rpId": options.relying_party_id,
            "createdAt": options.created_at,
            "expiresAt": options.expires_at,
            "challenge": options.challenge,
            "timeout": options.timeout,
            "userVerification": options.user_verification,
        })),
        SignInOptionsOutcome::InvalidOptions { .. } => {
            Response::status_only("INVALID_OPTIONS_ERROR")
        }
    })
}

pub(super) async fn base(
    cx: &Context,
    input: SignInOptionsPostInput,
) -> Result<SignInOptionsOutcome> {
    let input = SignInOptionsInput::new().tenant_id(input.tenant_id);
    WebAuthnInstance::of(cx)?.functions.sign_in_options(cx, input).await
}
