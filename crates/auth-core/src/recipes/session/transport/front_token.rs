//! The `front-token` header.

use auth_protocol::{JsonObject, UserId};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{Error, Result};

/// What a client is told about its session; the names are the wire's.
#[derive(Serialize)]
struct FrontToken<'a> {
    uid: &'a UserId,
    ate: i64,
    up: &'a JsonObject,
}

/// Padded base64 of JSON: the user, the access token's expiry in milliseconds since the epoch,
/// and the access token's whole payload.
pub(crate) fn build(user_id: &UserId, expiry_ms: i64, payload: &JsonObject) -> Result<String> {
    let front_token = FrontToken { uid: user_id, ate: expiry_ms, up: payload };
    Ok(STANDARD.encode(serde_json::to_vec(&front_token).map_err(Error::other)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_front_token_is_padded_base64_of_user_expiry_and_payload() {
        let payload = json!({ "sub": "u", "ä": 1 }).as_object().cloned().unwrap();
        let text = build(&UserId::new("u"), 1_000, &payload).unwrap();
        let bytes = STANDARD.decode(text).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"uid":"u","ate":1000,"up":{"sub":"u","ä":1}}"#
        );
    }
}
