//! `POST /user/password/reset/token` (FDI §7.4)

use auth_protocol::{RecipeId, UserId, emailpassword::CreatePasswordResetToken, normalise_email};
use serde_json::json;
use tokio::time::Instant;

use super::{
    super::{
        CreateResetPasswordTokenInput, EmailPasswordInstance, FormFields, PasswordResetEmail,
        ResetLink, reasons::PASSWORD_RESET_NOT_ALLOWED,
    },
    GeneratePasswordResetTokenPostInput, GeneratePasswordResetTokenPostOutcome,
};
use crate::{
    ApiCall, Context, Response, Result,
    limits::{self, Action, Attempt},
    recipes::recovery::{Lost, NOBODY, Target, end_of_step, find_target},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let start = Instant::now();
    let ApiCall { cx, tenant_id } = call;
    let instance = EmailPasswordInstance::of(&cx)?;
    let form_fields = FormFields::read(&cx.json_body()?)?;
    form_fields.validate(&cx, &instance.forms.generate_reset_token, &tenant_id).await?;
    let attempt = Attempt::new(Action::SendPasswordReset).email(form_fields.email()).sends_mail();
    limits::count(&cx, &tenant_id, attempt).await?;
    let input = GeneratePasswordResetTokenPostInput::new(form_fields).tenant_id(tenant_id);
    let outcome = instance.apis.generate_password_reset_token_post(&cx, input).await?;
    end_of_step(start).await;
    Ok(match outcome {
        GeneratePasswordResetTokenPostOutcome::Ok => Response::status_only("OK"),
        GeneratePasswordResetTokenPostOutcome::NotAllowed { reason } => {
            Response::ok(&json!({ "status": "PASSWORD_RESET_NOT_ALLOWED", "reason": reason }))
        }
    })
}

/// Looks the account up and answers. The token is made and sent afterwards, so that the time of
/// the answer doesn't tell whether there is an account; where there is none, the core is asked for
/// one all the same.
pub(super) async fn base(
    cx: &Context,
    input: GeneratePasswordResetTokenPostInput,
) -> Result<GeneratePasswordResetTokenPostOutcome> {
    let GeneratePasswordResetTokenPostInput { form_fields, tenant_id } = input;
    // As accounts have it, so that the mail goes to that address: what was given may name another
    // mailbox where it isn't normalised (a Kelvin sign is a `k`).
    let email = normalise_email(form_fields.email());
    let lost = Lost {
        recipe_id: RecipeId::EmailPassword,
        tenant_id: &tenant_id,
        email: &email,
        regards_oldest: true,
    };
    let target = match find_target(cx, lost).await? {
        Target::Nobody => None,
        Target::NotAllowed => {
            let reason = PASSWORD_RESET_NOT_ALLOWED.to_owned();
            return Ok(GeneratePasswordResetTokenPostOutcome::NotAllowed { reason });
        }
        Target::Account(target) => Some(target),
    };
    let (emailpassword, cx) = (cx.emailpassword()?, cx.clone());
    cx.clone().after_answer_unseen("password reset mail", async move {
        // Whether or not there is an account: of a core at the other end of a network it may be asked.
        let instance = EmailPasswordInstance::of(&cx)?;
        let lifetime = instance.reset_link_lifetime(&cx, &tenant_id).await;
        let Some(target) = target else {
            let user_id = UserId::new(NOBODY);
            let wanted = CreatePasswordResetToken { user_id, email };
            return Ok(cx.core().call(&tenant_id, wanted).await.map(drop)?);
        };
        let wanted =
            CreateResetPasswordTokenInput::new(target.token_for, &*email).tenant_id(&tenant_id);
        let ResetLink::Ok(link) = emailpassword.create_reset_password_link(wanted).await? else {
            return Ok(());
        };
        let mut mail =
            PasswordResetEmail::new(tenant_id, target.user_id, email, link).link_lifetime(lifetime);
        mail.recipe_user_id = target.recipe_user_id;
        emailpassword.send_email(mail.into()).await
    });
    Ok(GeneratePasswordResetTokenPostOutcome::Ok)
}
