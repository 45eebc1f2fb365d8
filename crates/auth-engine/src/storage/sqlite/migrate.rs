//! Brings the schema of a database up to date.

use super::{connection::SqliteConnection, statistics};
use crate::{
    EngineError, StorageError,
    storage::{
        migrations::{migrations, newest_version},
        value::params,
    },
};

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
    connection.batch(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
            version BIGINT NOT NULL,
            name VARCHAR(128) NOT NULL,
            applied_at BIGINT NOT NULL,
            PRIMARY KEY (version)
        )",
    )?;
    let rows = connection.query("SELECT MAX(version) FROM schema_migrations", params![])?;
    let found = match rows.first() {
        Some(row) => row.get::<Option<i64>>(0)?.unwrap_or(0),
        None => 0,
    };
    let known = newest_version();
    if found > known {
        return Err(StorageError::NewerThanBinary { found, known }.into());
    }
    for migration in migrations().into_iter().filter(|migration| migration.version > found) {
        connection.batch(migration.sql)?;
        connection.execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)",
            params![migration.version, migration.name, now_ms],
        )?;
    }
    if found < known || statistics::are_missing(connection)? {
        statistics::write(connection)?;
    }
    connection.execute(
        "INSERT INTO apps (app_id, created_at_time) VALUES ('public', $1) ON CONFLICT DO NOTHING",
        params![now_ms],
    )?;
    connection.execute(
        "INSERT INTO tenants (app_id, tenant_id, created_at_time) VALUES ('public', 'public', $1) \
         ON CONFLICT DO NOTHING",
        params![now_ms],
    )?;
    Ok(())
}
