//! A transaction, whatever the database.

use futures_util::future::BoxFuture;

#[cfg(feature = "postgres")]
use super::postgres::PostgresConnection;
#[cfg(feature = "sqlite")]
use super::sqlite::SqliteConnection;
use super::{row::Row, value::Value};
use crate::EngineError;

/// An open transaction. A closure given to [`Store::write`](super::Store::write) works on it and
/// may await nothing else.
///
/// Statements are written in what SQLite and PostgreSQL have in common, with `$1`, `$2`, ... for
/// parameters. `FOR UPDATE` belongs at the end of a read that a write depends on; where a database
/// has a single writer anyway it is left out.
///
/// A statement that fails ends the transaction: on PostgreSQL because it does, and on SQLite so that
/// the same rules hold. What is expected to fail sometimes is written as `ON CONFLICT DO NOTHING`,
/// and the number of changed rows tells.
pub(crate) struct Tx<'c> {
    engine: Engine<'c>,
    has_failed: bool,
}

enum Engine<'c> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'c mut SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(&'c mut PostgresConnection),
}

impl<'c> Tx<'c> {
    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(connection: &'c mut SqliteConnection) -> Self {
        Self { engine: Engine::Sqlite(connection), has_failed: false }
    }

    #[cfg(feature = "postgres")]
    pub(super) fn postgres(connection: &'c mut PostgresConnection) -> Self {
        Self { engine: Engine::Postgres(connection), has_failed: false }
    }

    /// Runs a statement and says how many rows it changed.
    #[cfg_attr(not(feature = "postgres"), allow(clippy::unused_async))]
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, EngineError> {
        self.begin(sql, params)?;
        let result = match &mut self.engine {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(connection) => connection.execute(sql, params).map_err(Into::into),
            #[cfg(feature = "postgres")]
            Engine::Postgres(connection) => connection.execute(sql, params).await,
        };
        self.has_failed = result.is_err();
        result
    }

    /// Runs a statement and gives all its rows.
    #[cfg_attr(not(feature = "postgres"), allow(clippy::unused_async))]
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, EngineError> {
        self.begin(sql, params)?;
        let result = match &mut self.engine {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(connection) => connection.query(sql, params).map_err(Into::into),
            #[cfg(feature = "postgres")]
            Engine::Postgres(connection) => connection.query(sql, params).await,
        };
        self.has_failed = result.is_err();
        result
    }

    /// Runs a statement and gives its first row, if it has one.
    pub(crate) async fn query_opt(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Option<Row>, EngineError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// The result of the closure, unless it went on after a statement had failed.
    pub(super) fn finish<T>(&self, result: Result<T, EngineError>) -> Result<T, EngineError> {
        match result {
            Ok(_) if self.has_failed => Err(went_on()),
            result => result,
        }
    }

    fn begin(&self, sql: &'static str, params: &[Value<'_>]) -> Result<(), EngineError> {
        if self.has_failed {
            return Err(went_on());
        }
        // Never the parameters.
        tracing::trace!(target: "auth_engine::sql", statement = sql);
        // PostgreSQL can't store it, and nothing that is stored holds it.
        let holds_nul =
            |param: &Value<'_>| matches!(param, Value::Text(text) if text.contains('\0'));
        if params.iter().any(holds_nul) {
            let text = "Text must not contain the character U+0000";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        Ok(())
    }
}

fn went_on() -> EngineError {
    EngineError::Internal("a transaction went on after a statement had failed".to_owned())
}

/// Writes the closure of a transaction.
///
/// The closure may run more than once, so it can't give away what it captures. This clones what is
/// named before the closure, once into it and again for each run:
///
/// ```text
/// in_tx!(scope, email, |tx| { tx.execute(SQL, params![scope.app, email]).await })
/// ```
///
/// is
///
/// ```text
/// {
///     let (scope, email) = (scope.clone(), email.clone());
///     transaction(move |tx| {
///         let (scope, email) = (scope.clone(), email.clone());
///         Box::pin(async move { tx.execute(SQL, params![scope.app, email]).await })
///     })
/// }
/// ```
macro_rules! in_tx {
    ($($captured:ident,)* |$tx:ident| $body:block) => {{
        $(let $captured = $captured.clone();)*
        $crate::storage::transaction(move |$tx| {
            $(let $captured = $captured.clone();)*
            Box::pin(async move { $body })
        })
    }};
}
pub(crate) use in_tx;

/// Gives a closure back as it is, and tells the compiler that it is the body of a transaction.
pub(crate) fn transaction<T, F>(body: F) -> F
where
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
{
    body
}
