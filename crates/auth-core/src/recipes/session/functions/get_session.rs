//! The check of an access token (FDI §2.4, steps 6 to 8).

use auth_protocol::{
    CdiVersion, Secret, TenantId,
    session::{VerifySession, VerifySessionResponse},
};
use subtle::ConstantTimeEq;

use super::{
    super::{AccessToken, AntiCsrf, Session, SessionCheck, SessionError, SessionInstance},
    GetSessionInput,
};
use crate::{Context, Result};

/// Ready for a token that was verified before, where the core has nothing to say about it.
pub(in super::super) fn get_session(
    cx: &Context,
    mut input: GetSessionInput,
) -> SessionCheck<Option<Session>> {
    let Some(token) = input.access_token.take() else {
        return SessionCheck::Ready(without_token(input.session_required));
    };
    if token.is_verified() && !needs_core(&input, &token) {
        return SessionCheck::Ready(
            check_anti_csrf(cx, &input, &token)
                .map(|()| Some(Session::from_access_token(cx, token))),
        );
    }
    let cx = cx.clone();
    SessionCheck::pending(async move { verify(&cx, input, token).await.map(Some) })
}

fn without_token(session_required: bool) -> Result<Option<Session>> {
    if !session_required {
        return Ok(None);
    }
    let message = "the request carries no access token".into();
    Err(SessionError::Unauthorised { message, clear_tokens: false }.into())
}

fn needs_core(input: &GetSessionInput, token: &AccessToken) -> bool {
    input.check_database || token.is_unconfirmed()
}

async fn verify(cx: &Context, input: GetSessionInput, token: AccessToken) -> Result<Session> {
    let instance = SessionInstance::of(cx)?;
    let config = instance.config();
    if !token.is_verified() {
        instance.keys().verify(cx, config, &token).await?;
    }
    check_anti_csrf(cx, &input, &token)?;
    if !needs_core(&input, &token) {
        return Ok(Session::from_access_token(cx, token));
    }
    let operation = VerifySession {
        access_token: Secret::new(token.expose_secret()),
        anti_csrf_token: input.anti_csrf_token,
        do_anti_csrf_check: input.anti_csrf_check,
        enable_anti_csrf: config.anti_csrf(cx)? == AntiCsrf::ViaToken,
        check_database: input.check_database,
        cdi_version: CdiVersion::LATEST,
    };
    match cx.core().call(&TenantId::default(), operation).await? {
        VerifySessionResponse::Ok { access_token: None, .. } => {
            Ok(Session::from_access_token(cx, token))
        }
        VerifySessionResponse::Ok { access_token: Some(new), .. } => {
            Session::from_new_access_token(cx, new)
        }
        VerifySessionResponse::Unauthorised { message } => {
            Err(SessionError::unauthorised(message).into())
        }
        VerifySessionResponse::TryRefreshToken { message } => {
            Err(SessionError::try_refresh_token(message).into())
        }
    }
}

/// Where a session has a token against forged requests, the request must carry it too.
fn check_anti_csrf(cx: &Context, input: &GetSessionInput, token: &AccessToken) -> Result<()> {
    if !input.anti_csrf_check {
        return Ok(());
    }
    if SessionInstance::of(cx)?.config().anti_csrf(cx)? != AntiCsrf::ViaToken {
        return Ok(());
    }
    let matches = match (token.anti_csrf_token(), &input.anti_csrf_token) {
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
