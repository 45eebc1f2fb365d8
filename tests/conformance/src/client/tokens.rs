//! What front ends read in tokens.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// Decodes a `front-token` header: standard base64 with padding.
pub fn front_token(header: &str) -> Value {
    let json = STANDARD.decode(header).expect("standard base64 with padding");
    serde_json::from_slice(&json).expect("JSON")
}

/// An access token's header, unverified.
pub fn jwt_header(token: &str) -> Value {
    part(token, 0)
}

/// An access token's payload, unverified.
pub fn jwt_payload(token: &str) -> Value {
    part(token, 1)
}

fn part(token: &str, index: usize) -> Value {
    let parts: Vec<&str> = token.split('.').collect();
    assert_eq!(parts.len(), 3, "a JWT has three parts: {token}");
    let json = URL_SAFE_NO_PAD.decode(parts[index]).expect("base64url without padding");
    serde_json::from_slice(&json).expect("JSON")
}
