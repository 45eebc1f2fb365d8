//! Whether an app and tenant exist.

use auth_protocol::{AppId, TenantScope};

use crate::{
    EngineError,
    storage::{Tx, params},
};

/// Fails where the app doesn't exist.
pub(crate) async fn require_app(tx: &mut Tx<'_>, app: &AppId) -> Result<(), EngineError> {
    let found = tx.query_opt("SELECT 1 FROM apps WHERE app_id = $1", params![app]).await?;
    match found {
        Some(_) => Ok(()),
        None => Err(EngineError::TenantOrAppNotFound(format!("App not found: {app}"))),
    }
}

/// Fails where the tenant, or its app, doesn't exist.
pub(crate) async fn require_tenant(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
) -> Result<(), EngineError> {
    const SQL: &str = "SELECT 1 FROM tenants WHERE app_id = $1 AND tenant_id = $2";
    match tx.query_opt(SQL, params![scope.app, scope.tenant]).await? {
        Some(_) => Ok(()),
        None => Err(EngineError::TenantOrAppNotFound(format!(
            "Tenant not found: {} of app {}",
            scope.tenant, scope.app
        ))),
    }
}
