//! What an error of SQLite means.

use rusqlite::ffi::{self, ErrorCode};

use crate::StorageError;

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        // Not the error's own text: for a failed statement it repeats the SQL.
        let rusqlite::Error::SqliteFailure(failure, detail) = error else {
            return Self::Other(match error {
                rusqlite::Error::SqlInputError { msg, .. } => msg,
                other => other.to_string(),
            });
        };
        let detail = detail.unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Locked(detail),
            ErrorCode::ReadOnly => Self::ReadOnly(detail),
            ErrorCode::DiskFull => Self::DiskFull(detail),
            ErrorCode::NotADatabase => Self::NotADatabase(detail),
            ErrorCode::DatabaseCorrupt => Self::Corrupt(detail),
            ErrorCode::ConstraintViolation => match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                    Self::UniqueViolation(detail)
                }
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::ForeignKeyViolation(detail),
                _ => Self::Other(detail),
            },
            _ => Self::Other(detail),
        }
    }
}
