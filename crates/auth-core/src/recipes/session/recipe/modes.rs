//! The choices that the session recipe offers, by their names on the wire.

use std::{fmt, str::FromStr};

use crate::ConfigError;

/// Which of a session's two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenType {
    /// The access token: sent with every request.
    Access,
    /// The refresh token: sent to the refresh route only.
    Refresh,
}

/// How tokens travel between a client and the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenTransferMethod {
    /// In `Authorization: Bearer` and in response headers.
    Header,
    /// In cookies.
    Cookie,
}

impl TokenTransferMethod {
    /// Both methods.
    pub const ALL: [Self; 2] = [Self::Header, Self::Cookie];
}

/// Which ways of transfer a request may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AllowedTransferMethod {
    /// Whichever the client uses.
    Any,
    /// Headers only.
    Header,
    /// Cookies only.
    Cookie,
}

impl AllowedTransferMethod {
    /// Whether tokens may travel like this.
    pub fn allows(self, method: TokenTransferMethod) -> bool {
        match self {
            Self::Any => true,
            Self::Header => method == TokenTransferMethod::Header,
            Self::Cookie => method == TokenTransferMethod::Cookie,
        }
    }
}

/// How requests that carry cookies prove that they come from the application's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AntiCsrf {
    /// By a token in the `anti-csrf` header, which stands in the access token as well.
    ViaToken,
    /// By the presence of the `rid` header, which a plain form can't send.
    ViaCustomHeader,
    /// Not at all: the cookies' `SameSite` attribute is enough.
    None,
}

impl FromStr for AntiCsrf {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        match text {
            "VIA_TOKEN" => Ok(Self::ViaToken),
            "VIA_CUSTOM_HEADER" => Ok(Self::ViaCustomHeader),
            "NONE" => Ok(Self::None),
            other => Err(ConfigError::new(
                "session.anti_csrf",
                format!("{other:?} is no mode"),
                "VIA_TOKEN, VIA_CUSTOM_HEADER or NONE",
            )),
        }
    }
}

/// The `SameSite` attribute of session cookies (RFC 6265bis section 4.1.2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Only with requests from the same site.
    Strict,
    /// Also with top-level navigations from other sites.
    Lax,
    /// With every request; needs `Secure`.
    None,
}

impl FromStr for SameSite {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "strict" => Ok(Self::Strict),
            "lax" => Ok(Self::Lax),
            "none" => Ok(Self::None),
            _ => Err(ConfigError::new(
                "session.cookie_same_site",
                format!("{text:?} is no value of SameSite"),
                "strict, lax or none",
            )),
        }
    }
}

impl fmt::Display for SameSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "strict",
            Self::Lax => "lax",
            Self::None => "none",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_site_is_read_without_regard_to_case_and_blanks() {
        assert_eq!(" Lax ".parse::<SameSite>().unwrap(), SameSite::Lax);
        assert_eq!("STRICT".parse::<SameSite>().unwrap(), SameSite::Strict);
        assert_eq!("none".parse::<SameSite>().unwrap(), SameSite::None);
        assert_eq!("loose".parse::<SameSite>().unwrap_err().field(), "session.cookie_same_site");
    }

    #[test]
    fn an_unknown_anti_csrf_mode_is_a_configuration_error() {
        assert_eq!("VIA_TOKEN".parse::<AntiCsrf>().unwrap(), AntiCsrf::ViaToken);
        assert_eq!("via_token".parse::<AntiCsrf>().unwrap_err().field(), "session.anti_csrf");
    }
}
