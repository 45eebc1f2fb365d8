//! `POST /signup`

use serde_json::json;

use super::{
    super::{EmailPasswordInstance, FormFields, SignUpOutcome, fields::EMAIL},
    SignFormInput, SignUpPostOutcome,
};
use crate::{
    ApiCall, Context, Error, FormFieldError, Response, Result,
    fdi::user_json,
    recipes::sign_in::{self, SignInSession},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let body = cx.json_body()?;
    let form_fields = FormFields::read(&body)?;
    form_fields.validate(cx, &instance.forms.sign_up, &call.tenant_id).await?;
    let SignInSession { should_try_linking, session, tenant_id } =
        sign_in::load_session(&call, &body).await?;
    let input = SignFormInput {
        form_fields,
        tenant_id,
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
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
    if sign_in::is_fake_email(&credentials.email) {
        return Ok(SignUpPostOutcome::EmailAlreadyExists);
    }
    sign_in::check_first_factor(input.should_try_linking_with_session_user)?;
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    match functions.sign_up(cx, credentials).await? {
        SignUpOutcome::Ok { user, recipe_user_id } => {
            let session =
                sign_in::finish(cx, &user, recipe_user_id, &input.tenant_id, input.session).await?;
            Ok(SignUpPostOutcome::Ok { user, session })
        }
        SignUpOutcome::EmailAlreadyExists => Ok(SignUpPostOutcome::EmailAlreadyExists),
    }
}
