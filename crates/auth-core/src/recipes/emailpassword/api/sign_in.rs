//! `POST /signin`

use auth_protocol::{LoginMethod, RecipeId, TenantId, emailpassword::SignIn};
use serde_json::json;

use super::{
    super::{
        EmailPasswordInstance, SignInInput, SignInOutcome, VerifyCredentialsInput, breaches,
        reasons,
    },
    SignInPostInput, SignInPostOutcome, method_of,
    sign_form::SignForm,
    user_of,
};
use crate::{
    ApiCall, Context, Response, Result,
    factors::{FactorId, is_made_up_email},
    fdi::user_json,
    limits::{self, Action, Attempt},
    recipes::{
        accountlinking::users_with_email,
        sign_in::{self, SignInKind},
    },
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let form = SignForm::read(&call, &instance.forms.sign_in).await?;
    let attempt = Attempt::new(Action::SignIn).email(form.form_fields.email());
    let admission = limits::admit(cx, &form.tenant_id, attempt).await?;
    Ok(match instance.apis.sign_in_post(cx, form).await? {
        SignInPostOutcome::Ok { user, session } => {
            admission.succeeded().await;
            Response::ok(&json!({
                "status": "OK",
                "user": user_json(cx, &user, session.get_recipe_user_id()),
            }))
        }
        SignInPostOutcome::WrongCredentials => Response::status_only("WRONG_CREDENTIALS_ERROR"),
        SignInPostOutcome::SignInNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_NOT_ALLOWED", "reason": reason }))
        }
    })
}

pub(super) async fn base(cx: &Context, input: SignInPostInput) -> Result<SignInPostOutcome> {
    let form = SignForm::from(input);
    let credentials = SignInInput {
        tenant_id: form.tenant_id.clone(),
        session: form.session.clone(),
        should_try_linking_with_session_user: form.should_try_linking_with_session_user,
        ..SignInInput::new(form.form_fields.email(), form.form_fields.password())
    };
    let email = &credentials.email;
    let is_fake = is_made_up_email(email);
    let mut users = match is_fake && form.session.is_none() {
        true => Vec::new(),
        false => users_with_email(cx, &form.tenant_id, email).await?,
    };
    if form.session.is_some()
        && user_of(&users, &form.tenant_id, email).is_none()
        && bring_here(cx, &credentials).await?
    {
        users = users_with_email(cx, &form.tenant_id, email).await?;
    }
    let found = user_of(&users, &form.tenant_id, email);
    let Some(user) = found else {
        if form.session.is_none() {
            let factors = [FactorId::EMAIL_PASSWORD];
            sign_in::pre_auth_checks_of_nobody(cx, &form.tenant_id, factors).await?;
        }
        return wrong(cx, credentials).await;
    };
    let is_verified = method_of(user, &form.tenant_id, email).is_some_and(|it| it.verified);
    let pre_auth = form.pre_auth(SignInKind::SignIn(user), &users, is_verified);
    let reasons = reasons::SIGN_IN;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        Err(refusal) => {
            return Ok(SignInPostOutcome::SignInNotAllowed { reason: refusal.reason(&reasons) });
        }
    };
    if is_fake && permitted.is_first_factor {
        return wrong(cx, credentials).await;
    }
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    match functions.sign_in(cx, credentials).await? {
        SignInOutcome::Ok { user, recipe_user_id } => {
            let password = form.form_fields.password();
            let session = form.session_of(cx, &user, recipe_user_id, false).await?;
            breaches::note_at_sign_in(cx, &session, &password).await;
            Ok(SignInPostOutcome::Ok { user, session })
        }
        SignInOutcome::WrongCredentials => Ok(SignInPostOutcome::WrongCredentials),
        SignInOutcome::LinkingToSessionUserFailed(failure) => {
            Ok(SignInPostOutcome::SignInNotAllowed { reason: reasons.linking_failed(failure) })
        }
    }
}

/// Lets the session's user sign in here by a password that it has in another tenant, where it is right.
async fn bring_here(cx: &Context, credentials: &SignInInput) -> Result<bool> {
    let SignInInput { email, password, tenant_id, session, .. } = credentials;
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    let is_it = |method: &LoginMethod| {
        method.recipe_id == RecipeId::EmailPassword && method.has_same_email_as(email)
    };
    let is_proved = async |there: TenantId| {
        let input = VerifyCredentialsInput::new(email.clone(), password.clone()).tenant_id(there);
        let outcome = functions.verify_credentials(cx, input).await?;
        Ok(matches!(outcome, SignInOutcome::Ok { .. }))
    };
    sign_in::bring_into_tenant(cx, tenant_id, session.as_ref(), is_it, is_proved).await
}

/// Spends the time of a password check: the answer must not tell unknown accounts apart.
async fn wrong(cx: &Context, credentials: SignInInput) -> Result<SignInPostOutcome> {
    let SignInInput { email, password, tenant_id, .. } = credentials;
    drop(cx.core().call(&tenant_id, SignIn { email, password }).await?);
    Ok(SignInPostOutcome::WrongCredentials)
}
