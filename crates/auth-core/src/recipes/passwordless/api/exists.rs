//! `GET /passwordless/email/exists` and `GET /passwordless/phonenumber/exists`, formerly
//! `GET /signup/email/exists` and `GET /signup/phonenumber/exists`

use auth_protocol::{RecipeId, user::ListUsersByAccountInfo};
use serde_json::json;

use super::{super::PasswordlessInstance, ContactExistsInput};
use crate::{ApiCall, Context, Error, Response, Result};

pub(in super::super) async fn email_route(call: ApiCall) -> Result<Response> {
    let input = input(&call, "email")?;
    let exists = PasswordlessInstance::of(&call.cx)?.apis.email_exists_get(&call.cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}

pub(in super::super) async fn phone_number_route(call: ApiCall) -> Result<Response> {
    let input = input(&call, "phoneNumber")?;
    let apis = &PasswordlessInstance::of(&call.cx)?.apis;
    let exists = apis.phone_number_exists_get(&call.cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}

fn input(call: &ApiCall, name: &str) -> Result<ContactExistsInput> {
    let contact = call.cx.request().and_then(|request| request.query_param(name));
    let contact = contact
        .ok_or_else(|| Error::bad_input(format!("Please provide the {name} as a GET param")))?;
    Ok(ContactExistsInput { contact, tenant_id: call.tenant_id.clone() })
}

pub(super) async fn email(cx: &Context, input: ContactExistsInput) -> Result<bool> {
    let info = ListUsersByAccountInfo {
        email: Some(input.contact.clone()),
        ..ListUsersByAccountInfo::default()
    };
    let users = cx.list_users_by_account_info(&input.tenant_id, info).await?;
    Ok(users.iter().flat_map(|user| &user.login_methods).any(|method| {
        method.recipe_id == RecipeId::Passwordless
            && method.has_same_email_as(&input.contact)
            && method.tenant_ids.contains(&input.tenant_id)
    }))
}

pub(super) async fn phone_number(cx: &Context, input: ContactExistsInput) -> Result<bool> {
    let info = ListUsersByAccountInfo {
        phone_number: Some(input.contact),
        ..ListUsersByAccountInfo::default()
    };
    Ok(!cx.list_users_by_account_info(&input.tenant_id, info).await?.is_empty())
}
