//! `POST /user/password/reset/token`

use super::{
    super::{CreateResetTokenInput, EmailPasswordInstance, FormFields},
    GenerateResetTokenInput, find_user,
};
use crate::{ApiCall, Context, Response, Result};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let instance = EmailPasswordInstance::of(&cx)?;
    let form_fields = FormFields::read(&cx.json_body()?)?;
    form_fields.validate(&cx, &instance.forms.generate_reset_token, &tenant_id).await?;
    let input = GenerateResetTokenInput { form_fields, tenant_id };
    instance.apis.generate_password_reset_token_post(&cx, input).await?;
    Ok(Response::status_only("OK"))
}

/// Looks the account up and answers. The token is made and sent afterwards, so that the time of
/// the answer doesn't tell whether there is an account.
pub(super) async fn base(cx: &Context, input: GenerateResetTokenInput) -> Result<()> {
    let email = input.form_fields.email();
    let Some(user) = find_user(cx, &input.tenant_id, email).await? else {
        return Ok(());
    };
    let input = CreateResetTokenInput::new(input.tenant_id, user.id, email);
    let emailpassword = cx.emailpassword()?;
    cx.auth().background().run("password reset mail", async move {
        emailpassword.send_reset_password_email(input).await.map(drop)
    });
    Ok(())
}
