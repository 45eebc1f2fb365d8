//! `POST /signin`

use auth_protocol::{TenantId, emailpassword::SignIn};
use serde_json::json;

use super::{
    super::{Credentials, EmailPasswordInstance, SignInOutcome, reasons},
    SignFormInput, SignInPostOutcome, method_of, user_of, users_with,
};
use crate::{
    ApiCall, Context, Response, Result,
    factors::is_made_up_email,
    fdi::user_json,
    recipes::sign_in::{self, SignInKind},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let instance = EmailPasswordInstance::of(cx)?;
    let input = SignFormInput::read(&call, &instance.forms.sign_in).await?;
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
    let email = &credentials.email;
    let is_fake = is_made_up_email(email);
    let users = match is_fake && input.session.is_none() {
        true => Vec::new(),
        false => users_with(cx, &input.tenant_id, email).await?,
    };
    let found = user_of(&users, &input.tenant_id, email);
    let Some(user) = found else { return wrong(cx, &input.tenant_id, credentials).await };
    let is_verified = method_of(user, &input.tenant_id, email).is_some_and(|it| it.verified);
    let pre_auth = input.pre_auth(SignInKind::SignIn(user), &users, is_verified);
    let reasons = reasons::SIGN_IN;
    let permitted = match sign_in::pre_auth_checks(cx, pre_auth).await? {
        Ok(permitted) => permitted,
        Err(refusal) => {
            return Ok(SignInPostOutcome::SignInNotAllowed { reason: refusal.reason(&reasons) });
        }
    };
    if is_fake && permitted.is_first_factor {
        return wrong(cx, &input.tenant_id, credentials).await;
    }
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    match functions.sign_in(cx, credentials).await? {
        SignInOutcome::Ok { user, recipe_user_id } => {
            let session = input.session_of(cx, &user, recipe_user_id).await?;
            Ok(SignInPostOutcome::Ok { user, session })
        }
        SignInOutcome::WrongCredentials => Ok(SignInPostOutcome::WrongCredentials),
        SignInOutcome::LinkingToSessionUserFailed(failure) => {
            Ok(SignInPostOutcome::SignInNotAllowed { reason: reasons.linking_failed(failure) })
        }
    }
}

/// Spends the time of a password check: the answer must not tell unknown accounts apart.
async fn wrong(
    cx: &Context,
    tenant_id: &TenantId,
    credentials: Credentials,
) -> Result<SignInPostOutcome> {
    let check = SignIn { email: credentials.email, password: credentials.password };
    drop(cx.core().call(tenant_id, check).await?);
    Ok(SignInPostOutcome::WrongCredentials)
}
