//! The names that an application gives its cookies and headers, tried once at the start.

use http::{HeaderName, header};

use super::{SessionConfig, TokenType};
use crate::{
    ConfigError, Context,
    recipes::session::transport::{cookies::is_token, names},
};

/// What a response has for other purposes.
const TAKEN: [HeaderName; 7] = [
    names::FRONT_TOKEN,
    names::ANTI_CSRF,
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
            .find(|name| !is_token(name) || *name == names::LEGACY_ID_COOKIE)
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
