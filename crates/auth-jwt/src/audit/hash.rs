//! The hashes of a chain.
//!
//! What is hashed is unambiguous: a label, then each part with its length before it as four bytes,
//! big-endian. Numbers are eight bytes, big-endian; an absent part is the byte 0, and a part that may
//! be absent has the byte 1 before its length.

use std::collections::BTreeMap;

use auth_protocol::{
    AppId, TenantId,
    audit::{AuditEntry, AuditPayload},
};
use aws_lc_rs::digest::{Context, SHA256, SHA256_OUTPUT_LEN};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

const ENTRY: &[u8] = b"auth-audit-entry-v1";
const PAYLOAD: &[u8] = b"auth-audit-payload-v1";

/// The previous hash of a chain's first entry: 32 bytes of zero, in base64url.
pub const FIRST_PREVIOUS_HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash that an entry should have: over the previous hash, the chain's app and tenant, and all
/// of the entry but the payload, of which it has the digest.
pub fn entry_hash(app: &AppId, tenant: &TenantId, entry: &AuditEntry) -> String {
    let mut hash = Parts::new(ENTRY);
    hash.text(&entry.previous_hash);
    hash.text(app.as_str());
    hash.text(tenant.as_str());
    hash.number(entry.position);
    hash.number(entry.time_ms);
    hash.text(&entry.kind);
    hash.text(entry.outcome.as_str());
    hash.map(&entry.facts);
    hash.text(&entry.payload_digest);
    hash.finish()
}

/// The digest that a payload should have.
pub fn payload_digest(payload: &AuditPayload) -> String {
    let mut hash = Parts::new(PAYLOAD);
    hash.text(&payload.salt);
    hash.optional(payload.user_id.as_ref().map(AsRef::as_ref));
    hash.optional(payload.acting_user_id.as_ref().map(AsRef::as_ref));
    hash.optional(payload.address.as_deref());
    hash.optional(payload.user_agent.as_deref());
    hash.optional(payload.api.as_deref());
    hash.optional(payload.session_handle.as_ref().map(AsRef::as_ref));
    hash.map(&payload.details);
    hash.finish()
}

struct Parts(Context);

impl Parts {
    fn new(label: &[u8]) -> Self {
        let mut parts = Self(Context::new(&SHA256));
        parts.bytes(label);
        parts
    }

    fn bytes(&mut self, bytes: &[u8]) {
        // No part is longer than a few kilobytes.
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.update(&length.to_be_bytes());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_be_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            None => self.0.update(&[0]),
            Some(text) => {
                self.0.update(&[1]);
                self.text(text);
            }
        }
    }

    /// In the order of the keys' bytes, with their number before.
    fn map(&mut self, map: &BTreeMap<String, String>) {
        self.number(i64::try_from(map.len()).unwrap_or(i64::MAX));
        for (key, value) in map {
            self.text(key);
            self.text(value);
        }
    }

    fn finish(self) -> String {
        let digest = self.0.finish();
        let mut text = String::with_capacity(SHA256_OUTPUT_LEN * 4 / 3 + 1);
        BASE64_URL_SAFE_NO_PAD.encode_string(digest, &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::audit::AuditOutcome;

    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            position: 1,
            time_ms: 2,
            kind: "sign_in".to_owned(),
            outcome: AuditOutcome::Succeeded,
            facts: BTreeMap::new(),
            payload: None,
            payload_digest: "d".to_owned(),
            previous_hash: FIRST_PREVIOUS_HASH.to_owned(),
            hash: String::new(),
        }
    }

    /// Made by another program from the description: neither may change once it is released.
    #[test]
    fn the_hashes_are_those_of_the_documentation() {
        let (app, tenant) = (AppId::default(), TenantId::default());
        assert_eq!(
            entry_hash(&app, &tenant, &entry()),
            "rJcmI2-MubhrNwEXB0jfAYR1DO5FcG228cufyTVOstk"
        );
        let payload = AuditPayload {
            salt: "AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
            user_id: Some("ada".into()),
            details: BTreeMap::from([("recipe".to_owned(), "totp".to_owned())]),
            ..AuditPayload::default()
        };
        assert_eq!(payload_digest(&payload), "pVQpU9FMf61361BJr9yqU6jfRGUXRb2keBsDCC_nWHY");
    }

    #[test]
    fn text_that_moves_from_one_part_to_the_next_is_another_hash() {
        let hash = |app: &str, tenant: &str| entry_hash(&app.into(), &tenant.into(), &entry());
        assert_ne!(hash("ab", "c"), hash("a", "bc"));
        let digest = |user_id: Option<&str>, acting: Option<&str>| {
            payload_digest(&AuditPayload {
                user_id: user_id.map(Into::into),
                acting_user_id: acting.map(Into::into),
                ..AuditPayload::default()
            })
        };
        assert_ne!(digest(Some("a"), None), digest(None, Some("a")));
        assert_ne!(digest(Some(""), None), digest(None, None));
    }
}
