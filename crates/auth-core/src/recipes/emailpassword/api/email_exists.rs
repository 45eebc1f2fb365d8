//! `GET /emailpassword/email/exists`, formerly `GET /signup/email/exists`

use serde_json::json;

use super::{super::EmailPasswordInstance, EmailExistsGetInput};
use crate::{
    ApiCall, Error, Response, Result,
    limits::{self, Action, Attempt},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let email = call
        .cx
        .request()
        .and_then(|request| request.query_param("email"))
        .ok_or_else(|| Error::bad_input("Please provide the email as a GET param"))?;
    limits::count(&call.cx, &call.tenant_id, Attempt::new(Action::EmailExists)).await?;
    let input = EmailExistsGetInput::new(email).tenant_id(call.tenant_id);
    let exists =
        EmailPasswordInstance::of(&call.cx)?.apis.email_exists_get(&call.cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "exists": exists })))
}
