//! `GET /passwordless/email/exists` and `GET /passwordless/phonenumber/exists`, formerly
//! `GET /signup/email/exists` and `GET /signup/phonenumber/exists`

use auth_protocol::{RecipeId, user::ListUsersByAccountInfo};
use serde_json::json;

use super::{super::PasswordlessInstance, EmailExistsGetInput, PhoneNumberExistsGetInput};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    recipes::accountlinking::ListUsersByAccountInfoInput,
};

pub(in super::super) async fn email_route(call: ApiCall) -> Result<Response> {
    let email = asked(&call, "email").await?;
    let input = EmailExistsGetInput::new(email).tenant_id(&call.tenant_id);
    let exists = PasswordlessInstance::of(&call.cx)?.apis.email_exists_get(&call.cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}

pub(in super::super) async fn phone_number_route(call: ApiCall) -> Result<Response> {
    let number = asked(&call, "phoneNumber").await?;
    let input = PhoneNumberExistsGetInput::new(number).tenant_id(&call.tenant_id);
    let apis = &PasswordlessInstance::of(&call.cx)?.apis;
    let exists = apis.phone_number_exists_get(&call.cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}

/// What is asked about, where it may be asked.
async fn asked(call: &ApiCall, name: &str) -> Result<String> {
    let contact = call.cx.request().and_then(|request| request.query_param(name));
    let contact = contact
        .ok_or_else(|| Error::bad_input(format!("Please provide the {name} as a GET param")))?;
    limits::count(&call.cx, &call.tenant_id, Attempt::new(Action::EmailExists)).await?;
    Ok(contact)
}

pub(super) async fn email(cx: &Context, input: EmailExistsGetInput) -> Result<bool> {
    let EmailExistsGetInput { email, tenant_id } = input;
    let info =
        ListUsersByAccountInfo { email: Some(email.clone()), ..ListUsersByAccountInfo::default() };
    let search = ListUsersByAccountInfoInput::new(info).tenant_id(&tenant_id);
    let users = cx.list_users_by_account_info(search).await?;
    Ok(users.iter().flat_map(|user| &user.login_methods).any(|method| {
        method.recipe_id == RecipeId::Passwordless
            && method.has_same_email_as(&email)
            && method.tenant_ids.contains(&tenant_id)
    }))
}

pub(super) async fn phone_number(cx: &Context, input: PhoneNumberExistsGetInput) -> Result<bool> {
    let info = ListUsersByAccountInfo {
        phone_number: Some(input.phone_number),
        ..ListUsersByAccountInfo::default()
    };
    let search = ListUsersByAccountInfoInput::new(info).tenant_id(input.tenant_id);
    Ok(!cx.list_users_by_account_info(search).await?.is_empty())
}
