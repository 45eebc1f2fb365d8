//! `POST /webauthn/signin`

use auth_protocol::{LoginMethod, TenantId, User, user::ListUsersByAccountInfo};
use serde_json::{Value, json};

use super::{
    super::{SignInInput, SignInOutcome, VerifyCredentialsInput, WebAuthnInstance, reasons},
    SignInPostInput, SignInPostOutcome, has_passkey,
    sign_form::SignForm,
};
use crate::{
    ApiCall, Context, Response, Result,
    factors::{FactorId, is_made_up_email},
    fdi::user_json,
    limits::{self, Action, Attempt},
    recipes::{
        accountlinking::{ListUsersByAccountInfoInput, users_with_email},
        sign_in::{self, SignInKind},
    },
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let form = SignForm::read(&call).await?;
    let admission = limits::admit(cx, &form.tenant_id, Attempt::new(Action::SignIn)).await?;
    let apis = &WebAuthnInstance::of(cx)?.apis;
    Ok(match apis.sign_in_post(cx, form).await? {
        SignInPostOutcome::Ok { user, session } => {
            let id = session.get_recipe_user_id();
            admission.of_login_method(&user, id).succeeded().await;
            Response::ok(&json!({ "status": "OK", "user": user_json(cx, &user, id) }))
        }
        SignInPostOutcome::InvalidCredentials => Response::status_only("INVALID_CREDENTIALS_ERROR"),
        SignInPostOutcome::SignInNotAllowed { reason } => {
            Response::ok(&json!({ "status": "SIGN_IN_NOT_ALLOWED", "reason": reason }))
        }
    })
}

pub(super) async fn base(cx: &Context, input: SignInPostInput) -> Result<SignInPostOutcome> {
    use SignInPostOutcome as Outcome;
    let form = SignForm::from(input);
    let credential_id = form.credential.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut found = user_with(cx, &form.tenant_id, credential_id).await?;
    if found.is_none() && form.session.is_some() && bring_here(cx, &form, credential_id).await? {
        found = user_with(cx, &form.tenant_id, credential_id).await?;
    }
    let passkey = found.as_ref().and_then(|user| {
        let method = user.login_methods.iter().find(|it| has_passkey(it, credential_id))?;
        Some((user, method, method.email.as_deref()?))
    });
    let Some((user, method, email)) = passkey else {
        if form.session.is_none() {
            let factors = [FactorId::WEBAUTHN];
            sign_in::pre_auth_checks_of_nobody(cx, &form.tenant_id, factors).await?;
        }
        return refused(cx, form).await;
    };
    let users = users_with_email(cx, &form.tenant_id, email).await?;
    let pre_auth = form.pre_auth(email, SignInKind::SignIn(user), &users, method.verified);
    let reasons = reasons::SIGN_IN;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        Err(refusal) => {
            return Ok(Outcome::SignInNotAllowed { reason: refusal.reason(&reasons) });
        }
    };
    if is_made_up_email(email) && permitted.is_first_factor {
        return refused(cx, form).await;
    }
    let functions = &WebAuthnInstance::of(cx)?.functions;
    Ok(match functions.sign_in(cx, SignInInput::from(form.clone())).await? {
        SignInOutcome::Ok { user, recipe_user_id, user_verified } => {
            let session = form.session_of(cx, &user, recipe_user_id, user_verified, false).await?;
            Outcome::Ok { user, session }
        }
        SignInOutcome::LinkingToSessionUserFailed(failure) => {
            Outcome::SignInNotAllowed { reason: reasons.linking_failed(failure) }
        }
        _ => Outcome::InvalidCredentials,
    })
}

/// The user in a tenant whose passkey it is.
async fn user_with(
    cx: &Context,
    tenant_id: &TenantId,
    credential_id: &str,
) -> Result<Option<User>> {
    if credential_id.is_empty() {
        return Ok(None);
    }
    let info = ListUsersByAccountInfo {
        webauthn_credential_id: Some(credential_id.to_owned()),
        ..ListUsersByAccountInfo::default()
    };
    let input = ListUsersByAccountInfoInput::new(info).tenant_id(tenant_id);
    Ok(cx.accountlinking()?.list_users_by_account_info(input).await?.into_iter().next())
}

/// Lets the session's user sign in here by a passkey that it has in another tenant, where it is right:
/// the core says of a right one that its user isn't here, which doesn't use up the options.
async fn bring_here(cx: &Context, form: &SignForm, credential_id: &str) -> Result<bool> {
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let is_it = |method: &LoginMethod| has_passkey(method, credential_id);
    let is_proved = async |_there: TenantId| {
        let input = VerifyCredentialsInput::new(&*form.options_id, form.credential.clone())
            .tenant_id(&form.tenant_id);
        let outcome = functions.verify_credentials(cx, input).await?;
        Ok(matches!(outcome, SignInOutcome::UnknownUserId))
    };
    let session = form.session.as_ref();
    sign_in::bring_into_tenant(cx, &form.tenant_id, session, is_it, is_proved).await
}

/// Asks the core all the same: the answer must not tell by its time what is known.
async fn refused(cx: &Context, form: SignForm) -> Result<SignInPostOutcome> {
    let SignForm { options_id, credential, tenant_id, .. } = form;
    let input = VerifyCredentialsInput::new(options_id, credential).tenant_id(tenant_id);
    drop(WebAuthnInstance::of(cx)?.functions.verify_credentials(cx, input).await?);
    Ok(SignInPostOutcome::InvalidCredentials)
}
