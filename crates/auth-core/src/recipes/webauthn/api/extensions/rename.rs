//! `POST /webauthn/credential/rename` (extension)

use serde_json::{Value, json};

use super::{
    super::{
        super::{RenameCredentialInput, RenameCredentialOutcome, WebAuthnInstance},
        body, has_passkey,
    },
    RenameCredentialPostInput,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    recipes::{
        multifactorauth::{MultiFactorAuthInstance, required_session},
        session::SessionError,
    },
};

pub(super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let id = body::text(&body, "webauthnCredentialId")
        .ok_or_else(|| Error::bad_input("A valid webauthnCredentialId is required"))?;
    let Some(Value::String(name)) = body.get("name") else {
        return Err(Error::bad_input("name is required and must be a string"));
    };
    let input = RenameCredentialPostInput::new(session, id, name.as_str());
    Ok(match WebAuthnInstance::of(cx)?.apis.rename_credential_post(cx, input).await? {
        RenameCredentialOutcome::Ok { name: Some(name) } => {
            Response::ok(&json!({ "status": "OK", "name": name }))
        }
        RenameCredentialOutcome::Ok { name: None } => Response::status_only("OK"),
        RenameCredentialOutcome::CredentialNotFound => {
            Response::status_only("CREDENTIAL_NOT_FOUND_ERROR")
        }
        RenameCredentialOutcome::InvalidName { reason } => {
            Response::ok(&json!({ "status": "INVALID_NAME_ERROR", "reason": reason }))
        }
    })
}

pub(in super::super) async fn base(
    cx: &Context,
    input: RenameCredentialPostInput,
) -> Result<RenameCredentialOutcome> {
    let RenameCredentialPostInput { session, webauthn_credential_id, name } = input;
    if MultiFactorAuthInstance::find(cx).is_some() {
        cx.multifactorauth()?.assert_requirements_complete(&session).await?;
    }
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let user =
        user.ok_or_else(|| SessionError::unauthorised("the session's user doesn't exist"))?;
    let Some(method) =
        user.login_methods.iter().find(|method| has_passkey(method, &webauthn_credential_id))
    else {
        return Ok(RenameCredentialOutcome::CredentialNotFound);
    };
    let input = RenameCredentialInput::new(&method.recipe_user_id, webauthn_credential_id, name);
    WebAuthnInstance::of(cx)?.functions.rename_credential(cx, input).await
}
