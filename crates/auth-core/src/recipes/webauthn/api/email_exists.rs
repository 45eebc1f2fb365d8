//! `GET /webauthn/email/exists`

use serde_json::json;

use super::{super::WebAuthnInstance, EmailExistsGetInput, user_of};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    recipes::accountlinking::users_with_email,
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let email = cx
        .request()
        .and_then(|request| request.query_param("email"))
        .ok_or_else(|| Error::bad_input("Please provide the email as a GET param"))?;
    limits::count(&cx, &tenant_id, Attempt::new(Action::EmailExists)).await?;
    let input = EmailExistsGetInput::new(email).tenant_id(tenant_id);
    let exists = WebAuthnInstance::of(&cx)?.apis.email_exists_get(&cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}

pub(super) async fn base(cx: &Context, input: EmailExistsGetInput) -> Result<bool> {
    let EmailExistsGetInput { email, tenant_id } = input;
    let users = users_with_email(cx, &tenant_id, &email).await?;
    Ok(user_of(&users, &tenant_id, &email).is_some())
}
