//! Whether the engine can serve.

use std::time::{Duration, Instant};

use crate::{
    Engine, EngineError,
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

impl Engine {
    /// Asks the database for a row, by the way that every operation takes.
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
        Ok(Health { latency: start.elapsed(), pool: self.store().pool() })
    }
}
