//! The handle that an application holds.

use std::{fmt, ops::Deref, sync::Arc, time::Duration};

use auth_protocol::TenantId;

use parking_lot::Mutex;
use tokio::task::JoinHandle;

use crate::{
    Clock, EngineConfig, EngineError, Random,
    activity::Activity,
    hashing::Hasher,
    health::LastTry,
    jobs,
    keys::{self, Keys},
    multitenancy::Registry,
    placement::Placements,
    pools::{self, Pools},
    session::RefreshTokenKeys,
    storage::Store,
};

/// An embedded core. Clones are cheap and share everything.
///
/// When the last clone is dropped, the background tasks and the database threads end by themselves;
/// [`shutdown`](Self::shutdown) also waits for them.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

/// What the clones of an engine share: settings and a database, and what is shared with those of other
/// tenants. It is the engine that was opened, or a view of it: of a tenant with settings of its own,
/// which may have a database of its own.
pub(crate) struct Inner {
    pub(crate) config: Arc<EngineConfig>,
    pub(crate) store: Store,
    /// In whose chain of the audit log stands what isn't one tenant's: `public`, or a tenant of this
    /// database where that is in another one.
    pub(crate) app_chain: TenantId,
    shared: Arc<Shared>,
    /// The tasks of the engine that was opened.
    background: Mutex<Vec<JoinHandle<()>>>,
}

/// What an engine and all its views share.
pub(crate) struct Shared {
    /// The settings that hold where a tenant has none.
    pub(crate) home_config: Arc<EngineConfig>,
    /// The engine's own database.
    pub(crate) home_store: Store,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) activity: Activity,
    pub(crate) hasher: Hasher,
    pub(crate) keys: Keys,
    pub(crate) refresh_token_keys: RefreshTokenKeys,
    pub(crate) registry: Registry,
    pub(crate) pools: Pools,
    pub(crate) placements: Placements,
    last_try: LastTry,
}

impl Deref for Inner {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Inner {
    fn new(
        config: Arc<EngineConfig>,
        store: Store,
        app_chain: TenantId,
        shared: Arc<Shared>,
    ) -> Self {
        Self { config, store, app_chain, shared, background: Mutex::default() }
    }

    /// The same with other settings, on another database.
    pub(crate) fn view(
        &self,
        config: Arc<EngineConfig>,
        store: Store,
        app_chain: TenantId,
    ) -> Self {
        Self::new(config, store, app_chain, Arc::clone(&self.shared))
    }
}

impl Engine {
    /// Checks the configuration, opens the database, brings its schema up to date and starts the
    /// background tasks. Must be called within a tokio runtime.
    pub async fn open(config: EngineConfig) -> Result<Self, EngineError> {
        config.validate()?;
        // Before the database, because it reads a setting that may be wrong.
        let hasher = Hasher::new(&config)?;
        let store = Store::open(&config).await?;
        let config = Arc::new(config);
        let shared = Arc::new(Shared {
            clock: config.clock.clone(),
            random: config.random.clone(),
            activity: Activity::default(),
            hasher,
            keys: Keys::new(&config, store.clone()),
            refresh_token_keys: RefreshTokenKeys::default(),
            registry: Registry::new(config.clock.clone()),
            pools: Pools::new(&config),
            placements: Placements::default(),
            last_try: LastTry::default(),
            home_config: Arc::clone(&config),
            home_store: store.clone(),
        });
        let inner = Arc::new(Inner::new(config, store, TenantId::default(), shared));
        let engine = Self { inner: Arc::clone(&inner) };
        // Which keys are still needed depends on what apps have set.
        engine.known().await?;
        *inner.background.lock() = vec![
            tokio::spawn(jobs::run_for_ever(Arc::downgrade(&inner), jobs::all())),
            tokio::spawn(keys::watch(Arc::downgrade(&inner))),
            tokio::spawn(pools::tend(Arc::downgrade(&inner))),
        ];
        Ok(engine)
    }

    /// Finishes what is under way, refuses what comes later with [`EngineError::ShuttingDown`],
    /// and closes the database, and those of tenants. Every clone is shut down with it.
    pub async fn shutdown(&self) {
        let background = std::mem::take(&mut *self.inner.background.lock());
        for task in background {
            task.abort();
            // An error says that it was aborted, as it was meant to be.
            let _ = task.await;
        }
        self.inner.pools.close().await;
        self.inner.home_store.close().await;
    }

    /// Deletes what has expired, as the background task does at its own times; not in databases of
    /// tenants that aren't open.
    pub async fn delete_expired(&self) -> Result<(), EngineError> {
        jobs::run_all(&self.inner).await?;
        for view in pools::open_ones(&self.inner) {
            jobs::run_all(&view).await?;
        }
        Ok(())
    }

    /// The settings; of a tenant's own ones it says nothing.
    pub fn config(&self) -> &EngineConfig {
        &self.inner.config
    }

    /// A number that changes when the keys that verify access tokens do. Reading it touches no
    /// storage: who keeps a copy of the keys compares it at every use. A key that another process
    /// withdraws changes it within 3 seconds, as long as the database can be asked.
    pub fn keys_generation(&self) -> u64 {
        self.inner.keys.generation()
    }

    /// How long a password reset token works.
    pub fn password_reset_token_lifetime(&self) -> Duration {
        self.config().password_reset_token_lifetime
    }

    /// How long a token by which a lost passkey is replaced works.
    pub fn passkey_recovery_token_lifetime(&self) -> Duration {
        self.config().passkey_recovery_token_lifetime
    }

    /// How long an email verification token works.
    pub fn email_verification_token_lifetime(&self) -> Duration {
        self.config().email_verification_token_lifetime
    }

    /// The time by which the engine lives.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// What the clones share.
    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// An engine with other settings, or on another database.
    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Arc<Inner> {
        &self.inner
    }

    /// The engine's own database, which has the apps and tenants and what is an app's alone, such as
    /// its keys.
    pub(crate) fn home_store(&self) -> &Store {
        &self.inner.home_store
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.inner.pools
    }

    pub(crate) fn placements(&self) -> &Placements {
        &self.inner.placements
    }

    /// In whose chain of the audit log stands what isn't one tenant's.
    pub(crate) fn app_chain(&self) -> &TenantId {
        &self.inner.app_chain
    }

    pub(crate) fn random(&self) -> &Random {
        &self.inner.random
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    pub(crate) fn refresh_token_keys(&self) -> &RefreshTokenKeys {
        &self.inner.refresh_token_keys
    }

    pub(crate) fn last_try(&self) -> &LastTry {
        &self.inner.last_try
    }

    pub(crate) fn activity(&self) -> &Activity {
        &self.inner.activity
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for task in self.background.get_mut() {
            task.abort();
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("database", &self.inner.config.database)
            .finish_non_exhaustive()
    }
}
