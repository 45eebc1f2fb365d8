//! The schema, as a sequence of numbered steps that only go forward. Each is a part's.

#[cfg(test)]
mod tests;

use crate::{StorageError, digest::sha256_hex, parts::PARTS};

/// One step of the schema. Once it is released it is never changed.
pub(crate) struct Migration {
    /// Its number: greater than that of every step before, whichever part has that.
    pub(crate) version: i64,
    /// What it is for.
    pub(crate) name: &'static str,
    /// Its statements, in what SQLite and PostgreSQL have in common.
    pub(crate) sql: &'static str,
}

impl Migration {
    /// The SHA-256 of its text, whichever way a line ends where the program is built.
    pub(super) fn checksum(&self) -> String {
        sha256_hex(&self.sql.replace('\r', ""))
    }
}

/// A step that has run on a database.
pub(super) struct Applied {
    pub(super) version: i64,
    /// Of the text that ran; none where it ran before checksums were kept.
    pub(super) checksum: Option<String>,
}

/// What a database needs.
pub(super) struct Plan {
    /// The steps whose checksums are still to be written down.
    pub(super) adopt: Vec<&'static Migration>,
    /// The steps that are still to be run.
    pub(super) run: Vec<&'static Migration>,
}

/// Compares the steps that a database has with those that this program knows.
///
/// # Errors
/// The database is a newer program's, or one of its steps isn't the one that is known.
pub(super) fn plan(applied: &[Applied]) -> Result<Plan, StorageError> {
    let (known, found) = (newest_version(), applied.iter().map(|step| step.version).max());
    let found = found.unwrap_or(0);
    if found > known {
        return Err(StorageError::NewerThanBinary { found, known });
    }
    let mut plan = Plan { adopt: Vec::new(), run: Vec::new() };
    for step in migrations() {
        let version = step.version;
        match applied.iter().find(|applied| applied.version == version) {
            Some(Applied { checksum: Some(checksum), .. }) if *checksum != step.checksum() => {
                return Err(StorageError::ChangedMigration { version });
            }
            Some(Applied { checksum: Some(_), .. }) => {}
            Some(Applied { checksum: None, .. }) => plan.adopt.push(step),
            None if version > found => plan.run.push(step),
            None => return Err(StorageError::MissedMigration { version, found }),
        }
    }
    Ok(plan)
}

/// Every step of every part, in order.
fn migrations() -> Vec<&'static Migration> {
    let mut steps: Vec<_> = PARTS.iter().flat_map(|part| part.migrations).collect();
    steps.sort_by_key(|step| step.version);
    steps
}

/// The newest version that this program knows.
fn newest_version() -> i64 {
    migrations().last().map_or(0, |step| step.version)
}

/// The table of the steps that have run.
pub(super) const CREATE_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
        version BIGINT NOT NULL,
        name VARCHAR(128) NOT NULL,
        applied_at BIGINT NOT NULL,
        checksum VARCHAR(64),
        PRIMARY KEY (version)
    )";

/// For a table from before checksums were kept.
pub(super) const ADD_CHECKSUM: &str =
    "ALTER TABLE schema_migrations ADD COLUMN checksum VARCHAR(64)";

pub(super) const INSERT: &str = "INSERT INTO schema_migrations \
    (version, name, applied_at, checksum) VALUES ($1, $2, $3, $4)";

pub(super) const ADOPT: &str = "UPDATE schema_migrations SET checksum = $2 WHERE version = $1";

/// The app and the tenant that are there from the start; `$1` is the time.
pub(super) const FIRST_ROWS: [&str; 2] = [
    "INSERT INTO apps (app_id, created_at_time) VALUES ('public', $1) ON CONFLICT DO NOTHING",
    "INSERT INTO tenants (app_id, tenant_id, created_at_time) VALUES ('public', 'public', $1) \
     ON CONFLICT DO NOTHING",
];
