//! One transaction on a connection of the pool.

use std::pin::pin;

use deadpool_postgres::Client;
use futures_util::{FutureExt, TryStreamExt, future::join};
use tokio_postgres::{Error, Statement, types::Type};

use super::{error, value};
use crate::{
    EngineError, StorageError,
    storage::value::{Row, Value},
};

/// What a transaction may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A single statement that reads.
    ReadOne,
    Read,
    Write,
}

impl Mode {
    /// A transaction that reads sees one state of the database, as a single statement does by
    /// itself. One that writes sees, statement by statement, what others have committed, and waits
    /// for their row locks.
    fn begin(self) -> Option<&'static str> {
        match self {
            Self::ReadOne => None,
            Self::Read => Some("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
            Self::Write => Some("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
        }
    }
}

/// A transaction, begun together with its first statement.
pub(crate) struct PostgresConnection {
    /// `None` once it was given back.
    client: Option<Client>,
    mode: Mode,
    has_begun: bool,
    /// Set while an answer is awaited. Whoever stops waiting leaves a connection behind that nobody
    /// knows the state of.
    is_waiting: bool,
    is_worth_a_retry: bool,
}

impl PostgresConnection {
    pub(super) fn new(client: Client, mode: Mode) -> Self {
        Self {
            client: Some(client),
            mode,
            has_begun: false,
            is_waiting: false,
            is_worth_a_retry: false,
        }
    }

    /// Whether a statement failed in a way that running everything again may help against.
    pub(super) fn is_worth_a_retry(&self) -> bool {
        self.is_worth_a_retry
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
        let begin = self.mode.begin();
        if self.has_begun && begin.is_none() {
            let text = "a second statement was run where one was to be read";
            return Err(EngineError::Internal(text.to_owned()));
        }
        self.is_waiting = true;
        let result = match begin {
            Some(begin) if !self.has_begun => {
                begin_and_run(client, begin, self.mode, sql, params).await
            }
            _ => run(client, self.mode, sql, params).await,
        };
        self.is_waiting = false;
        self.has_begun = true;
        let (rows, changed) = result.map_err(|error| {
            self.is_worth_a_retry |= error::is_worth_a_retry(&error);
            error::translate(&error)
        })?;
        let rows = rows.iter().map(value::row).collect::<Result<_, StorageError>>()?;
        Ok((rows, changed))
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
        self.has_begun = false;
        result.map_err(|error| {
            if error::is_connection_lost(&error) {
                // The server may have committed or not, so that running it again could do it twice.
                return error::unreachable(
                    "the connection was lost during a commit, so that it isn't known whether it \
                     happened",
                );
            }
            self.is_worth_a_retry |= error::is_worth_a_retry(&error);
            error::translate(&error)
        })
    }
}

impl Drop for PostgresConnection {
    /// Ends a transaction that wasn't committed, and gives the connection back.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_waiting {
            // Closed; the pool opens another one.
            drop(Client::take(client));
        } else if self.has_begun && self.mode != Mode::ReadOne {
            // Sent at the first poll; who uses the connection next is served after it.
            drop(client.batch_execute("ROLLBACK").now_or_never());
        }
    }
}

type Answer = Result<(Vec<tokio_postgres::Row>, u64), Error>;

/// Sends `BEGIN` and the statement together, so that they cost one round trip.
async fn begin_and_run(
    client: &Client,
    begin: &'static str,
    mode: Mode,
    sql: &'static str,
    params: &[Value<'_>],
) -> Answer {
    let statement = prepare(client, mode, sql, params).await?;
    let (begun, answer) =
        join(client.batch_execute(begin), run_prepared(client, &statement, params)).await;
    begun?;
    answer
}

async fn run(client: &Client, mode: Mode, sql: &'static str, params: &[Value<'_>]) -> Answer {
    let statement = prepare(client, mode, sql, params).await?;
    run_prepared(client, &statement, params).await
}

/// Prepares a statement, once for each connection.
async fn prepare(
    client: &Client,
    mode: Mode,
    sql: &'static str,
    params: &[Value<'_>],
) -> Result<Statement, Error> {
    let types: Vec<Type> = params.iter().map(value::declared_type).collect();
    match mode {
        // Locks are of no use to who only reads, and refused.
        Mode::ReadOne | Mode::Read if sql.contains(" FOR UPDATE") => {
            client.prepare_typed_cached(&sql.replace(" FOR UPDATE", ""), &types).await
        }
        _ => client.prepare_typed_cached(sql, &types).await,
    }
}

async fn run_prepared(client: &Client, statement: &Statement, params: &[Value<'_>]) -> Answer {
    let mut stream = pin!(client.query_raw(statement, params).await?);
    let mut rows = Vec::new();
    while let Some(row) = stream.try_next().await? {
        rows.push(row);
    }
    Ok((rows, stream.rows_affected().unwrap_or(0)))
}

fn finished() -> EngineError {
    EngineError::Internal("a transaction was used after its end".to_owned())
}
