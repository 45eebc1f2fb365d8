//! Which session a token claims to be of: where to look, and nothing else, as it isn't verified.

use auth_protocol::{Secret, SessionHandle};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;

/// What matters here of an access token's claims.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub(super) session_handle: SessionHandle,
    /// Its use confirms a refresh, which is written down.
    #[serde(default)]
    pub(super) parent_refresh_token_hash1: Option<String>,
}

/// What an access token says. Who verifies it refuses what is false.
pub(super) fn claims(token: &Secret) -> Option<Claims> {
    let payload = token.expose_secret().split('.').nth(1)?;
    let json = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::claims;

    #[test]
    fn nonsense_is_of_no_session() {
        let token = |json: &str| format!("e30.{}.x", BASE64_URL_SAFE_NO_PAD.encode(json)).into();
        let found = claims(&token(r#"{"sub":"u","sessionHandle":"a_t1"}"#)).unwrap();
        assert_eq!(found.session_handle.tenant_id(), "t1");
        for nonsense in ["", "a", "a.b.c", "..", "e30.e30.x"] {
            assert!(claims(&nonsense.into()).is_none(), "{nonsense}");
        }
        assert!(claims(&token(r#"{"sessionHandle":7}"#)).is_none());
    }
}
