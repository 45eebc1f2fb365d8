//! The check of an access token (FDI: `getSession`, steps 6 to 8).

use auth_protocol::{
    CdiVersion, Secret, TenantId,
    session::{VerifySession, VerifySessionResponse},
};
use subtle::ConstantTimeEq;

use super::{
    super::{AccessToken, AntiCsrf, Session, SessionError, SessionInstance},
    GetSession,
};
use crate::{Context, Error, Result};

/// The session of a token that was verified before, where neither the core nor the client has to
/// say more.
pub(in super::super) fn session_at_once(
    cx: &Context,
    token: &AccessToken,
    anti_csrf_check: bool,
    check_database: bool,
) -> Option<Session> {
    let is_enough = token.is_verified() && !anti_csrf_check && !needs_core(check_database, token);
    is_enough.then(|| Session::from_access_token(cx, token.clone()))
}

fn needs_core(check_database: bool, token: &AccessToken) -> bool {
    check_database || token.is_unconfirmed()
}

pub(in super::super) async fn get_session(
    cx: &Context,
    input: GetSession,
) -> Result<Option<Session>> {
    let Some(token) = input.access_token else {
        if !input.session_required {
            return Ok(None);
        }
        return Err(SessionError::Unauthorised {
            message: "the request carries no access token".into(),
            clear_tokens: false,
        }
        .into());
    };
    let instance = SessionInstance::of(cx)?;
    let config = instance.config();
    if !token.is_verified() {
        Box::pin(instance.keys().verify(cx, config, &token)).await?;
    }
    let needs_core = needs_core(input.check_database, &token);
    if !input.anti_csrf_check && !needs_core {
        return Ok(Some(Session::from_access_token(cx, token)));
    }
    let via_token = config.anti_csrf(cx)? == AntiCsrf::ViaToken;
    if input.anti_csrf_check && via_token {
        check_anti_csrf(&token, input.anti_csrf_token.as_ref())?;
    }
    if !needs_core {
        return Ok(Some(Session::from_access_token(cx, token)));
    }
    let operation = VerifySession {
        access_token: Secret::new(token.expose_secret()),
        anti_csrf_token: input.anti_csrf_token,
        do_anti_csrf_check: input.anti_csrf_check,
        enable_anti_csrf: via_token,
        check_database: input.check_database,
        cdi_version: CdiVersion::LATEST,
    };
    match Box::pin(cx.core().call(&TenantId::default(), operation)).await? {
        VerifySessionResponse::Ok { access_token: None, .. } => {
            Ok(Some(Session::from_access_token(cx, token)))
        }
        VerifySessionResponse::Ok { access_token: Some(new), .. } => {
            let new = AccessToken::parse(new.token.expose_secret())
                .ok_or_else(|| Error::other("the core made an access token that can't be read"))?;
            Ok(Some(Session::from_new_access_token(cx, new)))
        }
        VerifySessionResponse::Unauthorised { message } => {
            Err(SessionError::unauthorised(message).into())
        }
        VerifySessionResponse::TryRefreshToken { message } => {
            Err(SessionError::try_refresh_token(message).into())
        }
    }
}

fn check_anti_csrf(token: &AccessToken, sent: Option<&Secret>) -> Result<()> {
    let matches = match (token.anti_csrf_token(), sent) {
        (Some(expected), Some(sent)) => {
            expected.as_bytes().ct_eq(sent.expose_secret().as_bytes()).into()
        }
        _ => false,
    };
    if matches {
        return Ok(());
    }
    Err(SessionError::try_refresh_token("the anti-CSRF token is missing or wrong").into())
}
