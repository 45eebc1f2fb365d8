//! The refresh of a request's session (FDI: refresh).

use auth_protocol::Secret;

use super::{
    super::{
        AllowedTransferMethod, AntiCsrf, RefreshSession, Session, SessionError, SessionInstance,
        TokenTransferMethod, TokenType,
        config::SessionConfig,
        transport::{self, cookies, names},
    },
    check::request,
};
use crate::{Context, Error, Request, Result};

/// Trades the request's refresh token for a session with fresh tokens, and attaches them.
pub(crate) async fn refresh_session(cx: &Context) -> Result<Session> {
    let request = request(cx)?;
    let instance = SessionInstance::of(cx)?;
    let config = instance.config();
    let allowed = config.allowed_transfer_method(cx, false);
    if allowed != AllowedTransferMethod::Header {
        clear_duplicates(cx, config, request)?;
    }
    let session = exchange(cx, instance, request, allowed).await;
    // Whatever came of it, the legacy cookie has had its day.
    if request.cookie(names::LEGACY_ID_COOKIE).is_some() {
        cookies::clear_cookie(cx, config, names::LEGACY_ID_COOKIE)?;
    }
    session
}

async fn exchange(
    cx: &Context,
    instance: &SessionInstance,
    request: &Request,
    allowed: AllowedTransferMethod,
) -> Result<Session> {
    let config = instance.config();
    let token_in =
        |method| transport::token_from_request(cx, config, request, TokenType::Refresh, method);
    let found = [TokenTransferMethod::Header, TokenTransferMethod::Cookie]
        .into_iter()
        .filter(|method| allowed.allows(*method))
        .find_map(|method| token_in(method).map(|token| (method, Secret::new(token))));
    let Some((method, refresh_token)) = found else {
        return Err(SessionError::unauthorised("the request carries no refresh token").into());
    };
    let in_cookie = method == TokenTransferMethod::Cookie;
    if in_cookie
        && config.anti_csrf(cx)? == AntiCsrf::ViaCustomHeader
        && request.header("rid").is_none()
    {
        return Err(SessionError::unauthorised("the request lacks the rid header").into());
    }
    let input = RefreshSession::new(refresh_token)
        .anti_csrf_token(transport::anti_csrf_token(request).map(Secret::from))
        .disable_anti_csrf(!in_cookie);
    let session = exchange_token(cx, instance, input).await?;
    for other in TokenTransferMethod::ALL.into_iter().filter(|other| *other != method) {
        if token_in(other).is_some() {
            transport::clear_session(cx, config, other)?;
        }
    }
    session.attach_to_request_response(cx, method)?;
    Ok(session)
}

/// Trades a refresh token for a session, whose claims don't grow older than other recipes let them.
pub(crate) async fn exchange_token(
    cx: &Context,
    instance: &SessionInstance,
    input: RefreshSession,
) -> Result<Session> {
    let session = instance.functions().refresh_session(cx, input).await?;
    for claim in cx.auth().recipes().iter().flat_map(|recipe| recipe.claims_at_refresh()) {
        session.work_out_anew(&*claim).await?;
    }
    Ok(session)
}

/// A client that has cookies of two domains sends both: those of the older domain are cleared,
/// and its next refresh finds the others.
fn clear_duplicates(cx: &Context, config: &SessionConfig, request: &Request) -> Result<()> {
    let mut is_cleared = false;
    for token in [TokenType::Access, TokenType::Refresh] {
        if transport::count_cookies(cx, config, request, token) < 2 {
            continue;
        }
        let older_domain = config.older_cookie_domain.as_deref().ok_or_else(|| {
            Error::other(
                "the request contains multiple session cookies: set older_cookie_domain to the \
                 cookie domain that was used before",
            )
        })?;
        cookies::clear_token_cookie_of_domain(cx, config, token, older_domain)?;
        is_cleared = true;
    }
    if is_cleared {
        return Err(SessionError::ClearDuplicateSessionCookies.into());
    }
    Ok(())
}
