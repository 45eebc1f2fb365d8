//! `POST /user/email/verify`

use auth_protocol::Secret;
use serde_json::Value;

use super::{
    super::{
        EmailVerificationInstance, VerifyEmailUsingTokenInput, VerifyEmailUsingTokenOutcome,
        session,
    },
    VerifyEmailPostInput, VerifyEmailPostOutcome as Outcome,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    recipes::session::SessionError,
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let token = match cx.json_body()?.get("token") {
        None | Some(Value::Null) => {
            return Err(Error::bad_input("Please provide the email verification token"));
        }
        Some(Value::String(token)) => Secret::new(token.clone()),
        Some(_) => {
            return Err(Error::bad_input("The email verification token must be a string"));
        }
    };
    let attempt = Attempt::new(Action::UseEmailVerificationToken);
    let admission = limits::admit(&cx, &tenant_id, attempt).await?;
    let mut input = VerifyEmailPostInput::new(token).tenant_id(tenant_id);
    // Before the token is used up: an expired access token is refreshed first.
    input.session = session::optional(&cx).await?;
    let apis = &EmailVerificationInstance::of(&cx)?.apis;
    Ok(match apis.verify_email_post(&cx, input).await? {
        Outcome::Ok { .. } => {
            admission.succeeded().await;
            Response::status_only("OK")
        }
        Outcome::InvalidToken => Response::status_only("EMAIL_VERIFICATION_INVALID_TOKEN_ERROR"),
    })
}

pub(super) async fn base(cx: &Context, input: VerifyEmailPostInput) -> Result<Outcome> {
    let VerifyEmailPostInput { token, tenant_id, session } = input;
    let functions = EmailVerificationInstance::of(cx)?.functions();
    let token = VerifyEmailUsingTokenInput::new(token).tenant_id(tenant_id);
    let outcome = functions.verify_email_using_token(cx, token).await?;
    let VerifyEmailUsingTokenOutcome::Ok { recipe_user_id, email } = outcome else {
        return Ok(Outcome::InvalidToken);
    };
    let new_session = match &session {
        None => None,
        Some(session) => match session::update(cx, session, &recipe_user_id).await {
            // It ended meanwhile; the address is verified all the same.
            Err(Error::Session(SessionError::Unauthorised { .. })) => None,
            updated => updated?,
        },
    };
    Ok(Outcome::Ok { recipe_user_id, email, new_session })
}
