//! What can go wrong, by whose fault.

use std::{path::PathBuf, time::Duration};

use crate::{ConfigError, tenancy::Missing};

/// An operation that was refused or couldn't be done.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The caller asked for something impossible. The text is what the wire answers with 400.
    #[error("{0}")]
    BadRequest(String),
    /// The app or tenant that the operation is addressed to doesn't exist. The wire answers 400.
    #[error("AppId or tenantId not found => {0}")]
    TenantOrAppNotFound(Missing),
    /// The caller may not do this from the app or tenant that the operation is addressed to. The text
    /// is what the wire answers with 403.
    #[error("{0}")]
    Forbidden(String),
    /// A setting of the [`EngineConfig`](crate::EngineConfig) is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database couldn't do it.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// There is more to do than can be done in time; nothing was written. The text names the setting
    /// that bounds it.
    #[error("overloaded: {0}")]
    Overloaded(String),
    /// So much of this was asked for lately that no more is done for now: a limit in the
    /// [`EngineConfig`](crate::EngineConfig).
    #[error("{what}; try again in {} s", retry_after.as_secs().max(1))]
    LimitReached {
        /// What there was too much of.
        what: &'static str,
        /// When some more will be done.
        retry_after: Duration,
    },
    /// The engine was shut down before the operation.
    #[error("the engine has been shut down")]
    ShuttingDown,
    /// The engine's own fault; the text holds no secrets.
    #[error("internal error: {0}")]
    Internal(String),
}

impl EngineError {
    /// Whether the same request may succeed a little later: the database can't be reached or is
    /// overloaded, too many passwords wait to be hashed, a limit is reached, or the engine is being
    /// shut down. An application answers 503.
    pub fn is_unavailable(&self) -> bool {
        self.is_unreachable()
            || matches!(
                self,
                Self::Storage(
                    StorageError::Unavailable(_)
                        | StorageError::Locked(_)
                        | StorageError::Overtaken(_)
                ) | Self::Overloaded(_)
                    | Self::LimitReached { .. }
                    | Self::ShuttingDown
            )
    }

    /// Whether the database is down: there is no connection, or the one that was used broke. CDI
    /// answers 500, where a database that is only busy is 503 (CDI §0.5).
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Unreachable(_)))
    }

    /// Whether a row with the same key was there already.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Storage(StorageError::UniqueViolation(_)))
    }

    /// Somebody else deleted what a transaction had found, or has taken what it found free: run again,
    /// it sees that from its start and answers what is to be answered, which the database does by itself.
    pub(crate) fn overtaken(by: &'static str) -> Self {
        Self::Storage(StorageError::Overtaken(by))
    }

    /// Whether the transaction was [overtaken](Self::overtaken).
    #[cfg(feature = "postgres")]
    pub(crate) fn is_overtaken(&self) -> bool {
        matches!(self, Self::Storage(StorageError::Overtaken(_)))
    }

    /// Whether a row refers to one that isn't there, such as an unknown tenant.
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self, Self::Storage(StorageError::ForeignKeyViolation(_)))
    }
}

/// What is wrong with the database, in words that a person can act on.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// Another process held the lock for longer than the engine waits.
    #[error(
        "the database is locked by another process ({0}); find what holds it open, or let the \
         engine wait longer by `database_busy_timeout`"
    )]
    Locked(String),
    /// The database server is too busy, or took longer than the engine waits. Nothing was written.
    #[error("the database is not available ({0})")]
    Unavailable(String),
    /// Changes of others came before this one, each time that it was tried. Nothing was written.
    #[error("other changes kept coming first ({0}); try again")]
    Overtaken(&'static str),
    /// The database server lets nobody in, or the connection to it was lost. Nothing was written,
    /// unless the text says that it isn't known.
    #[error("the database can't be reached ({0})")]
    Unreachable(String),
    /// The file or its file system permits no writing.
    #[error(
        "the database can't be written ({0}); check the owner and the permissions of the file and \
         of its directory, and whether the file system is mounted read-only or the server is a \
         standby"
    )]
    ReadOnly(String),
    /// There is no room left.
    #[error("the disk, or the size permitted for the database, is full ({0}); nothing was written")]
    DiskFull(String),
    /// The file can't be opened or created.
    #[error("the database file {} can't be opened: {reason}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// The file is something else.
    #[error("the file is not a SQLite database ({0}); choose another path")]
    NotADatabase(String),
    /// A newer version of this program has used the database.
    #[error(
        "the database has schema version {found}, this program knows versions up to {known}; use \
         the newer program that wrote it, or restore a backup"
    )]
    NewerThanBinary {
        /// The version that the database is at.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// A step of the schema isn't the one by which this database was made.
    #[error(
        "step {version} of the database's schema was another one when it ran than in this program: \
         use the program that wrote the database, or one that has that step unchanged; if you build \
         it yourself, take the change of step {version} back and add a new step"
    )]
    ChangedMigration {
        /// The step's number.
        version: i64,
    },
    /// The database went past a step of the schema without having it.
    #[error(
        "the database's schema has step {found} and lacks step {version}, which comes before it: use \
         the program that wrote the database; if you build it yourself, give step {version} a number \
         after {found}"
    )]
    MissedMigration {
        /// The number of the step that is missing.
        version: i64,
        /// The newest step that the database has.
        found: i64,
    },
    /// The file's contents are damaged.
    #[error("the database is damaged ({0}); restore a backup")]
    Corrupt(String),
    /// A row with the same key is there already.
    #[error("a row with this key exists already ({0})")]
    UniqueViolation(String),
    /// A row refers to one that isn't there.
    #[error("the row refers to one that doesn't exist ({0})")]
    ForeignKeyViolation(String),
    /// Something else, in the database's words.
    #[error("the database failed: {0}")]
    Other(String),
}
