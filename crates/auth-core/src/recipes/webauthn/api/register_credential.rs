//! `POST /webauthn/credential`

use auth_protocol::{RecipeId, RecipeUserId};
use serde_json::json;

use super::{
    super::{
        GetGeneratedOptionsInput, PasskeyRefusal, RegisterCredentialInput,
        RegisterCredentialOutcome, WebAuthnInstance, fresh, reasons,
    },
    RegisterCredentialPostInput, RegisterCredentialPostOutcome, USER_NOT_FOUND, body,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    factors::FactorId,
    recipes::multifactorauth::{FactorChange, MultiFactorAuthInstance, required_session},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let mut body = cx.json_body()?;
    let (options_id, credential) = body::answer(&mut body)?;
    let recipe_user_id = body::text(&body, "recipeUserId")
        .map(RecipeUserId::from)
        .ok_or_else(|| Error::bad_input("Please provide the recipeUserId"))?;
    let input = RegisterCredentialPostInput::new(session, recipe_user_id, options_id, credential);
    match WebAuthnInstance::of(cx)?.apis.register_credential_post(cx, input).await? {
        RegisterCredentialPostOutcome::Ok => Ok(Response::status_only("OK")),
        RegisterCredentialPostOutcome::NotAllowed { reason } => Ok(Response::ok(&json!({
            "status": "REGISTER_CREDENTIAL_NOT_ALLOWED",
            "reason": reason,
        }))),
        RegisterCredentialPostOutcome::OptionsNotFound => {
            Ok(Response::status_only("OPTIONS_NOT_FOUND_ERROR"))
        }
        RegisterCredentialPostOutcome::UserNotFound => Err(Error::general(USER_NOT_FOUND)),
        RegisterCredentialPostOutcome::EmailMismatch => Err(Error::general("Email mismatch")),
    }
}

pub(super) async fn base(
    cx: &Context,
    input: RegisterCredentialPostInput,
) -> Result<RegisterCredentialPostOutcome> {
    use RegisterCredentialPostOutcome as Outcome;
    let RegisterCredentialPostInput {
        session,
        recipe_user_id,
        webauthn_generated_options_id: options_id,
        credential,
    } = input;
    let tenant_id = session.get_tenant_id();
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let options = GetGeneratedOptionsInput::new(&*options_id).tenant_id(tenant_id);
    let options = functions.get_generated_options(cx, options).await?;
    let Some(for_email) = options.and_then(|options| options.email) else {
        return Ok(Outcome::OptionsNotFound);
    };
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let method = user.as_ref().and_then(|user| user.login_method(&recipe_user_id));
    let Some(method) = method.filter(|method| method.recipe_id == RecipeId::Webauthn) else {
        return Ok(Outcome::UserNotFound);
    };
    if !method.has_same_email_as(&for_email) {
        return Ok(Outcome::EmailMismatch);
    }
    let has_factors = MultiFactorAuthInstance::find(cx).is_some();
    if has_factors {
        cx.multifactorauth()?.assert_may_set_up(&session, FactorId::WEBAUTHN).await?;
    }
    fresh::assert_fresh(cx, &session).await?;
    let id = &method.recipe_user_id;
    let input = RegisterCredentialInput::new(id, options_id, credential).tenant_id(tenant_id);
    let not_allowed = |reason: &str| Outcome::NotAllowed { reason: reason.to_owned() };
    Ok(match functions.register_credential(cx, input).await? {
        RegisterCredentialOutcome::Ok { .. } => {
            if has_factors {
                let mfa = cx.multifactorauth()?;
                mfa.factor_changed(&session, FactorId::WEBAUTHN, FactorChange::Added)?;
            }
            Outcome::Ok
        }
        RegisterCredentialOutcome::UnknownUserId => Outcome::UserNotFound,
        RegisterCredentialOutcome::Refused(
            PasskeyRefusal::OptionsNotFound | PasskeyRefusal::InvalidOptions { .. },
        ) => Outcome::OptionsNotFound,
        RegisterCredentialOutcome::Refused(PasskeyRefusal::InvalidAuthenticator { .. }) => {
            not_allowed(reasons::WRONG_AUTHENTICATOR)
        }
        RegisterCredentialOutcome::Refused(PasskeyRefusal::InvalidCredentials { .. })
        | RegisterCredentialOutcome::CredentialAlreadyExists => {
            not_allowed(reasons::WRONG_CREDENTIAL)
        }
    })
}
