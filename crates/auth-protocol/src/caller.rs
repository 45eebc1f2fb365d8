//! Who asked for what is being done.

use std::net::IpAddr;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{SessionHandle, UserId};

/// The longest header that is read, in bytes.
const LONGEST_HEADER: usize = 2048;

/// How much of a text is kept, in bytes.
const LONGEST_USER_AGENT: usize = 256;
const LONGEST_API: usize = 64;
const LONGEST_ID: usize = 256;

/// For whom an operation is asked: what is known of the request that led to it. It decides nothing;
/// the audit log keeps it. It holds no secret, and each of its texts has a bound.
///
/// ```
/// use auth_protocol::Caller;
///
/// let caller = Caller::default()
///     .with_address("203.0.113.9".parse().ok())
///     .with_user_agent("Mozilla/5.0")
///     .with_api("signInPOST");
/// assert_eq!(Caller::from_header(&caller.to_header()), Some(caller));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Caller {
    /// The network address that the request came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The request's `User-Agent`: 256 bytes of it at most, without control characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The name of the API that was asked, such as `signInPOST`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The user of the session that the request came with, where one was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acting_user: Option<UserId>,
    /// That session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_handle: Option<SessionHandle>,
}

impl Caller {
    /// The header by which a core at the other end of a network is told.
    pub const HEADER: &'static str = "auth-caller";

    /// The same caller with an address; one of IPv4 written as IPv6 becomes one of IPv4.
    #[must_use]
    pub fn with_address(mut self, address: Option<IpAddr>) -> Self {
        self.address = address.map(|address| address.to_canonical());
        self
    }

    /// The same caller with a user agent, cut to its bound.
    #[must_use]
    pub fn with_user_agent(mut self, user_agent: &str) -> Self {
        self.user_agent = bounded(user_agent, LONGEST_USER_AGENT);
        self
    }

    /// The same caller with an API's name, cut to 64 bytes.
    #[must_use]
    pub fn with_api(mut self, api: &str) -> Self {
        self.api = bounded(api, LONGEST_API);
        self
    }

    /// The same caller with the session that the request came with.
    #[must_use]
    pub fn with_session(mut self, acting_user: UserId, session_handle: SessionHandle) -> Self {
        self.acting_user = Some(acting_user);
        self.session_handle = Some(session_handle);
        self
    }

    /// The value of [`Self::HEADER`]: JSON in base64url.
    pub fn to_header(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a value of [`Self::HEADER`]; `None` where it is longer than 2 KiB or can't be read.
    pub fn from_header(value: &str) -> Option<Self> {
        if value.len() > LONGEST_HEADER {
            return None;
        }
        let json = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
        let read: Self = serde_json::from_slice(&json).ok()?;
        let id = |id: &str| bounded(id, LONGEST_ID);
        Some(Self {
            address: read.address.map(|address| address.to_canonical()),
            user_agent: read.user_agent.and_then(|text| bounded(&text, LONGEST_USER_AGENT)),
            api: read.api.and_then(|text| bounded(&text, LONGEST_API)),
            acting_user: read.acting_user.and_then(|user| id(user.as_str()).map(UserId::from)),
            session_handle: read
                .session_handle
                .and_then(|handle| id(handle.as_str()).map(SessionHandle::from)),
        })
    }
}

/// As much of a text as fits, without control characters; `None` where nothing is left.
fn bounded(text: &str, longest: usize) -> Option<String> {
    let mut kept = String::new();
    for character in text.chars().filter(|character| !character.is_control()) {
        if kept.len() + character.len_utf8() > longest {
            break;
        }
        kept.push(character);
    }
    (!kept.is_empty()).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_bounds_and_no_control_characters() {
        let caller = Caller::default().with_user_agent(&"é\u{0}\n".repeat(400)).with_api("\u{7}");
        assert_eq!(caller.user_agent.as_deref(), Some("é".repeat(128).as_str()));
        assert_eq!(caller.api, None);
    }

    #[test]
    fn a_header_that_can_t_be_read_is_no_caller() {
        let long = Caller { api: Some("a".repeat(3000)), ..Caller::default() };
        for value in ["", "a", "!!!!", "bnVsbA", &long.to_header(), &"A".repeat(100_000)] {
            assert_eq!(Caller::from_header(value), None, "{value}");
        }
        // What another program wrote is cut to the same bounds.
        let sent = Caller { user_agent: Some("\n".repeat(50) + "a"), ..Caller::default() };
        let read = Caller::from_header(&sent.to_header()).unwrap();
        assert_eq!(read.user_agent.as_deref(), Some("a"));
        assert_eq!(Caller::from_header("e30"), Some(Caller::default()));
        let mapped = br#"{"address":"::ffff:192.0.2.1","other":1}"#;
        let read = Caller::from_header(&BASE64_URL_SAFE_NO_PAD.encode(mapped)).unwrap();
        assert_eq!(read.address, "192.0.2.1".parse().ok());
    }
}
