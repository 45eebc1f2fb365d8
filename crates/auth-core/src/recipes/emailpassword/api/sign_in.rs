//! `POST /signin`

use auth_protocol::{RecipeId, TenantId, emailpassword::SignIn};
use serde_json::json;

use super::{
    super::{Credentials, EmailPasswordInstance, FormFields, SignInOutcome},
    SignFormInput, SignInPostOutcome, find_user, method_of,
};
use crate::{
    ApiCall, Context, Response, Result,
    fdi::user_json,
    recipes::{
        accountlinking::NewAccountInfo,
        multifactorauth::FactorId,
        sign_in::{self, PreAuth, Reasons, SignInKind, SignInSession},
    },
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
    let email = &credentials.email;
    let is_fake = sign_in::is_fake_email(email);
    let found = match is_fake && input.session.is_none() {
        true => None,
        false => find_user(cx, &input.tenant_id, email).await?,
    };
    let Some(user) = found else { return wrong(cx, &input.tenant_id, credentials).await };
    let method = method_of(&user, &input.tenant_id, email);
    let pre_auth = PreAuth {
        account: NewAccountInfo::new(RecipeId::EmailPassword).email(email),
        kind: SignInKind::SignIn(&user),
        factor_ids: vec![FactorId::EMAIL_PASSWORD],
        tenant_id: &input.tenant_id,
        session: input.session.as_ref(),
        should_try_linking: input.should_try_linking_with_session_user,
        is_verified: method.is_some_and(|method| method.verified),
        sign_in_verifies: false,
        check_only: false,
    };
    let reasons = Reasons::EMAIL_PASSWORD_SIGN_IN;
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
            let factor = FactorId::EMAIL_PASSWORD;
            let session = sign_in::post_auth_checks(
                cx,
                &user,
                recipe_user_id,
                factor,
                &input.tenant_id,
                input.session,
            )
            .await?;
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
