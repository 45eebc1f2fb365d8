//! `GET /webauthn/credential/list`

use auth_protocol::RecipeId;
use serde_json::{Value, json};

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
    let listed: Vec<Value> = credentials
        .iter()
        .map(|passkey| {
            json!({
                "recipeUserId": passkey.recipe_user_id,
                "webauthnCredentialId": passkey.webauthn_credential_id,
                "relyingPartyId": passkey.relying_party_id,
                "createdAt": passkey.created_at,
            })
        })
        .collect();
    Ok(Response::ok(&json!({ "status": "OK", "credentials": listed })))
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
