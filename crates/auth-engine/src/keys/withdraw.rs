//! Keys that sign, or verify, nothing any more.

use auth_protocol::{
    AppId,
    audit::AuditKind,
    jwt::{SigningKeyInfo, SigningKeyState},
};

use super::Keys;
use crate::{
    EngineError,
    audit::{Audit, Event},
    storage::{Row, in_tx, params},
    tenancy::require_app,
};

/// A dynamic key that is too old to verify isn't listed.
const LIST_DYNAMIC: &str = "SELECT created_at_time AS created_at, algorithm, \
    retired_at IS NOT NULL AS is_retired, revoked_at IS NOT NULL AS is_revoked \
    FROM session_access_token_signing_keys \
    WHERE app_id = $1 AND created_at_time >= $2 ORDER BY created_at_time DESC";

const LIST_STATIC: &str = "SELECT created_at, algorithm, retired_at IS NOT NULL AS is_retired, \
    revoked_at IS NOT NULL AS is_revoked, key_id FROM jwt_signing_keys \
    WHERE app_id = $1 ORDER BY created_at ASC, key_id ASC";

/// What becomes of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withdrawal {
    /// It signs nothing any more, and still verifies.
    Retire,
    /// It doesn't verify, either, and its private half is forgotten.
    Revoke,
}

impl Withdrawal {
    /// What is written down.
    fn kind(self) -> AuditKind {
        match self {
            Self::Retire => AuditKind::SigningKeyRetired,
            Self::Revoke => AuditKind::SigningKeyRevoked,
        }
    }

    /// The statements for a dynamic and a static key.
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Retire => (
                "UPDATE session_access_token_signing_keys \
                 SET retired_at = COALESCE(retired_at, $3) \
                 WHERE app_id = $1 AND created_at_time = $2",
                "UPDATE jwt_signing_keys SET retired_at = COALESCE(retired_at, $3) \
                 WHERE app_id = $1 AND key_id = $2",
            ),
            Self::Revoke => (
                "UPDATE session_access_token_signing_keys \
                 SET revoked_at = COALESCE(revoked_at, $3), value = '' \
                 WHERE app_id = $1 AND created_at_time = $2",
                "UPDATE jwt_signing_keys \
                 SET revoked_at = COALESCE(revoked_at, $3), key_string = '' \
                 WHERE app_id = $1 AND key_id = $2",
            ),
        }
    }
}

impl Keys {
    /// Withdraws a key, in this process at once; whether there is one with this id.
    pub(crate) async fn withdraw(
        &self,
        app: &AppId,
        kid: &str,
        withdrawal: Withdrawal,
        audit: Audit,
    ) -> Result<bool, EngineError> {
        let now_ms = self.clock.now_ms();
        let (dynamic, fixed) = withdrawal.statements();
        let created_at_ms = kid.strip_prefix("d-").and_then(|time| time.parse::<i64>().ok());
        let (for_tx, kid) = (app.clone(), kid.to_owned());
        let body = in_tx!(for_tx, kid, audit, |tx| {
            require_app(tx, &for_tx).await?;
            let withdrawn = match created_at_ms {
                Some(created_at_ms) => {
                    tx.execute(dynamic, params![for_tx, created_at_ms, now_ms]).await?
                }
                None => tx.execute(fixed, params![for_tx, kid, now_ms]).await?,
            };
            if withdrawn > 0 {
                let event = Event::succeeded(withdrawal.kind()).fact("kid", &kid);
                audit.append_to_app(tx, &for_tx, event).await?;
            }
            Ok(withdrawn)
        });
        let is_known = self.store.write(body).await? > 0;
        if is_known {
            self.reloaded(app).await?;
        }
        Ok(is_known)
    }

    /// Every key, without what is secret of it.
    pub(crate) async fn list(&self, app: &AppId) -> Result<Vec<SigningKeyInfo>, EngineError> {
        // So that there is one.
        self.fresh_ring(app).await?;
        let oldest_ms = self.schedule(app).oldest_verifying(self.clock.now_ms());
        let app = app.clone();
        let body = in_tx!(app, |tx| {
            let mut keys = Vec::new();
            for row in tx.query(LIST_DYNAMIC, params![app, oldest_ms]).await? {
                let kid = format!("d-{}", row.get::<i64>("created_at")?);
                keys.push(read(&row, kid)?);
            }
            for row in tx.query(LIST_STATIC, params![app]).await? {
                keys.push(read(&row, row.get("key_id")?)?);
            }
            Ok(keys)
        });
        self.store.read(body).await
    }
}

fn read(row: &Row, kid: String) -> Result<SigningKeyInfo, EngineError> {
    let state = match (row.get("is_retired")?, row.get("is_revoked")?) {
        (_, true) => SigningKeyState::Revoked,
        (true, false) => SigningKeyState::Retired,
        (false, false) => SigningKeyState::Active,
    };
    Ok(SigningKeyInfo {
        kid,
        algorithm: row.get("algorithm")?,
        created_at: row.get("created_at")?,
        state,
    })
}
