//! The keys by which callers prove who they are (CDI §0.2).

use std::fmt;

use auth_protocol::Secret;
use http::{HeaderMap, header};
use subtle::{Choice, ConstantTimeEq};

use crate::answer::CdiError;

const SHORTEST: usize = 20;

/// The keys that are accepted; without any, every call is open.
///
/// ```
/// use auth_server::ApiKeys;
///
/// assert!(ApiKeys::parse("kDsT3bA7xwWmQ0uR5vHy, second-key=0123456789").is_ok());
/// assert!(ApiKeys::parse("short").is_err());
/// ```
#[derive(Clone, Default)]
pub struct ApiKeys(Vec<Secret>);

/// Why a list of keys can't be used. It doesn't show the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApiKeyError {
    /// A key can be guessed too easily.
    #[error("one of the keys is too short; use 20 characters or more")]
    TooShort,
    /// A key holds other characters than it may.
    #[error("one of the keys has other characters than letters, digits, `=` and `-`")]
    WrongCharacter,
}

impl ApiKeys {
    /// Reads keys with commas between them; spaces don't count.
    pub fn parse(list: &str) -> Result<Self, ApiKeyError> {
        let mut keys = Self::default();
        for key in list.split(',').filter(|key| !key.trim().is_empty()) {
            keys.add(key, SHORTEST)?;
        }
        Ok(keys)
    }

    /// Adds one key of at least this length.
    pub(crate) fn add(&mut self, key: &str, shortest: usize) -> Result<(), ApiKeyError> {
        let key: String = key.chars().filter(|character| !character.is_whitespace()).collect();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'-');
        if !key.bytes().all(is_allowed) {
            return Err(ApiKeyError::WrongCharacter);
        }
        if key.len() < shortest {
            return Err(ApiKeyError::TooShort);
        }
        self.0.push(Secret::new(key));
        Ok(())
    }

    /// Whether calls need no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Checks the key of a request: its `api-key` header, else its `Authorization` header, where
    /// `Bearer` may stand before the key.
    ///
    /// Every key is compared to its end, so that the time tells nothing about them but their
    /// lengths.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), CdiError> {
        if self.is_empty() {
            return Ok(());
        }
        let sent = sent_key(headers).ok_or(CdiError::InvalidApiKey)?;
        let matches = self.0.iter().fold(Choice::from(0), |known, key| {
            known | key.expose_secret().as_bytes().ct_eq(sent.as_bytes())
        });
        if bool::from(matches) { Ok(()) } else { Err(CdiError::InvalidApiKey) }
    }
}

fn sent_key(headers: &HeaderMap) -> Option<&str> {
    if let Some(key) = headers.get("api-key") {
        return key.to_str().ok().map(str::trim);
    }
    let line = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let scheme = line.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("bearer "));
    Some(scheme.map_or(line, |_| line.get(7..).unwrap_or_default()).trim())
}

impl fmt::Debug for ApiKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";

    fn accepts(name: &'static str, value: &str) -> bool {
        let keys = ApiKeys::parse(&format!("other-key-0123456789,{KEY}")).unwrap();
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static(name),
            http::HeaderValue::from_str(value).unwrap(),
        )]);
        keys.check(&headers).is_ok()
    }

    #[test]
    fn cdi_0_2_a_key_comes_in_either_header_and_white_space_around_it_does_not_count() {
        assert!(accepts("api-key", KEY));
        assert!(accepts("api-key", &format!(" {KEY} ")));
        assert!(accepts("authorization", KEY));
        assert!(accepts("authorization", &format!("Bearer {KEY}")));
        assert!(accepts("authorization", &format!("bEARER  {KEY}")));
    }

    #[test]
    fn cdi_0_2_everything_else_is_refused() {
        assert!(!accepts("api-key", ""));
        assert!(!accepts("api-key", &KEY[1..]));
        assert!(!accepts("api-key", &format!("{KEY}0")));
        assert!(!accepts("api-key", &KEY.to_uppercase()));
        assert!(!accepts("api-key", &format!("Bearer {KEY}")));
        assert!(!accepts("authorization", &format!("Basic {KEY}")));
        assert!(!accepts("x-api-key", KEY));
    }

    #[test]
    fn the_keys_do_not_show() {
        assert_eq!(format!("{:?}", ApiKeys::parse(KEY).unwrap()), "ApiKeys(1)");
    }
}
