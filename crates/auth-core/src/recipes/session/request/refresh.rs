//! The refresh of a request's session (FDI §2.6).

use std::{borrow::Cow, cmp::Reverse};

use auth_protocol::Secret;
use aws_lc_rs::digest;

use super::{
    super::{
        AccessToken, AllowedTransferMethod, AntiCsrf, RefreshSessionInput, Session, SessionError,
        SessionInstance, TokenTransferMethod, TokenType,
        recipe::{SessionConfig, names},
    },
    check::request,
    cookies, device, read, write,
};
use crate::{Context, Error, Request, Result, forgery};

/// How many refresh tokens of one request are tried at most: each is a question to the core.
const TRIED_TOKENS: usize = 16;

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
    let tokens_in =
        |method| read::tokens_from_request(cx, config, request, TokenType::Refresh, method);
    let found = [TokenTransferMethod::Header, TokenTransferMethod::Cookie]
        .into_iter()
        .filter(|method| allowed.allows(*method))
        .map(|method| (method, tokens_in(method)))
        .find(|(_, tokens)| !tokens.is_empty());
    let Some((method, refresh_tokens)) = found else {
        return Err(SessionError::unauthorised("the request carries no refresh token").into());
    };
    let in_cookie = method == TokenTransferMethod::Cookie;
    if in_cookie
        && config.anti_csrf(cx)? == AntiCsrf::ViaCustomHeader
        && request.header("rid").is_none()
    {
        return Err(SessionError::unauthorised("the request lacks the rid header").into());
    }
    if in_cookie {
        forgery::check_origin(cx, request)?;
    }
    let session = first_good(cx, instance, &refresh_tokens, in_cookie).await?;
    for other in TokenTransferMethod::ALL.into_iter().filter(|other| *other != method) {
        if !tokens_in(other).is_empty() {
            write::clear_session(cx, config, other)?;
        }
    }
    if in_cookie {
        write::clear_strays(cx, config)?;
    }
    session.attach_to_request_response(cx, method)?;
    Ok(session)
}

/// Trades a refresh token for a session, whose claims don't grow older than other recipes let them.
pub(crate) async fn exchange_token(
    cx: &Context,
    instance: &SessionInstance,
    input: RefreshSessionInput,
) -> Result<Session> {
    let session = instance.functions().refresh_session(cx, input).await?;
    let missing = instance.config().missing_audience(&session.get_access_token_payload())?;
    if let Some(update) = missing {
        session.merge_into_access_token_payload(update).await?;
    }
    for claim in cx.auth().recipes().iter().flat_map(|recipe| recipe.claims_at_refresh()) {
        session.work_out_anew(&*claim).await?;
    }
    Ok(session)
}

/// Trades the first of the tokens that is good. There is one, unless another site under the same
/// domain, or a domain that the application had before, has left a cookie of the same name: who
/// has a good one may have any other.
async fn first_good(
    cx: &Context,
    instance: &SessionInstance,
    tokens: &[Cow<'_, str>],
    in_cookie: bool,
) -> Result<Session> {
    let request = request(cx)?;
    let anti_csrf_token = read::anti_csrf_token(request);
    let proven = device::proven_devices(cx, instance.config(), request).await?;
    let mut refusal: Option<SessionError> = None;
    for token in likely_first(cx, instance.config(), request, tokens).take(TRIED_TOKENS) {
        let mut input = RefreshSessionInput::new(Secret::new(token))
            .disable_anti_csrf(!in_cookie)
            .proven_devices(proven.clone());
        input.anti_csrf_token = anti_csrf_token.map(Secret::from);
        match exchange_token(cx, instance, input).await {
            Err(Error::Session(error)) if error.is_about_the_token() => {
                let is_theft =
                    |error: &SessionError| matches!(error, SessionError::TokenTheftDetected { .. });
                // The first says most, and a theft more than what isn't one.
                if refusal.as_ref().is_none_or(|first| is_theft(&error) && !is_theft(first)) {
                    refusal = Some(error);
                }
            }
            other => return other,
        }
    }
    let none = || SessionError::unauthorised("the request carries no refresh token");
    Err(refusal.unwrap_or_else(none).into())
}

/// Those that an access token of the request names, the newest one's first: an old one of the same
/// session would be taken for stolen.
fn likely_first<'t>(
    cx: &Context,
    config: &SessionConfig,
    request: &Request,
    tokens: &'t [Cow<'_, str>],
) -> impl Iterator<Item = &'t str> {
    let mut tokens: Vec<&str> = tokens.iter().map(|token| &**token).collect();
    if tokens.len() > 1 {
        let cookies = TokenTransferMethod::Cookie;
        let access = read::tokens_from_request(cx, config, request, TokenType::Access, cookies);
        let mut access: Vec<_> =
            access.iter().filter_map(|text| AccessToken::parse(text)).collect();
        access.sort_by_key(|token| Reverse(token.expiry_ms()));
        let is_named =
            |hash: &str| access.iter().position(|token| token.refresh_token_hash() == Some(hash));
        tokens.sort_by_cached_key(|token| is_named(&hash(token)).unwrap_or(usize::MAX));
    }
    tokens.into_iter()
}

/// As access tokens name their refresh token: SHA-256 in hexadecimal digits.
fn hash(token: &str) -> String {
    let digest = digest::digest(&digest::SHA256, token.as_bytes());
    digest.as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// Where the application changed its cookies' domain and says which it had before: a client that
/// has cookies of two domains sends both. Those of the older domain are cleared, and its next
/// refresh finds the others.
fn clear_duplicates(cx: &Context, config: &SessionConfig, request: &Request) -> Result<()> {
    let Some(older_domain) = config.older_cookie_domain.as_deref() else { return Ok(()) };
    let is_double = |token: &TokenType| read::count_cookies(cx, config, request, *token) > 1;
    let double: Vec<_> =
        [TokenType::Access, TokenType::Refresh].into_iter().filter(is_double).collect();
    if double.is_empty() {
        return Ok(());
    }
    for token in double {
        // Another site may have set it, too, which would go on for ever.
        cookies::clear_token_cookie_elsewhere(cx, config, token)?;
        cookies::clear_token_cookie_of_domain(cx, config, token, older_domain)?;
    }
    Err(SessionError::ClearDuplicateSessionCookies.into())
}
