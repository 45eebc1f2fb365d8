//! `POST /signin`

use auth_protocol::emailpassword::SignIn;
use serde_json::json;

use super::{
    super::{EmailPasswordInstance, FormFields, SignInOutcome},
    SignFormInput, SignInPostOutcome, find_user,
};
use crate::{
    ApiCall, Context, Response, Result,
    fdi::user_json,
    recipes::sign_in::{self, SignInSession},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let body = cx.json_body()?;
    let form_fields = FormFields::read(&body)?;
    form_fields.validate(cx, &instance.forms.sign_in, &call.tenant_id).await?;
    let SignInSession { should_try_linking, session, tenant_id } =
        sign_in::load_session(&call, &body).await?;
    let input = SignFormInput {
        form_fields,
        tenant_id,
        session,
        should_try_linking_with_session_user: should_try_linking,
    };
    Ok(match instance.apis.sign_in_post(cx, input).await? {
        SignInPostOutcome::Ok { user, session } => Response::ok(&json!({
            "status": "OK",
            "user": user_json(cx, &user, session.get_recipe_user_id()),
        })),
        SignInPostOutcome::WrongCredentials => Response::status_only("WRONG_CREDENTIALS_ERROR"),
        SignInPostOutcome::SignInNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_NOT_ALLOWED", "reason": reason }))
        }
    })
}

pub(super) async fn base(cx: &Context, input: SignFormInput) -> Result<SignInPostOutcome> {
    let credentials = input.credentials();
    let user = find_user(cx, &input.tenant_id, &credentials.email).await?;
    if user.is_none() || sign_in::is_fake_email(&credentials.email) {
        // Spends the time of a password check: the answer must not tell unknown accounts apart.
        let check = SignIn { email: credentials.email, password: credentials.password };
        drop(cx.core().call(&input.tenant_id, check).await?);
        return Ok(SignInPostOutcome::WrongCredentials);
    }
    sign_in::check_first_factor(input.should_try_linking_with_session_user)?;
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    match functions.sign_in(cx, credentials).await? {
        SignInOutcome::Ok { user, recipe_user_id } => {
            let session =
                sign_in::finish(cx, &user, recipe_user_id, &input.tenant_id, input.session).await?;
            Ok(SignInPostOutcome::Ok { user, session })
        }
        SignInOutcome::WrongCredentials => Ok(SignInPostOutcome::WrongCredentials),
    }
}
