//! The keys of one app, and which of them is for what.

use std::sync::Arc;

use auth_jwt::{Algorithm, JwtError, KeySet, SigningKey};
use auth_protocol::{Secret, jwt::Jwk};

use super::{
    KeyKind, NamedKey,
    verified::{VerifiedToken, Verifier},
};
use crate::EngineError;

/// A new dynamic key is published this long before the old one stops signing, and signs only once
/// it has been published this long.
const OVERLAP_MS: i64 = 60_000;

/// For how long others may cache the keys.
const LONGEST_MAX_AGE_SECS: u64 = 60;

/// When keys sign and verify.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    pub(super) interval_ms: i64,
    pub(super) validity_ms: i64,
}

impl Schedule {
    /// Keys made before this time are about to stop signing: a new one is due.
    pub(super) fn oldest_fresh(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.interval_ms).saturating_add(OVERLAP_MS)
    }

    fn oldest_signing(&self, now_ms: i64) -> i64 {
        now_ms.saturating_sub(self.interval_ms)
    }

    pub(super) fn oldest_verifying(&self, now_ms: i64) -> i64 {
        self.oldest_signing(now_ms).saturating_sub(self.validity_ms.saturating_mul(2))
    }
}

/// A key as the database has it.
pub(super) struct StoredKey {
    pub(super) kid: String,
    pub(super) kind: KeyKind,
    pub(super) algorithm: Algorithm,
    pub(super) created_at_ms: i64,
    /// It signs nothing any more.
    pub(super) is_retired: bool,
    pub(super) pkcs8: Vec<u8>,
}

struct RingKey {
    kind: KeyKind,
    algorithm: Algorithm,
    created_at_ms: i64,
    is_retired: bool,
    named: Arc<NamedKey>,
    jwk: Jwk,
}

/// Every key of an app: dynamic ones first, newest first.
#[derive(Default)]
pub(super) struct Ring {
    keys: Vec<RingKey>,
    verifier: Verifier,
}

impl Ring {
    /// Parses keys; dynamic ones must come first, newest first.
    pub(super) fn new(stored: Vec<StoredKey>) -> Result<Self, EngineError> {
        let keys = stored.into_iter().map(RingKey::parse).collect::<Result<Vec<_>, _>>()?;
        let jwks: Vec<Jwk> = keys.iter().map(|key| key.jwk.clone()).collect();
        let verifier = Verifier::new(KeySet::new(&jwks).map_err(unusable)?);
        Ok(Self { keys, verifier })
    }

    /// Whether these are the keys that it was made of: one id never names two keys.
    pub(super) fn holds_exactly(&self, stored: &[StoredKey]) -> bool {
        let own = self.keys.iter().map(|key| (&key.named.kid, key.algorithm, key.is_retired));
        own.eq(stored.iter().map(|key| (&key.kid, key.algorithm, key.is_retired)))
    }

    /// Checks a token's signature.
    pub(super) fn verify(&self, token: &Secret) -> Result<Arc<VerifiedToken>, JwtError> {
        self.verifier.verify(token)
    }

    pub(super) fn is_fresh(&self, algorithm: Algorithm, schedule: &Schedule, now_ms: i64) -> bool {
        self.has_static(algorithm) && self.has_fresh_dynamic(algorithm, schedule, now_ms)
    }

    pub(super) fn has_static(&self, algorithm: Algorithm) -> bool {
        self.of(KeyKind::Static, algorithm).next().is_some()
    }

    pub(super) fn has_fresh_dynamic(
        &self,
        algorithm: Algorithm,
        schedule: &Schedule,
        now_ms: i64,
    ) -> bool {
        let oldest = schedule.oldest_fresh(now_ms);
        self.of(KeyKind::Dynamic, algorithm).any(|key| key.created_at_ms >= oldest)
    }

    /// The newest key; of dynamic ones the second newest while the newest isn't known everywhere.
    pub(super) fn signing_key(
        &self,
        kind: KeyKind,
        algorithm: Algorithm,
        schedule: &Schedule,
        now_ms: i64,
    ) -> Option<Arc<NamedKey>> {
        let mut candidates = self.of(kind, algorithm);
        let newest = candidates.next()?;
        let is_new = newest.created_at_ms > now_ms.saturating_sub(OVERLAP_MS);
        let chosen = match candidates.next() {
            Some(second)
                if kind == KeyKind::Dynamic
                    && is_new
                    && second.created_at_ms >= schedule.oldest_signing(now_ms) =>
            {
                second
            }
            _ => newest,
        };
        Some(Arc::clone(&chosen.named))
    }

    pub(super) fn jwks(&self, schedule: &Schedule, now_ms: i64) -> Vec<Jwk> {
        let oldest = schedule.oldest_verifying(now_ms);
        self.keys
            .iter()
            .filter(|key| key.kind == KeyKind::Static || key.created_at_ms >= oldest)
            .map(|key| key.jwk.clone())
            .collect()
    }

    /// Seconds to the next planned dynamic key, but no longer than caches may keep a key that is
    /// withdrawn meanwhile; one at least.
    pub(super) fn max_age_secs(&self, schedule: &Schedule, now_ms: i64) -> u64 {
        let newest = self
            .keys
            .iter()
            .filter(|key| key.kind == KeyKind::Dynamic && !key.is_retired)
            .map(|key| key.created_at_ms)
            .max()
            .unwrap_or(now_ms);
        let next = newest.saturating_add(schedule.interval_ms).saturating_sub(OVERLAP_MS);
        u64::try_from(next.saturating_sub(now_ms) / 1000)
            .unwrap_or(0)
            .clamp(1, LONGEST_MAX_AGE_SECS)
    }

    /// The keys that may sign.
    fn of(&self, kind: KeyKind, algorithm: Algorithm) -> impl Iterator<Item = &RingKey> {
        let signs =
            move |key: &&RingKey| key.kind == kind && key.algorithm == algorithm && !key.is_retired;
        self.keys.iter().filter(signs)
    }
}

impl RingKey {
    fn parse(stored: StoredKey) -> Result<Self, EngineError> {
        let key = SigningKey::from_pkcs8(&stored.pkcs8, stored.algorithm).map_err(unusable)?;
        let jwk = key.public_jwk(stored.kid.as_str());
        Ok(Self {
            kind: stored.kind,
            algorithm: stored.algorithm,
            created_at_ms: stored.created_at_ms,
            is_retired: stored.is_retired,
            named: Arc::new(NamedKey { kid: stored.kid, key }),
            jwk,
        })
    }
}

fn unusable(error: auth_jwt::JwtError) -> EngineError {
    EngineError::Internal(format!("a stored signing key is unusable: {error}"))
}
