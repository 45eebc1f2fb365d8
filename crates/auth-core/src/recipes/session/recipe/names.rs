//! The names of session cookies and headers (FDI §2.2), and those that an application
//! gives in their place, tried once at the start.

use http::{HeaderName, header};

use super::{SessionConfig, TokenTransferMethod, TokenType};
use crate::{ConfigError, Context};

/// Tells a client its user, the access token's expiry and payload.
pub(crate) const FRONT_TOKEN: HeaderName = HeaderName::from_static("front-token");
/// The anti-CSRF token, in requests and responses.
pub(crate) const ANTI_CSRF: HeaderName = HeaderName::from_static("anti-csrf");
/// The cookie of versions before `front-token`; never set any more.
pub(crate) const LEGACY_ID_COOKIE: &str = "sIdRefreshToken";

const ACCESS_TOKEN: HeaderName = HeaderName::from_static("st-access-token");
const REFRESH_TOKEN: HeaderName = HeaderName::from_static("st-refresh-token");
const AUTH_MODE: &str = "st-auth-mode";

pub(crate) fn cookie(token: TokenType) -> &'static str {
    match token {
        TokenType::Access => "sAccessToken",
        TokenType::Refresh => "sRefreshToken",
    }
}

pub(crate) fn response_header(token: TokenType) -> HeaderName {
    match token {
        TokenType::Access => ACCESS_TOKEN,
        TokenType::Refresh => REFRESH_TOKEN,
    }
}

/// The way of transfer that the client asks for in `st-auth-mode`.
pub(crate) fn auth_mode(cx: &Context) -> Option<TokenTransferMethod> {
    let mode = cx.request()?.header(AUTH_MODE)?;
    if mode.eq_ignore_ascii_case("cookie") {
        Some(TokenTransferMethod::Cookie)
    } else if mode.eq_ignore_ascii_case("header") {
        Some(TokenTransferMethod::Header)
    } else {
        None
    }
}

/// What a response has for other purposes.
const TAKEN: [HeaderName; 7] = [
    FRONT_TOKEN,
    ANTI_CSRF,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::SET_COOKIE,
    header::TRANSFER_ENCODING,
];

/// Whether the names can be used, as far as they can be known without a client's request.
pub(crate) fn check(config: &SessionConfig, cx: &Context) -> Result<(), ConfigError> {
    let cookies = [TokenType::Access, TokenType::Refresh].map(|it| config.cookie_name(cx, it));
    let problem = match &cookies {
        [access, refresh] if access == refresh => Some(format!("both are {access:?}")),
        names => names
            .iter()
            .find(|name| !is_token(name) || *name == LEGACY_ID_COOKIE)
            .map(|name| format!("{name:?} can't be the name of a cookie")),
    };
    if let Some(problem) = problem {
        let field = "session.get_cookie_name_for_token_type";
        let expected = "two names of letters, digits and `-_.`, such as `sAccessToken`";
        return Err(ConfigError::new(field, problem, expected));
    }
    let wrong_header = |problem: String| {
        let field = "session.get_response_header_name_for_token_type";
        let expected = "two names of letters, digits and `-`, such as `st-access-token`";
        ConfigError::new(field, problem, expected)
    };
    let mut headers = Vec::new();
    for token in [TokenType::Access, TokenType::Refresh] {
        let name = config
            .response_header_name(cx, token)
            .map_err(|_| wrong_header("it gives what can't be the name of a header".to_owned()))?;
        if TAKEN.contains(&name) || headers.contains(&name) {
            return Err(wrong_header(format!("`{name}` is the name of another header")));
        }
        headers.push(name);
    }
    Ok(())
}

pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
