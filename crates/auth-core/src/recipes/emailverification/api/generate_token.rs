//! `POST /user/email/verify/token`

use super::{
    super::{
        CreateEmailVerificationTokenInput, EmailForRecipeUserId, EmailVerificationClaim,
        EmailVerificationEmail, EmailVerificationInstance, VerificationLink, claim::unknown_user,
        session,
    },
    GenerateEmailVerifyTokenPostInput, GenerateEmailVerifyTokenPostOutcome as Outcome,
};
use crate::{
    ApiCall, Context, Response, Result,
    limits::{self, Action, Attempt},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = session::required(cx).await?;
    let attempt =
        Attempt::new(Action::SendEmailVerification).user(session.get_user_id()).sends_mail();
    limits::count(cx, session.get_tenant_id(), attempt).await?;
    let apis = &EmailVerificationInstance::of(cx)?.apis;
    let input = GenerateEmailVerifyTokenPostInput::new(session);
    Ok(match apis.generate_email_verify_token_post(cx, input).await? {
        Outcome::Ok => Response::status_only("OK"),
        Outcome::EmailAlreadyVerified { .. } => {
            Response::status_only("EMAIL_ALREADY_VERIFIED_ERROR")
        }
    })
}

/// Makes the token, and sends it after the answer.
pub(super) async fn base(
    cx: &Context,
    input: GenerateEmailVerifyTokenPostInput,
) -> Result<Outcome> {
    let GenerateEmailVerifyTokenPostInput { session } = input;
    let instance = EmailVerificationInstance::of(cx)?;
    let recipe_user_id = session.get_recipe_user_id().clone();
    let email = match instance.email_for_recipe_user_id(cx, None, &recipe_user_id).await? {
        EmailForRecipeUserId::Ok { email } => email,
        EmailForRecipeUserId::EmailDoesNotExist => {
            return Ok(Outcome::EmailAlreadyVerified { new_session: None });
        }
        EmailForRecipeUserId::UnknownUserId => return Err(unknown_user().into()),
    };
    let tenant_id = session.get_tenant_id().clone();
    let wanted =
        CreateEmailVerificationTokenInput::new(&recipe_user_id).email(&email).tenant_id(&tenant_id);
    let functions = cx.emailverification()?;
    let VerificationLink::Ok(link) = functions.create_email_verification_link(wanted).await? else {
        let new_session = session::update(cx, &session, &recipe_user_id).await?;
        return Ok(Outcome::EmailAlreadyVerified { new_session });
    };
    if session.get_claim_value(&EmailVerificationClaim) != Some(false) {
        // It was verified when the token was made, and isn't any more.
        session.fetch_and_set_claim(&EmailVerificationClaim).await?;
    }
    let user_id = session.get_user_id().clone();
    let lifetime = instance.link_lifetime(cx, &tenant_id).await;
    let mail = EmailVerificationEmail::new(tenant_id, user_id, recipe_user_id, email, link)
        .link_lifetime(lifetime);
    cx.after_answer(
        "email verification mail",
        async move { functions.send_email(mail.into()).await },
    );
    Ok(Outcome::Ok)
}
