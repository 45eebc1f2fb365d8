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
        None => Err(EngineError::app_not_found(app)),
    }
}

impl EngineError {
    /// The refusal of an app that isn't there.
    pub fn app_not_found(app: &AppId) -> Self {
        let what = "App with the following connectionURIDomain and appId combination not found";
        Self::TenantOrAppNotFound(format!("{what}: (, {app})"))
    }

    /// The refusal of a tenant that isn't there, or whose app isn't.
    pub fn tenant_not_found(scope: &TenantScope) -> Self {
        let what = "Tenant with the following connectionURIDomain, appId and tenantId combination \
            not found";
        Self::TenantOrAppNotFound(format!("{what}: (, {}, {})", scope.app, scope.tenant))
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
        None => Err(EngineError::tenant_not_found(scope)),
    }
}

/// What came of writing a row that refers to its tenant and to nothing else: where that failed, there
/// is no such tenant.
pub(crate) fn of_known_tenant<T>(
    scope: &TenantScope,
    result: Result<T, EngineError>,
) -> Result<T, EngineError> {
    match result {
        Err(error) if error.is_foreign_key_violation() => Err(EngineError::tenant_not_found(scope)),
        result => result,
    }
}
