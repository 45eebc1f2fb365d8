//! One transaction on a connection of the pool.

use std::{borrow::Cow, pin::pin, sync::Arc};

use deadpool_postgres::Client;
use futures_util::{FutureExt, TryStreamExt, future::join};
use tokio_postgres::{Error, RowStream, types::Type};

use super::{
    error::{self, Remedy},
    pooling::Pooling,
    value,
};
use crate::{
    EngineError,
    storage::{row::Row, value::Value},
};

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A single statement that reads.
    ReadOne,
    Read,
    Write,
}

/// A transaction, begun together with its first statement.
pub(crate) struct PostgresConnection {
    /// `None` once it was given back.
    client: Option<Client>,
    mode: Mode,
    pooling: Arc<Pooling>,
    has_begun: bool,
    /// Set while a transaction is open.
    must_end: bool,
    /// Set while an answer is awaited. Whoever stops waiting leaves a connection behind that nobody
    /// knows the state of.
    is_waiting: bool,
    remedy: Remedy,
}

impl PostgresConnection {
    pub(super) fn new(client: Client, mode: Mode, pooling: Arc<Pooling>) -> Self {
        Self {
            client: Some(client),
            mode,
            pooling,
            has_begun: false,
            must_end: false,
            is_waiting: false,
            remedy: Remedy::None,
        }
    }

    /// What helps against the failure of a statement.
    pub(super) fn remedy(&self) -> Remedy {
        self.remedy
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, EngineError> {
        Ok(self.run(sql, params).await?.1)
    }

    /// Runs a statement and gives all its rows.
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, EngineError> {
        Ok(self.run(sql, params).await?.0)
    }

    async fn run(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<(Vec<Row>, u64), EngineError> {
        let client = self.client.as_ref().ok_or_else(finished)?;
        if self.has_begun && self.mode == Mode::ReadOne {
            let text = "a second statement was run where one was to be read";
            return Err(EngineError::Internal(text.to_owned()));
        }
        let begin = match self.has_begun {
            true => None,
            false => self.pooling.begin(self.mode),
        };
        self.is_waiting = true;
        let sql = without_locks(self.mode, sql);
        let result = match (self.pooling.is_by_transaction(), begin) {
            (true, begin) => begin_and_run(client, begin, query(client, &sql, params)).await,
            (false, begin) => run_prepared(client, begin, &sql, params).await,
        };
        self.is_waiting = false;
        self.has_begun = true;
        self.must_end |= begin.is_some();
        let (rows, changed) = result.map_err(|error| self.failed(&error))?;
        Ok((rows.into_iter().map(Row::postgres).collect(), changed))
    }

    fn failed(&mut self, error: &Error) -> EngineError {
        self.remedy = error::remedy(error, self.mode);
        if self.remedy == Remedy::WithoutStatements {
            self.pooling.found("statements that were prepared aren't there");
        }
        error::translate(error, self.mode)
    }

    /// Makes what was written last, and gives the connection back. A transaction without a
    /// statement has nothing to commit.
    pub(super) async fn commit(&mut self) -> Result<(), EngineError> {
        // Nothing was written that could be lost, so that there is nothing to wait for.
        if !self.has_begun || self.mode != Mode::Write {
            return Ok(());
        }
        let client = self.client.as_ref().ok_or_else(finished)?;
        self.is_waiting = true;
        let result = client.batch_execute("COMMIT").await;
        self.is_waiting = false;
        self.must_end = false;
        result.map_err(|error| {
            if error::is_connection_lost(&error) {
                // The server may have committed or not, so that running it again could do it twice.
                return error::unreachable(
                    "the connection was lost during a commit, so that it isn't known whether it \
                     happened",
                );
            }
            self.failed(&error)
        })
    }
}

impl Drop for PostgresConnection {
    /// Ends a transaction that wasn't committed, and gives the connection back.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_waiting || self.remedy.needs_another_connection() {
            // Closed; the pool opens another one.
            drop(Client::take(client));
        } else if self.must_end {
            // Sent at the first poll; who uses the connection next is served after it.
            drop(client.batch_execute("ROLLBACK").now_or_never());
        }
    }
}

type Answer = Result<(Vec<tokio_postgres::Row>, u64), Error>;

/// Locks are of no use to who only reads, and refused.
fn without_locks(mode: Mode, sql: &'static str) -> Cow<'static, str> {
    match mode {
        Mode::ReadOne | Mode::Read if sql.contains(" FOR UPDATE") => {
            Cow::Owned(sql.replace(" FOR UPDATE", ""))
        }
        _ => Cow::Borrowed(sql),
    }
}

/// Sends what begins the transaction and the statement together, so that they cost one round trip.
async fn begin_and_run(
    client: &Client,
    begin: Option<&str>,
    statement: impl Future<Output = Answer>,
) -> Answer {
    let Some(begin) = begin else { return statement.await };
    let (begun, answer) = join(client.batch_execute(begin), statement).await;
    begun?;
    answer
}

/// Runs a statement that is prepared once for each connection.
async fn run_prepared(
    client: &Client,
    begin: Option<&str>,
    sql: &str,
    params: &[Value<'_>],
) -> Answer {
    let types: Vec<Type> = params.iter().map(value::declared_type).collect();
    let statement = client.prepare_typed_cached(sql, &types).await?;
    let run = async { read_all(client.query_raw(&statement, params).await?).await };
    begin_and_run(client, begin, run).await
}

/// Runs a statement that nothing is kept of.
async fn query(client: &Client, sql: &str, params: &[Value<'_>]) -> Answer {
    let params = params.iter().map(|param| (param, value::declared_type(param)));
    read_all(client.query_typed_raw(sql, params).await?).await
}

async fn read_all(stream: RowStream) -> Answer {
    let mut stream = pin!(stream);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok((rows, stream.rows_affected().unwrap_or(0)))
}

fn finished() -> EngineError {
    EngineError::Internal("a transaction was used after its end".to_owned())
}
