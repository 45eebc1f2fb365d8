//! A transaction, whatever the database.

use futures_util::future::BoxFuture;

use super::{
    sqlite::SqliteConnection,
    value::{Row, Value},
};
use crate::EngineError;

/// An open transaction. A closure given to [`Store::write`](super::Store::write) works on it and
/// may await nothing else.
///
/// Statements are written in what SQLite and PostgreSQL have in common, with `$1`, `$2`, ... for
/// parameters. `FOR UPDATE` belongs at the end of a read that a write depends on; where a database
/// has a single writer anyway it is left out.
pub(crate) struct Tx<'c>(Engine<'c>);

enum Engine<'c> {
    Sqlite(&'c mut SqliteConnection),
}

// The methods await where the database is at the other end of a socket.
#[allow(clippy::unused_async)]
impl<'c> Tx<'c> {
    pub(super) fn sqlite(connection: &'c mut SqliteConnection) -> Self {
        Self(Engine::Sqlite(connection))
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, EngineError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => Ok(connection.execute(sql, params)?),
        }
    }

    /// Runs a statement and gives all its rows.
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, EngineError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => Ok(connection.query(sql, params)?),
        }
    }

    /// Runs a statement and gives its first row, if it has one.
    pub(crate) async fn query_opt(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Option<Row>, EngineError> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }
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
