//! Sessions that are bound to a device (W3C Device Bound Session Credentials; the page of the recipe
//! names the draft).
//!
//! The answer to a sign-in [offers](offer) it. A browser that takes it makes a key that can't be copied
//! out of the device, and [registers](register) it. From then on a refresh of the session needs a cookie
//! that lives for minutes, and that the browser [renews](renew) by a proof of the key when it is to be
//! sent and isn't there. That cookie, like the challenges that are to be signed, is a [note](notes) of
//! the core's: nothing is kept of it, and to read it back needs no I/O.

mod answer;
mod notes;
mod offer;
mod proven;
mod register;
mod renew;

use std::time::Duration;

use auth_jwt::KeyProof;
use auth_protocol::SessionHandle;

pub use answer::DeviceAnswer;
pub(crate) use offer::offer;
pub(crate) use proven::{clear_cookie, proven_devices};
pub(crate) use register::register;
pub(crate) use renew::renew;

use super::{
    super::{AccessToken, SessionInstance, TokenTransferMethod, TokenType, recipe::SessionConfig},
    read,
};
use crate::{Context, Error, Request, Result};

/// Where browsers register a key, below the API's base path.
pub(crate) const REGISTER_ROUTE: &str = "/session/device/register";
/// Where browsers renew the cookie.
pub(crate) const RENEW_ROUTE: &str = "/session/device/renew";

const PROOF: &str = "secure-session-response";
const SESSION_ID: &str = "sec-secure-session-id";

/// The cookie that a refresh of a bound session needs, behind the recipe's prefix.
const COOKIE: &str = "sDeviceProof";

/// Longer ids of sessions aren't looked at.
const LONGEST_HANDLE: usize = 512;

/// How many access tokens of one request are looked at: other sites of the domain may have left some.
const MOST_TOKENS: usize = 16;

/// The settings after their checks.
#[derive(Clone, Debug)]
pub(crate) struct DeviceBinding {
    /// How long the cookie lives.
    pub(crate) cookie_lifetime: Duration,
    /// Where browsers register a key, as they reach it.
    pub(crate) register_path: String,
    /// Where they renew the cookie.
    pub(crate) renew_path: String,
    /// Where they refresh the session.
    pub(crate) refresh_path: String,
}

/// What a request to one of the routes is about.
struct Asked<'c> {
    instance: &'c SessionInstance,
    binding: &'c DeviceBinding,
    request: &'c Request,
}

impl<'c> Asked<'c> {
    fn of(cx: &'c Context) -> Result<Self> {
        let instance = SessionInstance::of(cx)?;
        let binding = instance.config().device_binding.as_ref();
        let binding = binding.ok_or_else(|| Error::other("sessions aren't bound to devices"))?;
        let request = cx.request().ok_or_else(|| Error::other("there is no request"))?;
        Ok(Self { instance, binding, request })
    }

    fn config(&self) -> &'c SessionConfig {
        self.instance.config()
    }

    /// The proof in the request: `None` where there is none, an error where what is there is no proof.
    fn proof(&self) -> Option<Result<KeyProof<'c>, auth_jwt::JwtError>> {
        self.request.header(PROOF).map(|text| KeyProof::parse(bare(text)))
    }

    /// The session that the browser says it is about.
    fn session_handle(&self) -> Option<SessionHandle> {
        let text = bare(self.request.header(SESSION_ID)?);
        let is_one = (1..=LONGEST_HANDLE).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_one.then(|| SessionHandle::from(text.to_owned()))
    }

    /// Whether the client has gone on to another session: its access token names it.
    fn has_another_session(&self, cx: &Context, handle: &SessionHandle) -> bool {
        let cookies = TokenTransferMethod::Cookie;
        let texts =
            read::tokens_from_request(cx, self.config(), self.request, TokenType::Access, cookies);
        let tokens = texts.iter().take(MOST_TOKENS).filter_map(|text| AccessToken::parse(text));
        let tokens: Vec<AccessToken> = tokens.collect();
        !tokens.is_empty() && tokens.iter().all(|token| token.session_handle() != handle)
    }
}

/// A string of a structured header (RFC 9651 section 3.3.3), which the draft has in quotes and browsers
/// send without. Neither an id nor a proof has anything in it to be escaped.
fn bare(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_headers_come_with_quotes_or_without() {
        for (given, read) in [("\"a.b\"", "a.b"), ("a.b", "a.b"), (" \"a\" ", "a"), ("\"", "\"")] {
            assert_eq!(bare(given), read);
        }
    }
}
