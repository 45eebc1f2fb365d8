//! The rows of recovery tokens.

use auth_protocol::{TenantScope, UserId};

use crate::{
    EngineError,
    storage::{Tx, params},
};

/// A token that may still be used.
pub(super) struct RecoveryToken {
    /// The core's own id of whom it was made for.
    pub(super) user_id: UserId,
    pub(super) email: String,
    pub(super) expires_at: i64,
}

const FIND: &str = "SELECT user_id, email, expires_at FROM webauthn_account_recovery_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND token = $3";

/// Only by who comes first.
const USE: &str = "DELETE FROM webauthn_account_recovery_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND token = $3";

const DELETE_OTHERS: &str = "DELETE FROM webauthn_account_recovery_tokens \
    WHERE app_id = $1 AND tenant_id = $2 AND email = $3";

impl RecoveryToken {
    /// The token of a digest, expired or not.
    pub(super) async fn find(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        digest: &str,
    ) -> Result<Option<Self>, EngineError> {
        let Some(row) = tx.query_opt(FIND, params![scope.app, scope.tenant, digest]).await? else {
            return Ok(None);
        };
        Ok(Some(Self {
            user_id: row.get("user_id")?,
            email: row.get("email")?,
            expires_at: row.get("expires_at")?,
        }))
    }

    /// Ends it, and every other one for its address in the tenant; false where another request was
    /// quicker.
    pub(super) async fn end(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        digest: &str,
    ) -> Result<bool, EngineError> {
        let is_first = tx.execute(USE, params![scope.app, scope.tenant, digest]).await? > 0;
        if is_first {
            tx.execute(DELETE_OTHERS, params![scope.app, scope.tenant, self.email]).await?;
        }
        Ok(is_first)
    }
}
