//! `GET /webauthn/credential/list`

use auth_protocol::{RecipeId, RecipeUserId, webauthn::Passkey};
use serde::Serialize;
use serde_json::json;

use super::{
    super::{ListCredentialsInput, WebAuthnInstance},
    ListCredentialsGetInput, ListCredentialsGetOutcome, USER_NOT_FOUND,
};
use crate::{
    ApiCall, Context, Error, Response, Result, recipes::multifactorauth::required_session,
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = ListCredentialsGetInput::new(required_session(cx).await?);
    let credentials = match WebAuthnInstance::of(cx)?.apis.list_credentials_get(cx, input).await? {
        ListCredentialsGetOutcome::Ok(credentials) => credentials,
        ListCredentialsGetOutcome::UserNotFound => return Err(Error::general(USER_NOT_FOUND)),
    };
    let listed: Vec<Listed<'_>> = credentials.iter().map(Listed::from).collect();
    Ok(Response::ok(&json!({ "status": "OK", "credentials": listed })))
}

/// A passkey in the list. What the reference doesn't tell is left out where the core doesn't, either.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    recipe_user_id: &'a RecipeUserId,
    webauthn_credential_id: &'a str,
    relying_party_id: &'a str,
    created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_backed_up: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aaguid: Option<&'a str>,
}

impl<'a> From<&'a Passkey> for Listed<'a> {
    fn from(passkey: &'a Passkey) -> Self {
        Self {
            recipe_user_id: &passkey.recipe_user_id,
            webauthn_credential_id: &passkey.webauthn_credential_id,
            relying_party_id: &passkey.relying_party_id,
            created_at: passkey.created_at,
            name: passkey.name.as_deref(),
            // Until it is used, it is as old as the passkey.
            last_used_at: passkey.updated_at.filter(|used_at| *used_at > passkey.created_at),
            is_backed_up: passkey.is_backed_up,
            aaguid: passkey.aaguid.as_deref(),
        }
    }
}

pub(super) async fn base(
    cx: &Context,
    input: ListCredentialsGetInput,
) -> Result<ListCredentialsGetOutcome> {
    let user = cx.accountlinking()?.get_user(input.session.get_user_id()).await?;
    let Some(user) = user else { return Ok(ListCredentialsGetOutcome::UserNotFound) };
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let mut credentials = Vec::new();
    for method in user.login_methods.iter().filter(|it| it.recipe_id == RecipeId::Webauthn) {
        let input = ListCredentialsInput::new(&method.recipe_user_id);
        credentials.extend(functions.list_credentials(cx, input).await?);
    }
    Ok(ListCredentialsGetOutcome::Ok(credentials))
}
