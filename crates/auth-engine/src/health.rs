//! Whether the engine can serve.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::{
    Engine, EngineError, TenantDatabaseHealth,
    storage::{in_tx, params},
};

/// What [`Engine::health`] found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Health {
    /// How long the database took to answer.
    pub latency: Duration,
    /// The connections to PostgreSQL; none on SQLite.
    pub pool: Option<PoolHealth>,
    /// The databases of tenants that are in use. One that can't be reached stops its own tenants, and
    /// is no reason to send requests of others elsewhere: this call succeeds all the same.
    pub tenant_databases: Vec<TenantDatabaseHealth>,
}

/// The connections of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolHealth {
    /// How many are open.
    pub open: usize,
    /// How many of them are in use.
    pub in_use: usize,
    /// How many operations wait for one.
    pub waiting: usize,
}

/// A write isn't tried again for this long, however often somebody asks.
const EVERY: Duration = Duration::from_secs(1);

const WRITE: &str = "INSERT INTO key_value (app_id, tenant_id, name, value, created_at_time) \
    VALUES ('public', 'public', $1, 'undone', 0)";

/// The last write that was tried: when, and what became of it.
#[derive(Default)]
pub(crate) struct LastTry(Mutex<Option<(Instant, Result<(), EngineError>)>>);

impl Engine {
    /// Asks the database for a row, by the way that every operation takes, and has it write one that
    /// is undone: a standby, a full disk or a lack of rights shows in nothing else. It is read for
    /// each call, and written once in a second at most; in between the last outcome counts.
    ///
    /// # Errors
    /// Those of any operation: where this fails, requests fail.
    ///
    /// ```
    /// # use auth_engine::{Engine, EngineConfig};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), auth_engine::EngineError> {
    /// let engine = Engine::open(EngineConfig::in_memory()).await?;
    /// assert!(engine.health().await?.latency.as_secs() < 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn health(&self) -> Result<Health, EngineError> {
        let start = Instant::now();
        let body =
            in_tx!(|tx| { tx.query_opt("SELECT 1 FROM apps LIMIT 1", params![]).await.map(drop) });
        self.store().read_one(body).await?;
        let latency = start.elapsed();
        self.last_write().await?;
        let tenant_databases = self.pools().health();
        Ok(Health { latency, pool: self.store().pool(), tenant_databases })
    }

    /// Who asks while a write is being tried waits for it.
    async fn last_write(&self) -> Result<(), EngineError> {
        let mut last = self.last_try().0.lock().await;
        if let Some((when, outcome)) = &*last
            && when.elapsed() < EVERY
        {
            return outcome.clone();
        }
        let outcome = self.try_to_write().await;
        *last = Some((Instant::now(), outcome.clone()));
        outcome
    }

    async fn try_to_write(&self) -> Result<(), EngineError> {
        // A name of its own, so that processes that try at the same time don't wait for each other.
        let name = format!("health {}", self.random().uuid()?);
        self.store()
            .rehearse(in_tx!(name, |tx| { tx.execute(WRITE, params![name]).await.map(drop) }))
            .await
    }
}
