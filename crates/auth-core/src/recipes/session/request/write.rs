//! Tokens in a response.

use auth_protocol::{JsonObject, UserId, session::TokenInfo};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::HeaderValue;
use serde::Serialize;

use super::{
    super::recipe::{SessionConfig, TokenTransferMethod, TokenType, names},
    cookies::{clear_older_token_cookie, clear_token_cookie_elsewhere, set_token_cookie},
    device,
    read::{count_cookies, has_older_cookie},
};
use crate::{Context, Error, Result};

/// How long the access token's cookie lives: much longer than the token, so that an expired one
/// is sent and answered with `try refresh token`.
const ACCESS_COOKIE_LIFETIME_MS: i64 = 31_536_000_000;

/// Writes the access token and, always with it, the front token.
pub(crate) fn set_access_token(
    cx: &Context,
    config: &SessionConfig,
    method: TokenTransferMethod,
    token: &str,
    front_token: &str,
) -> Result<()> {
    cx.changes()
        .set_header(names::FRONT_TOKEN, HeaderValue::try_from(front_token).map_err(Error::other)?);
    cx.changes().expose_header(names::FRONT_TOKEN);
    let expires_ms = cx.core().now_ms().saturating_add(ACCESS_COOKIE_LIFETIME_MS);
    set_token(cx, config, TokenType::Access, method, token, expires_ms)?;
    if config.expose_access_token && method == TokenTransferMethod::Cookie {
        let method = TokenTransferMethod::Header;
        set_token(cx, config, TokenType::Access, method, token, expires_ms)?;
    }
    Ok(())
}

pub(crate) fn set_refresh_token(
    cx: &Context,
    config: &SessionConfig,
    method: TokenTransferMethod,
    token: &TokenInfo,
) -> Result<()> {
    let text = token.token.expose_secret();
    set_token(cx, config, TokenType::Refresh, method, text, token.expiry)
}

pub(crate) fn set_anti_csrf_token(cx: &Context, token: &str) -> Result<()> {
    let value = HeaderValue::try_from(token).map_err(Error::other)?;
    cx.changes().set_header(names::ANTI_CSRF, value);
    cx.changes().expose_header(names::ANTI_CSRF);
    Ok(())
}

/// Makes the client forget its session in one way of transfer.
pub(crate) fn clear_session(
    cx: &Context,
    config: &SessionConfig,
    method: TokenTransferMethod,
) -> Result<()> {
    if method == TokenTransferMethod::Cookie {
        clear_strays(cx, config)?;
        device::clear_cookie(cx, config)?;
    }
    for token in [TokenType::Access, TokenType::Refresh] {
        set_token(cx, config, token, method, "", 0)?;
    }
    cx.changes().remove_header(names::ANTI_CSRF);
    cx.changes().set_header(names::FRONT_TOKEN, HeaderValue::from_static("remove"));
    cx.changes().expose_header(names::FRONT_TOKEN);
    Ok(())
}

/// Makes the client forget its session in both ways of transfer.
pub(crate) fn clear_session_everywhere(cx: &Context, config: &SessionConfig) -> Result<()> {
    TokenTransferMethod::ALL.into_iter().try_for_each(|method| clear_session(cx, config, method))
}

/// Where the request carries a token's cookie twice, clears those that this application didn't set,
/// or set under a domain that it had before: they would stand beside the tokens that follow. Cookies
/// of names that it had before are cleared, too.
pub(crate) fn clear_strays(cx: &Context, config: &SessionConfig) -> Result<()> {
    let Some(request) = cx.request() else { return Ok(()) };
    let tokens = [TokenType::Access, TokenType::Refresh];
    if tokens.iter().any(|token| has_older_cookie(cx, config, request, *token)) {
        tokens.iter().try_for_each(|token| clear_older_token_cookie(cx, config, *token))?;
    }
    if tokens.iter().all(|token| count_cookies(cx, config, request, *token) < 2) {
        return Ok(());
    }
    // The refresh token's cookie is seen on its own path only.
    tokens.into_iter().try_for_each(|token| clear_token_cookie_elsewhere(cx, config, token))
}

fn set_token(
    cx: &Context,
    config: &SessionConfig,
    token: TokenType,
    method: TokenTransferMethod,
    value: &str,
    expires_ms: i64,
) -> Result<()> {
    // A cache in between would give them to the next client.
    cx.changes().forbid_storing();
    match method {
        TokenTransferMethod::Cookie => set_token_cookie(cx, config, token, value, expires_ms),
        TokenTransferMethod::Header => {
            let name = config.response_header_name(cx, token)?;
            let value = HeaderValue::try_from(value).map_err(Error::other)?;
            cx.changes().set_header(name.clone(), value);
            cx.changes().expose_header(name);
            Ok(())
        }
    }
}

/// What a client is told about its session; the names are the wire's.
#[derive(Serialize)]
struct FrontToken<'a> {
    uid: &'a UserId,
    ate: i64,
    up: &'a JsonObject,
}

/// Padded base64 of JSON: the user, the access token's expiry in milliseconds since the epoch,
/// and the access token's whole payload.
pub(crate) fn front_token(
    user_id: &UserId,
    expiry_ms: i64,
    payload: &JsonObject,
) -> Result<String> {
    let told = FrontToken { uid: user_id, ate: expiry_ms, up: payload };
    Ok(STANDARD.encode(serde_json::to_vec(&told).map_err(Error::other)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_front_token_is_padded_base64_of_user_expiry_and_payload() {
        let payload = json!({ "sub": "u", "ä": 1 }).as_object().cloned().unwrap();
        let text = front_token(&UserId::new("u"), 1_000, &payload).unwrap();
        let bytes = STANDARD.decode(text).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"uid":"u","ate":1000,"up":{"sub":"u","ä":1}}"#
        );
    }
}
