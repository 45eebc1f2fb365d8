//! Databases of tenants, beside the engine's own.
//!
//! The engine's own database, *home*, has every app and tenant, what is set for them, and what is an
//! app's alone: its keys and its roles. Users, sessions, codes and whatever else is a tenant's lie in
//! the database that its settings name; tenants that name the same one share it, and with it their
//! users. Each is opened at its first use, and closed when nobody uses it. One that can't be reached
//! stops its own tenants: nothing is held that others need while it is connected to.

mod health;
mod jobs;
mod pool;
mod target;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use auth_protocol::{JsonObject, TenantScope};
use parking_lot::Mutex;

pub use self::health::TenantDatabaseHealth;
pub(crate) use self::{
    jobs::{open_ones, tend},
    pool::Pool,
    target::Target,
};
use crate::{EngineConfig, EngineError, engine::Inner, storage::Budget};

/// Every database of tenants that is in use, or was a moment ago.
pub(crate) struct Pools {
    all: Mutex<HashMap<String, Vec<Arc<Pool>>>>,
    budget: Budget,
    is_closed: AtomicBool,
}

impl Pools {
    pub(crate) fn new(config: &EngineConfig) -> Self {
        Self {
            all: Mutex::default(),
            budget: Budget::new(config.tenant_databases_max_connections),
            is_closed: AtomicBool::new(false),
        }
    }

    /// The pool of a database. Two ways to reach the same one have a pool each.
    pub(crate) fn of(&self, target: &Target) -> Arc<Pool> {
        let mut all = self.all.lock();
        let of_place = all.entry(target.place()).or_default();
        if let Some(pool) = of_place.iter().find(|pool| pool.target == *target) {
            return Arc::clone(pool);
        }
        let pool = Arc::new(Pool::new(target.clone()));
        of_place.push(Arc::clone(&pool));
        pool
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    fn all(&self) -> Vec<Arc<Pool>> {
        self.all.lock().values().flatten().map(Arc::clone).collect()
    }

    /// Forgets pools that nobody uses.
    fn forget_idle(&self) {
        self.all.lock().retain(|_, of_place| {
            of_place.retain(|pool| {
                let is_idle = pool.close_if_idle();
                // Who remembers where a tenant is keeps it, closed.
                !is_idle || Arc::strong_count(pool) > 1
            });
            !of_place.is_empty()
        });
    }

    /// Waits for what is under way, refuses what comes later, and closes them all.
    pub(crate) async fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        futures_util::future::join_all(self.all().iter().map(|pool| pool.close())).await;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::SeqCst)
    }
}

/// Sees whether the database that settings name can be used, and brings its schema up to date.
///
/// # Errors
/// [`EngineError::BadRequest`], which names the key that is wrong.
pub(crate) async fn check(engine: &Inner, settings: &JsonObject) -> Result<(), EngineError> {
    let target = target(engine, settings)?;
    let Some(target) = target else { return Ok(()) };
    let pool = engine.pools.of(&target);
    let Err(error) = pool.open(engine).await else { return Ok(()) };
    let why = pool.why_down().unwrap_or_else(|| error.to_string());
    let key = Target::key(settings);
    Err(EngineError::BadRequest(format!("Invalid core config: `{key}`: {why}")))
}

/// The database that settings name; none where it is the engine's own.
pub(crate) fn target(engine: &Inner, settings: &JsonObject) -> Result<Option<Target>, EngineError> {
    Target::of(&engine.home_config.database, settings)
        .map_err(|error| EngineError::BadRequest(format!("Invalid core config: {error}")))
}

/// Refuses to give a tenant another database while it has users in the one that it has.
///
/// # Errors
/// [`EngineError::BadRequest`] where it has, and those of any operation where that can't be seen.
pub(crate) async fn may_move(
    engine: &Inner,
    scope: &TenantScope,
    from: &JsonObject,
    to: &JsonObject,
) -> Result<(), EngineError> {
    const USERS: &str =
        "SELECT 1 FROM recipe_user_tenants WHERE app_id = $1 AND tenant_id = $2 LIMIT 1";
    let (from, to) = (target(engine, from)?, target(engine, to)?);
    if from.as_ref().map(Target::place) == to.as_ref().map(Target::place) {
        return Ok(());
    }
    let store = match from {
        None => engine.home_store.clone(),
        Some(target) => {
            let pool = engine.pools.of(&target);
            pool.open(engine).await?
        }
    };
    let body = crate::storage::in_tx!(scope, |tx| {
        tx.query_opt(USERS, crate::storage::params![scope.app, scope.tenant]).await
    });
    match store.read_one(body).await? {
        None => Ok(()),
        Some(_) => Err(EngineError::BadRequest(format!(
            "Invalid core config: the tenant {} has users, and can't be given another database; \
             remove them first, or make a new tenant",
            scope.tenant
        ))),
    }
}

/// Removes what a tenant has in its database, where that isn't the engine's own: before its rows at
/// home, so that nothing is left where this can't be done.
///
/// # Errors
/// [`StorageError::Unavailable`](crate::StorageError::Unavailable) where it can't be reached.
pub(crate) async fn remove_tenant(
    engine: &Inner,
    scope: &TenantScope,
    settings: &JsonObject,
) -> Result<(), EngineError> {
    let Some(target) = target(engine, settings)? else { return Ok(()) };
    let pool = engine.pools.of(&target);
    let store = pool.open(engine).await?;
    pool.dismiss(&store, scope).await
}
