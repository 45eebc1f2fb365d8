//! Brings the schema of a database up to date, without prepared statements: a pooler may stand
//! between.

use deadpool_postgres::Client;
use tokio_postgres::{
    Error,
    types::{ToSql, Type},
};

use super::{startup::explain, translate::to_postgres};
use crate::{
    EngineError, PostgresUrl, StorageError,
    storage::migrations::{migrations, newest_version},
};

/// Held while the schema is looked at and changed, so that of several processes that start at once
/// one migrates and the others find the work done. The number is the text `auth-eng` in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(x'617574682d656e67'::BIGINT)";

/// Another process may be migrating a large database: it is waited for longer than other locks.
const PATIENCE: &str = "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0; \
    SET LOCAL idle_in_transaction_session_timeout = 0";

/// Runs the migrations that are missing, all in one transaction.
pub(super) async fn migrate(
    client: &mut Client,
    url: &PostgresUrl,
    now_ms: i64,
) -> Result<(), EngineError> {
    match in_transaction(client, now_ms).await {
        Ok(found) if found > newest_version() => {
            Err(StorageError::NewerThanBinary { found, known: newest_version() }.into())
        }
        Ok(_) => Ok(()),
        Err(error) => Err(explain(&error, url)),
    }
}

/// Gives the version that the schema had; one that is newer than this program is left alone.
async fn in_transaction(client: &mut Client, now_ms: i64) -> Result<i64, Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(PATIENCE).await?;
    transaction.batch_execute(LOCK).await?;
    let found = version(&transaction).await?;
    if found > newest_version() {
        return Ok(found);
    }
    if found < newest_version() {
        transaction
            .batch_execute(&to_postgres(
                "CREATE TABLE IF NOT EXISTS schema_migrations (
                    version BIGINT NOT NULL,
                    name VARCHAR(128) NOT NULL,
                    applied_at BIGINT NOT NULL,
                    PRIMARY KEY (version)
                )",
            ))
            .await?;
    }
    for migration in migrations().into_iter().filter(|migration| migration.version > found) {
        transaction.batch_execute(&to_postgres(migration.sql)).await?;
        let sql = "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)";
        let params: [(&(dyn ToSql + Sync), Type); 3] = [
            (&migration.version, Type::INT8),
            (&migration.name, Type::TEXT),
            (&now_ms, Type::INT8),
        ];
        transaction.execute_typed(sql, &params).await?;
    }
    for sql in [
        "INSERT INTO apps (app_id, created_at_time) VALUES ('public', $1) ON CONFLICT DO NOTHING",
        "INSERT INTO tenants (app_id, tenant_id, created_at_time) VALUES ('public', 'public', $1) \
         ON CONFLICT DO NOTHING",
    ] {
        transaction.execute_typed(sql, &[(&now_ms, Type::INT8)]).await?;
    }
    transaction.commit().await?;
    Ok(found)
}

/// The schema's version; 0 where there is none. Asked for without creating anything, so that a user
/// who may only work with the tables can open a database that is up to date.
async fn version(transaction: &deadpool_postgres::Transaction<'_>) -> Result<i64, Error> {
    let row = transaction
        .query_typed_one("SELECT to_regclass('schema_migrations') IS NOT NULL", &[])
        .await?;
    if !row.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let row =
        transaction.query_typed_one("SELECT MAX(version) FROM schema_migrations", &[]).await?;
    Ok(row.try_get::<_, Option<i64>>(0)?.unwrap_or(0))
}
