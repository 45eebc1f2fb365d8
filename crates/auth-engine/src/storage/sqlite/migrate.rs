//! Brings the schema of a database up to date.

use super::{connection::SqliteConnection, statistics};
use crate::{
    EngineError,
    storage::{
        migrations::{ADD_CHECKSUM, ADOPT, Applied, CREATE_TABLE, FIRST_ROWS, INSERT, plan},
        value::params,
    },
};

const HAS_CHECKSUM: &str =
    "SELECT 1 FROM pragma_table_info('schema_migrations') WHERE name = 'checksum'";

/// Runs the migrations that are missing, all in one transaction under the write lock, so that of
/// several processes one migrates and the others find the work done.
pub(super) fn migrate(connection: &mut SqliteConnection, now_ms: i64) -> Result<(), EngineError> {
    connection.control("BEGIN IMMEDIATE")?;
    let result = migrate_in_transaction(connection, now_ms);
    let end = if result.is_ok() { "COMMIT" } else { "ROLLBACK" };
    if connection.in_transaction() {
        connection.control(end)?;
    }
    result
}

fn migrate_in_transaction(
    connection: &mut SqliteConnection,
    now_ms: i64,
) -> Result<(), EngineError> {
    connection.batch(CREATE_TABLE)?;
    if connection.query(HAS_CHECKSUM, params![])?.is_empty() {
        connection.batch(ADD_CHECKSUM)?;
    }
    let mut applied = Vec::new();
    for row in connection.query("SELECT version, checksum FROM schema_migrations", params![])? {
        applied.push(Applied { version: row.get("version")?, checksum: row.get("checksum")? });
    }
    let plan = plan(&applied)?;
    for step in plan.adopt {
        connection.execute(ADOPT, params![step.version, step.checksum()])?;
    }
    let is_changed = !plan.run.is_empty();
    for step in plan.run {
        connection.batch(step.sql)?;
        let checksum = step.checksum();
        connection.execute(INSERT, params![step.version, step.name, now_ms, checksum])?;
    }
    if is_changed || statistics::are_missing(connection)? {
        statistics::write(connection)?;
    }
    for sql in FIRST_ROWS {
        connection.execute(sql, params![now_ms])?;
    }
    Ok(())
}
