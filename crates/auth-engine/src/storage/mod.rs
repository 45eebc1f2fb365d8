//! The database: transactions, schema and migrations.
//!
//! Rules and SQL are written once, as closures over a [`Tx`]; the database behind it is an arm of
//! an enum. Every table carries the app, and the tenant where its rows belong to one. Times are
//! milliseconds since the epoch. What must hold is a constraint, so that two processes can't break
//! it between a read and a write.
//!
//! `schema_migrations` says which migrations have run, when, and by which text. Every other table is
//! a part's, which declares it: see [`crate::parts`].

mod migrations;
#[cfg(feature = "postgres")]
mod postgres;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
mod tests;
mod tx;
mod value;

#[cfg(feature = "sqlite")]
use std::path::PathBuf;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
#[cfg(feature = "postgres")]
use std::time::Duration;

use futures_util::future::BoxFuture;
pub(crate) use migrations::Migration;
pub(crate) use row::Row;
pub(crate) use tx::{Tx, in_tx, transaction};
pub(crate) use value::{FromValue, ToValue, Value, app_and_ids, params};

#[cfg(feature = "postgres")]
pub(crate) use self::postgres::Budget;
#[cfg(feature = "postgres")]
use self::postgres::PostgresStore;
#[cfg(feature = "sqlite")]
use self::sqlite::{SqliteOptions, SqliteStore};
#[cfg(feature = "postgres")]
use crate::PostgresUrl;
use crate::{Database, EngineConfig, EngineError, PoolHealth};

/// The database of an engine. Clones share it.
#[derive(Clone)]
pub(crate) enum Store {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteStore),
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// How many connections to a server a store may have.
#[cfg(feature = "postgres")]
pub(crate) struct Connections {
    pub(crate) most: usize,
    /// What it shares with other stores; nothing for the engine's own database.
    pub(crate) budget: Option<Budget>,
}

impl Store {
    /// Opens the database and brings its schema up to date.
    pub(crate) async fn open(config: &EngineConfig) -> Result<Self, EngineError> {
        match &config.database {
            #[cfg(feature = "sqlite")]
            Database::SqliteFile(path) => Self::open_sqlite(Some(path.clone()), config).await,
            #[cfg(feature = "sqlite")]
            Database::InMemory => Self::open_sqlite(None, config).await,
            #[cfg(feature = "postgres")]
            Database::Postgres(url) => {
                let connections = Connections { most: config.database_pool_size, budget: None };
                Ok(Self::Postgres(PostgresStore::open(url, config, &connections).await?))
            }
        }
    }

    /// Opens a further database, as [`Self::open`] does.
    #[cfg(feature = "postgres")]
    pub(crate) async fn open_further(
        url: &PostgresUrl,
        config: &EngineConfig,
        connections: &Connections,
    ) -> Result<Self, EngineError> {
        Ok(Self::Postgres(PostgresStore::open(url, config, connections).await?))
    }

    #[cfg(feature = "sqlite")]
    async fn open_sqlite(
        path: Option<PathBuf>,
        config: &EngineConfig,
    ) -> Result<Self, EngineError> {
        let options = SqliteOptions {
            path,
            busy_timeout: config.database_busy_timeout,
            size_limit_bytes: config.database_size_limit_bytes,
        };
        Ok(Self::Sqlite(SqliteStore::open(options, config.clock.now_ms()).await?))
    }

    /// Runs a closure in a transaction that may write, and returns once it is durable. An error of
    /// the closure undoes what it wrote. The closure may run more than once: see [`in_tx`].
    pub(crate) async fn write<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(store) => store.write(body).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.write(body).await,
        }
    }

    /// Runs a closure as [`Self::write`] does, and undoes what it wrote.
    pub(crate) async fn rehearse<F>(&self, body: F) -> Result<(), EngineError>
    where
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<(), EngineError>>,
        F: Send + Sync + 'static,
    {
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        let undone = transaction(move |tx| {
            let (written, done) = (body(tx), Arc::clone(&done));
            Box::pin(async move {
                written.await?;
                done.store(true, Ordering::SeqCst);
                // Whatever ends a transaction by an error is undone.
                Err::<(), _>(EngineError::Internal("a rehearsal".to_owned()))
            })
        });
        match self.write(undone).await {
            Err(_) if is_done.load(Ordering::SeqCst) => Ok(()),
            other => other,
        }
    }

    /// Runs a closure that only reads, on one consistent state of the database.
    pub(crate) async fn read<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(store) => store.read(body).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.read(body).await,
        }
    }

    /// Runs a closure of one statement that only reads, which needs no transaction around it.
    pub(crate) async fn read_one<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(store) => store.read(body).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.read_one(body).await,
        }
    }

    /// Closes the connections that nobody has used for a time.
    #[cfg(feature = "postgres")]
    pub(crate) fn close_idle(&self, for_at_least: Duration) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {}
            Self::Postgres(store) => store.close_idle(for_at_least),
        }
    }

    /// The connections to a server.
    #[cfg_attr(not(feature = "sqlite"), allow(clippy::unnecessary_wraps))]
    pub(crate) fn pool(&self) -> Option<PoolHealth> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => None,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => Some(store.pool()),
        }
    }

    /// Finishes what is queued, refuses what comes later, and closes the database.
    pub(crate) async fn close(&self) {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(store) => store.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(store) => store.close().await,
        }
    }
}
