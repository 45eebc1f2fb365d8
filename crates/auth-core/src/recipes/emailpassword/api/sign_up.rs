//! `POST /signup`

use serde_json::json;

use super::{
    super::{EmailPasswordInstance, SignUpInput, SignUpOutcome, fields::EMAIL, reasons},
    SignUpPostInput, SignUpPostOutcome,
    sign_form::SignForm,
    user_of,
};
use crate::{
    ApiCall, Context, Error, FormFieldError, Response, Result,
    factors::is_made_up_email,
    fdi::user_json,
    limits::{self, Action, Attempt},
    recipes::{
        accountlinking::users_with_email,
        sign_in::{self, Refusal, SignInKind},
    },
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let form = SignForm::read(&call, &instance.forms.sign_up).await?;
    let attempt = Attempt::new(Action::SignUp).email(form.form_fields.email());
    let admission = limits::admit(cx, &form.tenant_id, attempt).await?;
    instance.refuse_breached(cx, &form.form_fields.password()).await?;
    match instance.apis.sign_up_post(cx, form).await? {
        SignUpPostOutcome::Ok { user, session } => {
            admission.succeeded().await;
            Ok(Response::ok(&json!({
                "status": "OK",
                "user": user_json(cx, &user, session.get_recipe_user_id()),
            })))
        }
        SignUpPostOutcome::EmailAlreadyExists => Err(Error::Fields(vec![FormFieldError {
            error: "This email already exists. Please sign in instead.".to_owned(),
            id: EMAIL.to_owned(),
        }])),
        SignUpPostOutcome::SignUpNotAllowed { reason } => {
            Ok(Response::ok(&json!({ "status": "SIGN_UP_NOT_ALLOWED", "reason": reason })))
        }
    }
}

pub(super) async fn base(cx: &Context, input: SignUpPostInput) -> Result<SignUpPostOutcome> {
    let form = SignForm::from(input);
    let credentials = SignUpInput {
        tenant_id: form.tenant_id.clone(),
        session: form.session.clone(),
        should_try_linking_with_session_user: form.should_try_linking_with_session_user,
        ..SignUpInput::new(form.form_fields.email(), form.form_fields.password())
    };
    let email = &credentials.email;
    let is_fake = is_made_up_email(email);
    let users = users_with_email(cx, &form.tenant_id, email).await?;
    let pre_auth = form.pre_auth(SignInKind::SignUp, &users, is_fake);
    let reasons = reasons::SIGN_UP;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        // What is known about the address anyway is told first.
        Err(Refusal::SignUpNotAllowed) if user_of(&users, &form.tenant_id, email).is_some() => {
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
            let session = form.session_of(cx, &user, recipe_user_id, true).await?;
            Ok(SignUpPostOutcome::Ok { user, session })
        }
        SignUpOutcome::EmailAlreadyExists => Ok(SignUpPostOutcome::EmailAlreadyExists),
        SignUpOutcome::LinkingToSessionUserFailed(failure) => {
            Ok(SignUpPostOutcome::SignUpNotAllowed { reason: reasons.linking_failed(failure) })
        }
    }
}
