//! Brings the schema of a database up to date, without prepared statements: a pooler may stand
//! between.

use deadpool_postgres::{Client, Transaction};
use tokio_postgres::{
    Error,
    types::{ToSql, Type},
};

use super::{pooling::Pooling, startup::explain, translate::to_postgres};
use crate::{
    EngineError, PostgresUrl, StorageError,
    postgres_url::Schema,
    storage::migrations::{ADD_CHECKSUM, ADOPT, Applied, CREATE_TABLE, FIRST_ROWS, INSERT, plan},
};

/// Held while the schema is looked at and changed, so that of several processes that start at once
/// one migrates and the others find the work done. The number is the text `auth-eng` in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(x'617574682d656e67'::BIGINT)";

/// Another process may be migrating a large database: it is waited for longer than other locks.
const PATIENCE: &str = "SET LOCAL lock_timeout = '10min'; SET LOCAL statement_timeout = 0; \
    SET LOCAL idle_in_transaction_session_timeout = 0";

/// Asked for first, because who may not create a schema may not create one that exists either.
const HAS_SCHEMA: &str = "SELECT 1 FROM pg_namespace WHERE nspname = $1";

/// Where the schema's own table is, and whether this user may change it. Asked for without creating
/// anything, so that a user who may only work with the tables can open a database that is up to date.
const TABLE: &str = "SELECT pg_has_role(c.relowner, 'USAGE') AS is_own, EXISTS \
        (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'checksum' \
         AND NOT a.attisdropped) AS has_checksum \
    FROM pg_class c WHERE c.oid = to_regclass('schema_migrations')";

/// Runs the migrations that are missing, all in one transaction.
pub(super) async fn migrate(
    client: &mut Client,
    url: &PostgresUrl,
    now_ms: i64,
) -> Result<(), EngineError> {
    match in_transaction(client, url, now_ms).await {
        Ok(done) => Ok(done?),
        Err(error) => Err(explain(&error, url)),
    }
}

/// A schema that is refused is left alone.
async fn in_transaction(
    client: &mut Client,
    url: &PostgresUrl,
    now_ms: i64,
) -> Result<Result<(), StorageError>, Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(PATIENCE).await?;
    transaction.batch_execute(LOCK).await?;
    if let Some(schema) = &url.schema {
        create_schema(&transaction, schema).await?;
        transaction.batch_execute(&Pooling::local_schema(url)).await?;
    }
    let (applied, keeps_checksums) = applied(&transaction).await?;
    let plan = match plan(&applied) {
        Ok(plan) => plan,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for step in plan.adopt.into_iter().filter(|_| keeps_checksums) {
        let params: [(&(dyn ToSql + Sync), Type); 2] =
            [(&step.version, Type::INT8), (&step.checksum(), Type::TEXT)];
        transaction.execute_typed(ADOPT, &params).await?;
    }
    for step in plan.run {
        transaction.batch_execute(&to_postgres(step.sql)).await?;
        let params: [(&(dyn ToSql + Sync), Type); 4] = [
            (&step.version, Type::INT8),
            (&step.name, Type::TEXT),
            (&now_ms, Type::INT8),
            (&step.checksum(), Type::TEXT),
        ];
        transaction.execute_typed(INSERT, &params).await?;
    }
    for sql in FIRST_ROWS {
        transaction.execute_typed(sql, &[(&now_ms, Type::INT8)]).await?;
    }
    transaction.commit().await?;
    Ok(Ok(()))
}

async fn create_schema(transaction: &Transaction<'_>, schema: &Schema) -> Result<(), Error> {
    let name = schema.as_str();
    let found = transaction.query_typed(HAS_SCHEMA, &[(&name, Type::TEXT)]).await?;
    if found.is_empty() {
        transaction.batch_execute(&format!("CREATE SCHEMA {}", schema.quoted())).await?;
    }
    Ok(())
}

/// The steps that have run, and whether their checksums can be written down.
async fn applied(transaction: &Transaction<'_>) -> Result<(Vec<Applied>, bool), Error> {
    let table = transaction.query_typed(TABLE, &[]).await?;
    let (is_own, has_checksum) = if let Some(row) = table.first() {
        (row.try_get("is_own")?, row.try_get("has_checksum")?)
    } else {
        transaction.batch_execute(&to_postgres(CREATE_TABLE)).await?;
        (true, true)
    };
    if is_own && !has_checksum {
        transaction.batch_execute(&to_postgres(ADD_CHECKSUM)).await?;
    }
    let keeps_checksums = is_own || has_checksum;
    let sql = match keeps_checksums {
        true => "SELECT version, checksum FROM schema_migrations",
        false => "SELECT version, NULL::TEXT AS checksum FROM schema_migrations",
    };
    let mut applied = Vec::new();
    for row in transaction.query_typed(sql, &[]).await? {
        let (version, checksum) = (row.try_get("version")?, row.try_get("checksum")?);
        applied.push(Applied { version, checksum });
    }
    Ok((applied, keeps_checksums))
}
