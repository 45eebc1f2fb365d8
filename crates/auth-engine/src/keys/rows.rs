//! Keys in the database.

use auth_jwt::Algorithm;
use auth_protocol::AppId;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{KeyKind, ring::StoredKey};
use crate::{
    EngineError,
    storage::{Row, Store, in_tx, params},
    tenancy::require_app,
};

const LOAD_DYNAMIC: &str = "SELECT created_at_time AS created_at, value, algorithm, \
    retired_at IS NOT NULL AS is_retired \
    FROM session_access_token_signing_keys WHERE app_id = $1 AND revoked_at IS NULL \
    ORDER BY created_at_time DESC";

const LOAD_STATIC: &str = "SELECT created_at, key_string AS value, algorithm, \
    retired_at IS NOT NULL AS is_retired, key_id FROM jwt_signing_keys WHERE app_id = $1 AND revoked_at IS NULL \
    ORDER BY created_at ASC, key_id ASC";

/// Two processes that need a key at once take turns here, and the second finds the first one's.
const LOCK_APP: &str = "SELECT 1 FROM apps WHERE app_id = $1 FOR UPDATE";

/// Every key: dynamic ones first, newest first, then static ones.
pub(super) async fn load(store: &Store, app: &AppId) -> Result<Vec<StoredKey>, EngineError> {
    let body = in_tx!(app, |tx| {
        require_app(tx, &app).await?;
        let mut keys = Vec::new();
        for row in tx.query(LOAD_DYNAMIC, params![app]).await? {
            let created_at_ms: i64 = row.get("created_at")?;
            keys.push(read(&row, KeyKind::Dynamic, format!("d-{created_at_ms}"))?);
        }
        for row in tx.query(LOAD_STATIC, params![app]).await? {
            keys.push(read(&row, KeyKind::Static, row.get("key_id")?)?);
        }
        Ok(keys)
    });
    store.read(body).await
}

fn read(row: &Row, kind: KeyKind, key_id: String) -> Result<StoredKey, EngineError> {
    let unreadable = || EngineError::Internal("a stored signing key can't be read".into());
    let value: String = row.get("value")?;
    let algorithm: String = row.get("algorithm")?;
    Ok(StoredKey {
        kid: key_id,
        kind,
        algorithm: algorithm.parse().map_err(|_| unreadable())?,
        created_at_ms: row.get("created_at")?,
        is_retired: row.get("is_retired")?,
        pkcs8: BASE64_STANDARD.decode(value).map_err(|_| unreadable())?,
    })
}

/// Adds a dynamic key, unless there is one by now that was made at `newest_needed_ms` or later and
/// isn't withdrawn.
pub(super) async fn add_dynamic(
    store: &Store,
    app: &AppId,
    algorithm: Algorithm,
    pkcs8: Vec<u8>,
    now_ms: i64,
    newest_needed_ms: i64,
) -> Result<(), EngineError> {
    const EXISTS: &str = "SELECT 1 FROM session_access_token_signing_keys \
        WHERE app_id = $1 AND algorithm = $2 AND created_at_time >= $3 AND retired_at IS NULL \
        AND revoked_at IS NULL LIMIT 1";
    const INSERT: &str = "INSERT INTO session_access_token_signing_keys \
        (app_id, created_at_time, value, algorithm) VALUES ($1, $2, $3, $4) \
        ON CONFLICT DO NOTHING";
    let value = BASE64_STANDARD.encode(pkcs8);
    let body = in_tx!(app, value, |tx| {
        tx.query(LOCK_APP, params![app]).await?;
        let algorithm = algorithm.as_str();
        if tx.query_opt(EXISTS, params![app, algorithm, newest_needed_ms]).await?.is_some() {
            return Ok(());
        }
        // The time is the key's id: where a withdrawn one was made in this very millisecond, the
        // next one that is free.
        let mut created_at_ms = now_ms;
        while tx.execute(INSERT, params![app, created_at_ms, value, algorithm]).await? == 0 {
            created_at_ms += 1;
        }
        Ok(())
    });
    store.write(body).await
}

/// Adds a static key, unless there is one by now that isn't withdrawn.
pub(super) async fn add_static(
    store: &Store,
    app: &AppId,
    algorithm: Algorithm,
    pkcs8: Vec<u8>,
    now_ms: i64,
) -> Result<(), EngineError> {
    let value = BASE64_STANDARD.encode(pkcs8);
    let kid = format!("s-{}", uuid::Uuid::new_v4());
    let body = in_tx!(app, value, kid, |tx| {
        tx.query(LOCK_APP, params![app]).await?;
        tx.execute(
            "INSERT INTO jwt_signing_keys (app_id, key_id, key_string, algorithm, created_at) \
             SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM jwt_signing_keys \
             WHERE app_id = $1 AND algorithm = $4 AND retired_at IS NULL AND revoked_at IS NULL)",
            params![app, kid, value, algorithm.as_str(), now_ms],
        )
        .await
    });
    store.write(body).await.map(drop)
}
