//! `POST /signup`

use serde_json::json;

use super::{
    super::{EmailPasswordInstance, SignUpOutcome, fields::EMAIL, reasons},
    SignFormInput, SignUpPostOutcome, user_of, users_with,
};
use crate::{
    ApiCall, Context, Error, FormFieldError, Response, Result,
    factors::is_made_up_email,
    fdi::user_json,
    recipes::sign_in::{self, Refusal, SignInKind},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let input = SignFormInput::read(&call, &instance.forms.sign_up).await?;
    match instance.apis.sign_up_post(cx, input).await? {
        SignUpPostOutcome::Ok { user, session } => Ok(Response::ok(&json!({
            "status": "OK",
            "user": user_json(cx, &user, session.get_recipe_user_id()),
        }))),
        SignUpPostOutcome::EmailAlreadyExists => Err(Error::Fields(vec![FormFieldError {
            error: "This email already exists. Please sign in instead.".to_owned(),
            id: EMAIL.to_owned(),
        }])),
        SignUpPostOutcome::SignUpNotAllowed { reason } => {
            Ok(Response::ok(&json!({ "status": "SIGN_UP_NOT_ALLOWED", "reason": reason })))
        }
    }
}

pub(super) async fn base(cx: &Context, input: SignFormInput) -> Result<SignUpPostOutcome> {
    let credentials = input.credentials();
    let email = &credentials.email;
    let is_fake = is_made_up_email(email);
    let users = users_with(cx, &input.tenant_id, email).await?;
    let pre_auth = input.pre_auth(SignInKind::SignUp, &users, is_fake);
    let reasons = reasons::SIGN_UP;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        // What is known about the address anyway is told first.
        Err(Refusal::SignUpNotAllowed) if user_of(&users, &input.tenant_id, email).is_some() => {
            return Ok(SignUpPostOutcome::EmailAlreadyExists);
        }
        Err(refusal) => {
            return Ok(SignUpPostOutcome::SignUpNotAllowed { reason: refusal.reason(&reasons) });
        }
    };
    if is_fake && permitted.is_first_factor {
        return Ok(SignUpPostOutcome::EmailAlreadyExists);
    }
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    match functions.sign_up(cx, credentials).await? {
        SignUpOutcome::Ok { user, recipe_user_id } => {
            let session = input.session_of(cx, &user, recipe_user_id).await?;
            Ok(SignUpPostOutcome::Ok { user, session })
        }
        SignUpOutcome::EmailAlreadyExists => Ok(SignUpPostOutcome::EmailAlreadyExists),
        SignUpOutcome::LinkingToSessionUserFailed(failure) => {
            Ok(SignUpPostOutcome::SignUpNotAllowed { reason: reasons.linking_failed(failure) })
        }
    }
}
