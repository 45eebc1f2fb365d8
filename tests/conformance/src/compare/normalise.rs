//! Names in place of what is random: ids, tokens, signatures, keys.

use std::collections::HashMap;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

/// Gives each random value of a run a name by its kind and the order of its first appearance, so
/// that two runs show the same text where the same value stands in the same places.
#[derive(Default)]
pub(super) struct Normaliser {
    names: HashMap<String, String>,
}

const UUID_LENGTH: usize = 36;
/// Digests and key material are longer; words of the wire are shorter.
const OPAQUE_LENGTH: usize = 40;
/// 160 bits in Base32.
const TOTP_SECRET_LENGTH: usize = 32;
const PASSKEY_ID_LENGTH: usize = 22;

impl Normaliser {
    /// The text with its random parts named. JSON within tokens is shown, and normalised too.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut named = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(is_of_a_token) {
            named.push_str(&rest[..start]);
            let token = &rest[start..];
            let end = token.find(|char| !is_of_a_token(char)).unwrap_or(token.len());
            named.push_str(&self.token(&token[..end]));
            rest = &token[end..];
        }
        named.push_str(rest);
        named
    }

    fn token(&mut self, token: &str) -> String {
        // `name=value` in a cookie or a query.
        if let Some((name, value)) = token.split_once('=')
            && !name.is_empty()
            && !value.trim_matches('=').is_empty()
        {
            return format!("{name}={}", self.token(value));
        }
        if let Some(json) = STANDARD.decode(token).ok().and_then(|json| object(&json)) {
            return format!("base64({})", self.text(&json));
        }
        if let Some((head, signature)) = token.rsplit_once('.')
            && let Some((header, payload)) = head.split_once('.')
            && let (Some(header), Some(payload)) = (part(header), part(payload))
        {
            let signature = self.name("signature", signature);
            return format!("jwt({}, {}, {signature})", self.text(&header), self.text(&payload));
        }
        if token.rsplit_once('.').is_some_and(|(_, version)| version == "V2") {
            return self.name("refresh token", token);
        }
        if let Some(start) = find_uuid(token) {
            let (before, rest) = token.split_at(start);
            let (uuid, after) = rest.split_at(UUID_LENGTH);
            let (before, after) = (before.to_owned(), after.to_owned());
            return format!("{before}{}{}", self.name("uuid", uuid), self.token(&after));
        }
        if token.len() >= OPAQUE_LENGTH && token.bytes().all(is_of_base64) {
            return self.name("opaque", token);
        }
        if token.len() == TOTP_SECRET_LENGTH && token.bytes().all(is_of_base32) {
            return self.name("totp secret", token);
        }
        if is_passkey_id(token) {
            return self.name("passkey", token);
        }
        if is_recovery_code(token) {
            return self.name("recovery code", token);
        }
        token.to_owned()
    }

    fn name(&mut self, kind: &str, value: &str) -> String {
        let number = self.names.len();
        let name = || format!("<{kind} {number}>");
        self.names.entry(value.to_owned()).or_insert_with(name).clone()
    }
}

fn is_of_a_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-_.+/=%".contains(char)
}

fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte)
}

fn part(text: &str) -> Option<String> {
    object(&URL_SAFE_NO_PAD.decode(text).ok()?)
}

fn object(json: &[u8]) -> Option<String> {
    let is_object = matches!(serde_json::from_slice(json), Ok(Value::Object(_)));
    is_object.then(|| String::from_utf8_lossy(json).into_owned())
}

fn find_uuid(text: &str) -> Option<usize> {
    let is_uuid = |window: &[u8]| {
        window.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
    };
    text.as_bytes().windows(UUID_LENGTH).position(is_uuid)
}

fn is_of_base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte)
}

/// 128 bits in base64url, as the suite's devices name their passkeys.
fn is_passkey_id(token: &str) -> bool {
    token.len() == PASSKEY_ID_LENGTH && URL_SAFE_NO_PAD.decode(token).is_ok()
}

/// Six groups of four digits and small letters.
fn is_recovery_code(token: &str) -> bool {
    let is_group = |group: &str| {
        group.len() == 4 && group.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    token.split('-').count() == 6 && token.split('-').all(is_group)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str, signature: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{signature}", part(r#"{"alg":"EdDSA"}"#), part(payload))
    }

    #[test]
    fn what_a_token_says_is_shown_and_its_signature_is_not() {
        let text = format!("sAccessToken={}; Path=/", jwt(r#"{"a":1}"#, "c2ln"));
        let named = Normaliser::default().text(&text);
        let shown = r#"sAccessToken=jwt({"alg":"EdDSA"}, {"a":1}, <signature 0>); Path=/"#;
        assert_eq!(named, shown);
    }

    #[test]
    fn a_front_token_is_shown() {
        let id = "01234567-89ab-4cde-8f01-23456789abcd";
        let token = STANDARD.encode(format!(r#"{{"uid":"{id}"}}"#));
        assert_eq!(Normaliser::default().text(&token), r#"base64({"uid":"<uuid 0>"})"#);
    }

    #[test]
    fn the_same_value_has_the_same_name() {
        let mut normaliser = Normaliser::default();
        let (one, two) = ("a".repeat(64), "b".repeat(64));
        assert_eq!(normaliser.text(&format!("{one} {two}")), "<opaque 0> <opaque 1>");
        assert_eq!(normaliser.text(&two), "<opaque 1>");
    }

    #[test]
    fn words_dates_and_numbers_stay() {
        let text = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=.example.com; d-1700000000000; \
            x-content-type-options; authenticatorSelection";
        assert_eq!(Normaliser::default().text(text), text);
    }
}
