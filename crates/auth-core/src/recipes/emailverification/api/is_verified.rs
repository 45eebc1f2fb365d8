//! `GET /user/email/verify`

use serde_json::json;

use super::{
    super::{
        EmailForRecipeUserId, EmailVerificationClaim, EmailVerificationInstance,
        IsEmailVerifiedInput, claim::unknown_user, session,
    },
    IsEmailVerifiedGetInput, IsEmailVerifiedGetOutcome,
};
use crate::{ApiCall, Context, Response, Result};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = IsEmailVerifiedGetInput::new(session::required(cx).await?);
    let apis = &EmailVerificationInstance::of(cx)?.apis;
    let IsEmailVerifiedGetOutcome { is_verified, .. } =
        apis.is_email_verified_get(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "isVerified": is_verified })))
}

pub(super) async fn base(
    cx: &Context,
    input: IsEmailVerifiedGetInput,
) -> Result<IsEmailVerifiedGetOutcome> {
    let IsEmailVerifiedGetInput { session } = input;
    let instance = EmailVerificationInstance::of(cx)?;
    let recipe_user_id = session.get_recipe_user_id();
    let email = match instance.email_for_recipe_user_id(cx, None, recipe_user_id).await? {
        EmailForRecipeUserId::Ok { email } => email,
        EmailForRecipeUserId::EmailDoesNotExist => return Ok(IsEmailVerifiedGetOutcome::new(true)),
        EmailForRecipeUserId::UnknownUserId => return Err(unknown_user().into()),
    };
    let asked = IsEmailVerifiedInput::new(recipe_user_id).email(email);
    if instance.functions().is_email_verified(cx, asked).await? {
        let new_session = session::update(cx, &session, recipe_user_id).await?;
        return Ok(IsEmailVerifiedGetOutcome { is_verified: true, new_session });
    }
    session.set_claim_value(&EmailVerificationClaim, false).await?;
    Ok(IsEmailVerifiedGetOutcome::new(false))
}
