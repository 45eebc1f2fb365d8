//! `POST /webauthn/credential/remove`

use super::{
    super::{RemoveCredentialInput, WebAuthnInstance, fresh, last_way},
    RemoveCredentialPostInput, RemoveCredentialPostOutcome, USER_NOT_FOUND, body, has_passkey,
};
use crate::{
    ApiCall, Context, Error, Response, Result,
    factors::FactorId,
    recipes::multifactorauth::{FactorChange, MultiFactorAuthInstance, required_session},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let id = body::text(&cx.json_body()?, "webauthnCredentialId")
        .ok_or_else(|| Error::bad_input("A valid webauthnCredentialId is required"))?;
    let input = RemoveCredentialPostInput::new(session, id);
    match WebAuthnInstance::of(cx)?.apis.remove_credential_post(cx, input).await? {
        RemoveCredentialPostOutcome::Ok => Ok(Response::status_only("OK")),
        RemoveCredentialPostOutcome::CredentialNotFound => {
            Ok(Response::status_only("CREDENTIAL_NOT_FOUND_ERROR"))
        }
        RemoveCredentialPostOutcome::UserNotFound => Err(Error::general(USER_NOT_FOUND)),
    }
}

pub(super) async fn base(
    cx: &Context,
    input: RemoveCredentialPostInput,
) -> Result<RemoveCredentialPostOutcome> {
    use RemoveCredentialPostOutcome as Outcome;
    let RemoveCredentialPostInput { session, webauthn_credential_id: passkey } = input;
    let has_factors = MultiFactorAuthInstance::find(cx).is_some();
    if has_factors {
        cx.multifactorauth()?.assert_requirements_complete(&session).await?;
    }
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let Some(user) = user else { return Ok(Outcome::UserNotFound) };
    let method = user.login_methods.iter().find(|method| has_passkey(method, &passkey));
    let Some(method) = method else { return Ok(Outcome::CredentialNotFound) };
    fresh::assert_fresh(cx, &session).await?;
    let keep_last = !last_way::has_other_way(cx, &session, &user).await?;
    if keep_last && user.webauthn.credential_ids.len() < 2 {
        return Err(Error::general(last_way::LAST_WAY));
    }
    let input = RemoveCredentialInput::new(&method.recipe_user_id, passkey).keep_last(keep_last);
    if !WebAuthnInstance::of(cx)?.functions.remove_credential(cx, input).await? {
        return Ok(Outcome::CredentialNotFound);
    }
    if has_factors {
        let mfa = cx.multifactorauth()?;
        mfa.factor_changed(&session, FactorId::WEBAUTHN, FactorChange::Removed)?;
    }
    Ok(Outcome::Ok)
}
