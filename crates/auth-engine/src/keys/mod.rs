//! The keys that sign tokens (CDI §2.1).
//!
//! A *dynamic* key signs for one rotation interval and verifies for two token validities more; a
//! *static* key never rotates. Both live in the database, so that every process signs with keys
//! that every other one knows, and are held parsed in memory: signing and verifying touch no
//! storage while the keys are fresh. Private keys are stored as PKCS#8 in base64; whoever can read
//! the database can sign, so its file is to be kept from others.
//!
//! A key that was stolen, or may have been, is [withdrawn](withdraw). The process that does so drops
//! it at once; the others [look](watch) at the database every few seconds.

mod heed;
mod part;
mod ring;
mod rows;
mod verified;
mod watch;
mod withdraw;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use arc_swap::{ArcSwap, ArcSwapOption};
use auth_jwt::{Algorithm, Header, JwtError, SigningKey};
use auth_protocol::{AppId, JsonObject, Secret, jwt::Jwk, session::SignedClaims};
use parking_lot::{Mutex, RwLock};

use self::ring::Ring;
pub(crate) use self::{
    heed::AppNews, part::PART, ring::Schedule, verified::VerifiedToken, watch::watch,
    withdraw::Withdrawal,
};
use crate::{Clock, EngineConfig, EngineError, SigningAlgorithm, storage::Store};

/// The keys of every app.
pub(crate) struct Keys {
    apps: RwLock<HashMap<AppId, Arc<AppKeys>>>,
    store: Store,
    clock: Clock,
    schedule: Schedule,
    /// The schedules of apps that have their own; none as long as that isn't known.
    of_apps: ArcSwapOption<HashMap<AppId, Schedule>>,
    /// The apps that were there when it was last looked.
    news: Mutex<HashMap<AppId, AppNews>>,
    algorithm: Algorithm,
    /// How often keys were read that weren't known before, or were known and are gone.
    generation: AtomicU64,
}

struct AppKeys {
    ring: ArcSwap<Ring>,
    /// Held while keys are read or made, so that many requests do so once.
    loading: tokio::sync::Mutex<()>,
}

/// Which kind of key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// One that rotates.
    Dynamic,
    /// One that doesn't.
    Static,
}

impl KeyKind {
    /// The kind that a session's row asks for.
    pub(crate) fn of_row(use_static_key: bool) -> Self {
        if use_static_key { Self::Static } else { Self::Dynamic }
    }
}

/// A private key with the id that tokens name it by.
pub(crate) struct NamedKey {
    kid: String,
    key: SigningKey,
}

impl Keys {
    pub(crate) fn new(config: &EngineConfig, store: Store) -> Self {
        let algorithm = match config.signing_algorithm {
            SigningAlgorithm::Rs256 => Algorithm::Rs256,
            SigningAlgorithm::Es256 => Algorithm::Es256,
            SigningAlgorithm::EdDsa => Algorithm::EdDsa,
        };
        Self {
            apps: RwLock::default(),
            store,
            clock: config.clock.clone(),
            schedule: Schedule::of(config),
            of_apps: ArcSwapOption::empty(),
            news: Mutex::default(),
            algorithm,
            generation: AtomicU64::new(0),
        }
    }

    /// A number that changes when the keys do, so that who has a copy knows when it is old.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The algorithm by which new tokens are signed.
    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Signs claims, on a thread that may block: RSA takes a while. Gives them back with the token.
    pub(crate) async fn sign(
        &self,
        app: &AppId,
        kind: KeyKind,
        version: Option<u32>,
        claims: JsonObject,
    ) -> Result<(Secret, SignedClaims), EngineError> {
        let dress = move |header: Header| match version {
            Some(version) => header.with_version(version.to_string()),
            None => header,
        };
        let (token, kid, claims) = self.sign_as(app, kind, dress, claims).await?;
        Ok((token, SignedClaims { kid, version, claims }))
    }

    /// Signs a statement by a static key, under a type of its own: it is never taken for an access
    /// token, nor is a token that an application has signed taken for it.
    pub(crate) async fn sign_statement(
        &self,
        app: &AppId,
        kind: &'static str,
        claims: JsonObject,
    ) -> Result<String, EngineError> {
        let dress = move |header: Header| header.with_type(kind);
        let (token, ..) = self.sign_as(app, KeyKind::Static, dress, claims).await?;
        Ok(token.expose_secret().to_owned())
    }

    async fn sign_as(
        &self,
        app: &AppId,
        kind: KeyKind,
        dress: impl FnOnce(Header) -> Header + Send + 'static,
        claims: JsonObject,
    ) -> Result<(Secret, String, JsonObject), EngineError> {
        let ring = self.fresh_ring(app).await?;
        let algorithm = self.algorithm;
        let now_ms = self.clock.now_ms();
        let schedule = self.schedule(app);
        let sign = move || {
            let named = ring
                .signing_key(kind, algorithm, &schedule, now_ms)
                .ok_or_else(|| EngineError::Internal("there is no signing key".into()))?;
            let header = dress(Header::new(algorithm, named.kid.as_str()));
            let token = named.key.sign(&header, &claims);
            let token = token.map_err(|error| EngineError::Internal(error.to_string()))?;
            Ok((Secret::new(token), named.kid.clone(), claims))
        };
        if algorithm == Algorithm::Rs256 {
            return blocking(sign).await;
        }
        sign()
    }

    /// The public keys that verify: dynamic ones, newest first, then static ones; and for how many
    /// seconds they may be cached.
    pub(crate) async fn jwks(&self, app: &AppId) -> Result<(Vec<Jwk>, u64), EngineError> {
        self.fresh_ring(app).await?;
        // Who asks may hold a token by a key that another process has just made.
        let ring = self.reloaded(app).await?;
        let now_ms = self.clock.now_ms();
        let schedule = self.schedule(app);
        Ok((ring.jwks(&schedule, now_ms), ring.max_age_secs(&schedule, now_ms)))
    }

    /// Checks a token's signature; an unknown key is looked for once in the database, where another
    /// process may have put it.
    pub(crate) async fn verify(
        &self,
        app: &AppId,
        token: &Secret,
    ) -> Result<Result<Arc<VerifiedToken>, JwtError>, EngineError> {
        match self.fresh_ring(app).await?.verify(token) {
            Err(JwtError::UnknownKey) => Ok(self.reloaded(app).await?.verify(token)),
            checked => Ok(checked),
        }
    }

    async fn reloaded(&self, app: &AppId) -> Result<Arc<Ring>, EngineError> {
        let keys = self.app(app);
        let _loading = keys.loading.lock().await;
        let stored = rows::load(&self.store, app).await?;
        let known = keys.ring.load_full();
        if known.holds_exactly(&stored) {
            return Ok(known);
        }
        Ok(self.replace(&keys, Ring::new(stored)?))
    }

    fn replace(&self, keys: &AppKeys, ring: Ring) -> Arc<Ring> {
        let ring = Arc::new(ring);
        keys.ring.store(Arc::clone(&ring));
        self.generation.fetch_add(1, Ordering::AcqRel);
        ring
    }

    fn app(&self, app: &AppId) -> Arc<AppKeys> {
        if let Some(keys) = self.apps.read().get(app) {
            return Arc::clone(keys);
        }
        Arc::clone(self.apps.write().entry(app.clone()).or_insert_with(|| {
            Arc::new(AppKeys {
                ring: ArcSwap::from_pointee(Ring::default()),
                loading: tokio::sync::Mutex::default(),
            })
        }))
    }

    /// The app's keys, with a current dynamic and a static one among them.
    async fn fresh_ring(&self, app: &AppId) -> Result<Arc<Ring>, EngineError> {
        let (keys, schedule) = (self.app(app), self.schedule(app));
        let is_fresh = |ring: &Ring| ring.is_fresh(self.algorithm, &schedule, self.clock.now_ms());
        let ring = keys.ring.load_full();
        if is_fresh(&ring) {
            return Ok(ring);
        }
        let _loading = keys.loading.lock().await;
        let ring = keys.ring.load_full();
        if is_fresh(&ring) {
            return Ok(ring);
        }
        let mut ring = Ring::new(rows::load(&self.store, app).await?)?;
        let now_ms = self.clock.now_ms();
        if !ring.has_fresh_dynamic(self.algorithm, &schedule, now_ms) {
            let document = self.generate().await?;
            let newest_needed = schedule.oldest_fresh(now_ms);
            rows::add_dynamic(&self.store, app, self.algorithm, document, now_ms, newest_needed)
                .await?;
        }
        if !ring.has_static(self.algorithm) {
            let document = self.generate().await?;
            rows::add_static(&self.store, app, self.algorithm, document, now_ms).await?;
        }
        if !is_fresh(&ring) {
            ring = Ring::new(rows::load(&self.store, app).await?)?;
        }
        Ok(self.replace(&keys, ring))
    }

    async fn generate(&self) -> Result<Vec<u8>, EngineError> {
        let algorithm = self.algorithm;
        blocking(move || {
            SigningKey::generate(algorithm)
                .and_then(|key| key.to_pkcs8())
                .map_err(|error| EngineError::Internal(error.to_string()))
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| EngineError::Internal("a signing task ended early".into()))?
}
