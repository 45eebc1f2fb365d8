//! `POST /webauthn/options/register`

use serde_json::json;

use super::{
    super::{PasskeyFor, RegisterOptionsInput, RegisterOptionsOutcome, WebAuthnInstance},
    RegisterOptionsPostInput, body,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let body = cx.json_body()?;
    let by_token = || body::token(&body, "recoverAccountToken");
    let passkey_for = match body::text(&body, "email") {
        Some(email) => PasskeyFor::Email(email.trim().to_owned()),
        None => by_token()?.map(PasskeyFor::RecoverAccountToken).ok_or_else(|| {
            Error::bad_input("Please provide the email or the recover account token")
        })?,
    };
    limits::count(&cx, &tenant_id, Attempt::new(Action::PasskeyOptions)).await?;
    let input = RegisterOptionsPostInput::new(passkey_for).tenant_id(tenant_id);
    let apis = &WebAuthnInstance::of(&cx)?.apis;
    Ok(match apis.register_options_post(&cx, input).await? {
        RegisterOptionsOutcome::Ok(options) => Response::ok(&json!({
            "status": "OK",
            "webauthnGeneratedOptionsId": options.webauthn_generated_options_id,
            "createdAt": options.created_at,
            "expiresAt": options.expires_at,
            "challenge": options.challenge,
            "timeout": options.timeout,
            "attestation": options.attestation,
            "pubKeyCredParams": options.pub_key_cred_params,
            "excludeCredentials": options.exclude_credentials,
            "rp": options.rp,
            "user": options.user,
            "authenticatorSelection": options.authenticator_selection,
        })),
        RegisterOptionsOutcome::RecoverAccountTokenInvalid => {
            Response::status_only("RECOVER_ACCOUNT_TOKEN_INVALID_ERROR")
        }
        RegisterOptionsOutcome::InvalidEmail { err } => {
            Response::ok(&json!({ "status": "INVALID_EMAIL_ERROR", "err": err }))
        }
        RegisterOptionsOutcome::InvalidOptions { .. } => {
            Response::status_only("INVALID_OPTIONS_ERROR")
        }
    })
}

pub(super) async fn base(
    cx: &Context,
    input: RegisterOptionsPostInput,
) -> Result<RegisterOptionsOutcome> {
    let RegisterOptionsPostInput { passkey_for, tenant_id } = input;
    let input = RegisterOptionsInput::new(passkey_for).tenant_id(tenant_id);
    WebAuthnInstance::of(cx)?.functions.register_options(cx, input).await
}
