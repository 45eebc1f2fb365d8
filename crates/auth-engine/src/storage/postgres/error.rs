//! What an error of PostgreSQL means.

use std::{error::Error as _, io};

use tokio_postgres::{Error, error::SqlState};

use super::{connection::Mode, connector::STANDBY};
use crate::{EngineError, StorageError};

const NO_CONNECTION_LEFT: &str = "the server has no connection left; raise its max_connections or \
     lower `database_pool_size`";

/// The server's function that finds a prepared statement's columns changed; the message is in the
/// server's language.
const REVALIDATES_PLAN: &str = "RevalidateCachedQuery";

/// What helps against an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Nothing.
    None,
    /// To run the transaction again from its start: it lost against another one, or the connection
    /// went away before the commit.
    Again,
    /// The same on another connection, because what this one leads to has changed: it is a standby
    /// now, or a table's columns have other types than when a statement was prepared.
    Elsewhere,
    /// The same without prepared statements: somebody else is lent the connection in between.
    WithoutStatements,
}

impl Remedy {
    pub(super) fn needs_another_connection(self) -> bool {
        matches!(self, Self::Elsewhere | Self::WithoutStatements)
    }
}

/// What helps against the failure of a transaction.
pub(super) fn remedy(error: &Error, mode: Mode) -> Remedy {
    let Some(code) = error.code() else {
        return if is_connection_lost(error) { Remedy::Again } else { Remedy::None };
    };
    if *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        || is_lost(code)
    {
        Remedy::Again
    } else if *code == SqlState::INVALID_SQL_STATEMENT_NAME
        || *code == SqlState::DUPLICATE_PSTATEMENT
    {
        Remedy::WithoutStatements
    } else if *code == SqlState::FEATURE_NOT_SUPPORTED
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION && mode == Mode::Write
    {
        Remedy::Elsewhere
    } else {
        Remedy::None
    }
}

/// Whether a connection was refused because its server is a standby, and another is wanted.
pub(super) fn is_from_standby(error: &Error) -> bool {
    io_error(error).is_some_and(|error| error.to_string() == "database does not allow writes")
}

/// Whether nothing more will come from the server on this connection.
pub(super) fn is_connection_lost(error: &Error) -> bool {
    error.is_closed() || io_error(error).is_some() || error.code().is_some_and(is_lost)
}

fn io_error(error: &Error) -> Option<&io::Error> {
    error.source()?.downcast_ref()
}

/// The server ends, or a pooler has lost it: class 08 are the troubles of connections.
fn is_lost(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW]
            .contains(code)
}

/// Translates an error. Never by its `detail`: that repeats values, such as addresses.
pub(super) fn translate(error: &Error, mode: Mode) -> EngineError {
    let Some(failure) = error.as_db_error() else {
        return if is_connection_lost(error) {
            unreachable("the connection was lost")
        } else {
            StorageError::Other(describe(error)).into()
        };
    };
    let message = || failure.message().to_owned();
    // The constraint's name says enough, and the message of a violated one holds no values.
    match failure.code() {
        code if *code == SqlState::UNIQUE_VIOLATION => {
            StorageError::UniqueViolation(message()).into()
        }
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => {
            StorageError::ForeignKeyViolation(message()).into()
        }
        // The columns have lengths, which SQLite doesn't mind.
        code if *code == SqlState::STRING_DATA_RIGHT_TRUNCATION => {
            EngineError::BadRequest(format!("A value is too long: {}", message()))
        }
        code if *code == SqlState::LOCK_NOT_AVAILABLE => StorageError::Locked(message()).into(),
        code if *code == SqlState::QUERY_CANCELED => {
            unavailable("a statement took longer than `database_operation_timeout`")
        }
        code if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED =>
        {
            unavailable("transactions kept getting into each other's way")
        }
        code if *code == SqlState::TOO_MANY_CONNECTIONS => unavailable(NO_CONNECTION_LEFT),
        code if is_lost(code) => unreachable(failure.message()),
        _ if remedy(error, mode) == Remedy::Elsewhere
            && failure.routine() != Some(REVALIDATES_PLAN) =>
        {
            unavailable(format!("{STANDBY}: {}", failure.message()))
        }
        code if *code == SqlState::READ_ONLY_SQL_TRANSACTION => {
            StorageError::ReadOnly(message()).into()
        }
        code if *code == SqlState::DISK_FULL => StorageError::DiskFull(message()).into(),
        code if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            StorageError::Corrupt(message()).into()
        }
        code => StorageError::Other(format!("{} ({})", failure.message(), code.code())).into(),
    }
}

/// Why there is no connection: the server has none left or was too slow, or it lets nobody in.
pub(super) fn not_connected(error: &Error) -> EngineError {
    if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) {
        unavailable(NO_CONNECTION_LEFT)
    } else if io_error(error).is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
        unavailable(describe(error))
    } else {
        unreachable(describe(error))
    }
}

pub(super) fn unreachable(why: impl Into<String>) -> EngineError {
    StorageError::Unreachable(why.into()).into()
}

pub(super) fn unavailable(why: impl Into<String>) -> EngineError {
    StorageError::Unavailable(why.into()).into()
}

/// An error with its cause, which its own text leaves out.
pub(super) fn describe(error: &Error) -> String {
    match error.source() {
        Some(source) if source.to_string() != error.to_string() => format!("{error}: {source}"),
        _ => error.to_string(),
    }
}
