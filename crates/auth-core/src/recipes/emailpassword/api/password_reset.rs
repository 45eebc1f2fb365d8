//! `POST /user/password/reset`

use auth_protocol::Secret;
use serde_json::Value;

use super::{
    super::{EmailPasswordInstance, FormFields, fields::PASSWORD},
    PasswordResetInput, PasswordResetOutcome,
};
use crate::{ApiCall, Error, FormFieldError, Response, Result};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let instance = EmailPasswordInstance::of(&cx)?;
    let body = cx.json_body()?;
    let form_fields = FormFields::read(&body)?;
    form_fields.validate(&cx, &instance.forms.password_reset, &tenant_id).await?;
    let token = match body.get("token") {
        None => return Err(Error::bad_input("Please provide the password reset token")),
        Some(Value::String(token)) => Secret::new(token.clone()),
        Some(_) => return Err(Error::bad_input("The password reset token must be a string")),
    };
    let input = PasswordResetInput { form_fields, token, tenant_id };
    match instance.apis.password_reset_post(&cx, input).await? {
        PasswordResetOutcome::Ok { .. } => Ok(Response::status_only("OK")),
        PasswordResetOutcome::InvalidToken => {
            Ok(Response::status_only("RESET_PASSWORD_INVALID_TOKEN_ERROR"))
        }
        PasswordResetOutcome::PasswordPolicyViolated { failure_reason } => {
            Err(Error::Fields(vec![FormFieldError {
                error: failure_reason,
                id: PASSWORD.to_owned(),
            }]))
        }
    }
}
