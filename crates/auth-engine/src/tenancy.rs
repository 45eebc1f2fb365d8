//! Whether an app and tenant exist.

use std::fmt;

use auth_protocol::{AppId, TenantId, TenantScope};

use crate::{
    EngineError,
    storage::{Tx, params},
};

/// An app, or a tenant, that isn't there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The connection URI domain; empty for the default one, and where it isn't known.
    domain: String,
    app: AppId,
    /// None where the app is meant.
    tenant: Option<TenantId>,
}

impl Missing {
    /// The same as a caller names it, if it is of the app that is stored under an id: by a connection
    /// URI domain and by the app's name there. Stored ids tell callers nothing.
    #[must_use]
    pub fn called(mut self, stored: &AppId, domain: &str, app: &AppId) -> Self {
        if self.app == *stored {
            domain.clone_into(&mut self.domain);
            self.app.clone_from(app);
        }
        self
    }
}

/// In the reference's words.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { domain, app, tenant } = self;
        match tenant {
            Some(tenant) => write!(
                f,
                "Tenant with the following connectionURIDomain, appId and tenantId combination not \
                 found: ({domain}, {app}, {tenant})"
            ),
            None => write!(
                f,
                "App with the following connectionURIDomain and appId combination not found: \
                 ({domain}, {app})"
            ),
        }
    }
}

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
        let (domain, app) = (String::new(), app.clone());
        Self::TenantOrAppNotFound(Missing { domain, app, tenant: None })
    }

    /// The refusal of a tenant that isn't there, or whose app isn't.
    pub fn tenant_not_found(scope: &TenantScope) -> Self {
        let TenantScope { app, tenant } = scope.clone();
        Self::TenantOrAppNotFound(Missing { domain: String::new(), app, tenant: Some(tenant) })
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
