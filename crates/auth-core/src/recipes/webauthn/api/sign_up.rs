//! `POST /webauthn/signup`

use serde_json::json;

use super::{
    super::{
        GetGeneratedOptionsInput, PasskeyRefusal, SignUpInput, SignUpOutcome, WebAuthnInstance,
        fresh, reasons,
    },
    SignUpPostInput, SignUpPostOutcome,
    sign_form::SignForm,
    user_of,
};
use crate::{
    ApiCall, Context, Response, Result,
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
    let form = SignForm::read(&call).await?;
    let attempt = Attempt::new(Action::SignUp);
    let admission = limits::admit(cx, &form.tenant_id, attempt).await?;
    let apis = &WebAuthnInstance::of(cx)?.apis;
    Ok(match apis.sign_up_post(cx, form).await? {
        SignUpPostOutcome::Ok { user, session } => {
            let id = session.get_recipe_user_id();
            admission.of_login_method(&user, id).succeeded().await;
            Response::ok(&json!({ "status": "OK", "user": user_json(cx, &user, id) }))
        }
        SignUpPostOutcome::EmailAlreadyExists => {
            Response::status_only("EMAIL_ALREADY_EXISTS_ERROR")
        }
        SignUpPostOutcome::SignUpNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_UP_NOT_ALLOWED", "reason": reason }))
        }
        SignUpPostOutcome::Refused(refusal) => refusal.response(),
    })
}

pub(super) async fn base(cx: &Context, input: SignUpPostInput) -> Result<SignUpPostOutcome> {
    use SignUpPostOutcome as Outcome;
    let form = SignForm::from(input);
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let options = GetGeneratedOptionsInput::new(&*form.options_id).tenant_id(&form.tenant_id);
    let Some(options) = functions.get_generated_options(cx, options).await? else {
        return Ok(Outcome::Refused(PasskeyRefusal::OptionsNotFound));
    };
    let Some(email) = options.email else {
        let reason = "the options are for a sign-in".to_owned();
        return Ok(Outcome::Refused(PasskeyRefusal::InvalidOptions { reason }));
    };
    let is_fake = is_made_up_email(&email);
    let users = users_with_email(cx, &form.tenant_id, &email).await?;
    let pre_auth = form.pre_auth(&email, SignInKind::SignUp, &users, is_fake);
    let reasons = reasons::SIGN_UP;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        // What is known about the address anyway is told first.
        Err(Refusal::SignUpNotAllowed) if user_of(&users, &form.tenant_id, &email).is_some() => {
            return Ok(Outcome::EmailAlreadyExists);
        }
        Err(refusal) => {
            return Ok(Outcome::SignUpNotAllowed { reason: refusal.reason(&reasons) });
        }
    };
    if is_fake && permitted.is_first_factor {
        return Ok(Outcome::EmailAlreadyExists);
    }
    if let Some(session) = form.session.as_ref().filter(|_| !permitted.is_first_factor) {
        fresh::assert_fresh(cx, session).await?;
    }
    let credentials = SignUpInput::from(form.clone());
    Ok(match functions.sign_up(cx, credentials).await? {
        SignUpOutcome::Ok { user, recipe_user_id, user_verified } => {
            let session = form.session_of(cx, &user, recipe_user_id, user_verified, true).await?;
            Outcome::Ok { user, session }
        }
        SignUpOutcome::EmailAlreadyExists => Outcome::EmailAlreadyExists,
        SignUpOutcome::Refused(refusal) => Outcome::Refused(refusal),
        SignUpOutcome::LinkingToSessionUserFailed(failure) => {
            Outcome::SignUpNotAllowed { reason: reasons.linking_failed(failure) }
        }
    })
}
