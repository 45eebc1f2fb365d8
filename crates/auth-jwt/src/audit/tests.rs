//! Logs that were tampered with.

use std::collections::BTreeMap;

use auth_protocol::{
    AppId, TenantId,
    audit::{AuditCheckpoint, AuditEntry, AuditOutcome, AuditPayload},
};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{Algorithm, Header, KeySet, SigningKey};

struct Log {
    key: SigningKey,
    entries: Vec<AuditEntry>,
    checkpoints: Vec<AuditCheckpoint>,
}

fn chain() -> (AppId, TenantId) {
    (AppId::default(), TenantId::default())
}

impl Log {
    fn new(number: i64) -> Self {
        let key = SigningKey::generate(Algorithm::EdDsa).unwrap();
        let mut log = Self { key, entries: Vec::new(), checkpoints: Vec::new() };
        for position in 1..=number {
            log.push(position);
        }
        log.checkpoint(number / 2);
        log.checkpoint(number);
        log
    }

    fn push(&mut self, position: i64) {
        let payload = AuditPayload {
            salt: format!("salt-{position}"),
            user_id: Some(format!("user-{}", position % 3).as_str().into()),
            address: Some("203.0.113.9".to_owned()),
            details: BTreeMap::from([("email".to_owned(), "ada@example.com".to_owned())]),
            ..AuditPayload::default()
        };
        let previous = self.entries.last().map(|last| last.hash.clone());
        self.entries.push(AuditEntry {
            position,
            time_ms: 1000 + position,
            kind: "sign_in".to_owned(),
            outcome: AuditOutcome::Succeeded,
            facts: BTreeMap::from([("recipe".to_owned(), "emailpassword".to_owned())]),
            payload_digest: payload_digest(&payload),
            payload: Some(payload),
            previous_hash: previous.unwrap_or_else(|| FIRST_PREVIOUS_HASH.to_owned()),
            hash: String::new(),
        });
        self.hash_from(self.entries.len() - 1);
    }

    /// Chains the entries anew, as who can write the database could.
    fn hash_from(&mut self, start: usize) {
        let (app, tenant) = chain();
        for index in start..self.entries.len() {
            if let Some(before) = index.checked_sub(1) {
                self.entries[index].previous_hash = self.entries[before].hash.clone();
            }
            self.entries[index].hash = entry_hash(&app, &tenant, &self.entries[index]);
        }
    }

    fn checkpoint(&mut self, position: i64) {
        let checkpoint = self.signed(position, false);
        self.checkpoints.push(checkpoint);
    }

    fn signed(&self, position: i64, is_purge: bool) -> AuditCheckpoint {
        let (app, tenant) = chain();
        let entry = self.entries.iter().find(|entry| entry.position == position).unwrap();
        let hash = entry.hash.clone();
        let (count, time_ms) = (position, 5000);
        let claims = CheckpointClaims { app, tenant, position, count, hash, time_ms, is_purge };
        let header = Header::new(Algorithm::EdDsa, "s-1").with_type(CHECKPOINT_TYPE);
        let token = self.key.sign(&header, &claims.to_json()).unwrap();
        AuditCheckpoint { position, time_ms, token }
    }

    fn lines(&self) -> Vec<String> {
        let (app, tenant) = chain();
        let line = |content| Line { app: app.clone(), tenant: tenant.clone(), content };
        let checkpoints = self.checkpoints.iter().cloned().map(Content::Checkpoint);
        let lines =
            checkpoints.chain(self.entries.iter().cloned().map(Box::new).map(Content::Entry));
        lines.map(|content| serde_json::to_string(&line(content)).unwrap()).collect()
    }

    fn verify(&self, lines: &[String]) -> Vec<Wrong> {
        let keys = KeySet::new(&[self.key.public_jwk("s-1")]).unwrap();
        let mut verifier = Verifier::new(keys);
        for line in lines {
            verifier.read_line(line);
        }
        verifier.finish().problems.into_iter().map(|problem| problem.what).collect()
    }
}

#[test]
fn a_log_that_is_what_was_written_is_intact_and_every_tampering_is_named() {
    let log = Log::new(10);
    let lines = log.lines();
    assert_eq!(log.verify(&lines), []);
    // Two checkpoints come first.
    let line_of = |position: usize| position + 1;
    let without = |from: usize, to: usize| {
        let mut lines = lines.clone();
        lines.drain(line_of(from)..=line_of(to));
        log.verify(&lines)
    };
    assert_eq!(without(3, 3), [Wrong::Dropped { from: 3, to: 3 }]);
    assert_eq!(without(3, 4), [Wrong::Dropped { from: 3, to: 4 }]);
    assert_eq!(without(9, 10), [Wrong::CutAtEnd { last: 8, checkpoint: 10 }]);
    assert_eq!(without(1, 2), [Wrong::CutAtFront { first: 3 }]);
    // Up to a checkpoint, too, unless the core says in it that it purged.
    assert_eq!(without(1, 5), [Wrong::CutAtFront { first: 6 }]);
    assert_eq!(without(1, 10), [Wrong::CutAtEnd { last: 0, checkpoint: 10 }]);
    let mut swapped = lines.clone();
    swapped.swap(line_of(4), line_of(5));
    assert_eq!(log.verify(&swapped), [Wrong::Reordered { position: 4 }]);
    let mut twice = lines.clone();
    twice.push(lines[line_of(4)].clone());
    let wrong = log.verify(&twice);
    assert!(wrong.contains(&Wrong::Repeated { position: 4 }), "{wrong:?}");
    assert_eq!(log.verify(&lines[2..]), [Wrong::Unproved]);
}

#[test]
fn entries_that_were_hashed_anew_are_found_by_the_next_one_or_by_a_checkpoint() {
    let (app, tenant) = chain();
    let mut log = Log::new(10);
    log.entries[2].kind = "sign_up".to_owned();
    log.entries[2].hash = entry_hash(&app, &tenant, &log.entries[2]);
    assert_eq!(log.verify(&log.lines()), [Wrong::Altered { position: 3 }]);
    log.hash_from(2);
    assert_eq!(log.verify(&log.lines()), [Wrong::Rewritten { after: 0, checkpoint: 5 }]);
    let mut log = Log::new(10);
    log.entries[6].time_ms += 1;
    log.hash_from(6);
    assert_eq!(log.verify(&log.lines()), [Wrong::Rewritten { after: 5, checkpoint: 10 }]);
}

#[test]
fn no_other_key_and_no_other_kind_of_token_makes_a_checkpoint() {
    let mut log = Log::new(4);
    let other = Log::new(4);
    log.checkpoints[0].token = other.checkpoints[0].token.clone();
    let reason = crate::JwtError::BadSignature;
    assert_eq!(log.verify(&log.lines()), [Wrong::Forged { position: 2, reason }]);
    // By the same key, as an application may have anything signed.
    let claims = CheckpointClaims {
        app: "public".into(),
        tenant: "public".into(),
        position: 2,
        count: 2,
        hash: log.entries[1].hash.clone(),
        time_ms: 5000,
        is_purge: false,
    };
    let header = Header::new(Algorithm::EdDsa, "s-1");
    log.checkpoints[0].token = log.key.sign(&header, &claims.to_json()).unwrap();
    let reason = crate::JwtError::HeaderMismatch;
    assert_eq!(log.verify(&log.lines()), [Wrong::Forged { position: 2, reason }]);
    // Nor is a checkpoint taken for another token.
    assert!(crate::UnverifiedJwt::parse(&log.checkpoints[1].token).is_err());
    let mut log = Log::new(4);
    log.checkpoints[0].position = 1;
    let reason = crate::JwtError::PayloadMismatch;
    assert_eq!(log.verify(&log.lines()), [Wrong::Forged { position: 1, reason }]);
}

#[test]
fn what_was_erased_with_a_user_is_valid_and_what_was_emptied_otherwise_is_not() {
    let mut log = Log::new(6);
    log.entries[1].payload = None;
    assert_eq!(log.verify(&log.lines()), [Wrong::Emptied { position: 2 }]);
    log.push(7);
    log.entries[6].facts.insert("erased".to_owned(), "1".to_owned());
    log.hash_from(6);
    log.checkpoint(7);
    assert_eq!(log.verify(&log.lines()), []);
    log.entries[3].payload = None;
    assert_eq!(log.verify(&log.lines()), [Wrong::Emptied { position: 2 }]);
}

#[test]
fn only_what_the_core_says_that_it_purged_may_be_missing_at_the_front() {
    let mut log = Log::new(10);
    log.checkpoints[0] = log.signed(5, true);
    log.entries.drain(..5);
    assert_eq!(log.verify(&log.lines()), []);
    log.entries.remove(0);
    assert_eq!(log.verify(&log.lines()), [Wrong::CutAtFront { first: 7 }]);
    // All of it.
    log.checkpoints.pop();
    log.entries.clear();
    assert_eq!(log.verify(&log.lines()), []);
}

#[test]
fn a_checkpoint_that_was_kept_elsewhere_finds_what_went_with_its_own() {
    let mut log = Log::new(6);
    let kept = log.checkpoints.pop().unwrap();
    log.entries.truncate(4);
    assert_eq!(log.verify(&log.lines()), []);
    let mut verifier = Verifier::new(KeySet::new(&[log.key.public_jwk("s-1")]).unwrap());
    log.lines().iter().for_each(|line| verifier.read_line(line));
    verifier.trust(&kept.token);
    let problems = verifier.finish().problems;
    assert_eq!(problems[0].what, Wrong::CutAtEnd { last: 4, checkpoint: 6 });
}

/// Changes the `number`th value of an entry, whichever that is.
fn alter(value: &mut Value, number: &mut usize) -> bool {
    match value {
        Value::Object(fields) => fields.values_mut().any(|field| alter(field, number)),
        Value::Array(elements) => elements.iter_mut().any(|element| alter(element, number)),
        leaf if *number > 0 => {
            *number -= 1;
            let _ = leaf;
            false
        }
        Value::String(text) => {
            match text.as_str() {
                "succeeded" => *text = "failed".to_owned(),
                _ => text.push('x'),
            }
            true
        }
        Value::Number(old) => {
            *value = (old.as_i64().unwrap_or(0) + 1).into();
            true
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_single_tampering_is_found(
        number in 2_usize..12, at in 0_usize..12, leaf in 2_usize..14, other in 0_usize..12, how in 0_u8..4
    ) {
        let log = Log::new(i64::try_from(number).unwrap());
        let mut lines = log.lines();
        let at = 2 + at % number;
        match how {
            0 => {
                let mut value: Value = serde_json::from_str(&lines[at]).unwrap();
                let mut left = leaf;
                // The app and the tenant come first.
                prop_assume!(alter(&mut value, &mut left));
                lines[at] = value.to_string();
            }
            1 => drop(lines.remove(at)),
            2 => {
                let other = 2 + other % number;
                prop_assume!(at != other);
                lines.swap(at, other);
            }
            _ => lines.truncate(at),
        }
        prop_assert!(!log.verify(&lines).is_empty(), "{how} at {at} of {number}");
    }
}
