//! Whether an app and tenant are there, and may be asked.

use auth_engine::EngineError;
use auth_protocol::{
    CdiVersion, TenantId, TenantScope,
    multitenancy::{GetTenant, GetTenantResponse},
};

use crate::{answer::CdiError, request::Call, server::Inner};

pub(super) fn only_public() -> CdiError {
    CdiError::Forbidden("Only public tenantId can call this app specific API".to_owned())
}

/// Whether the tenant is there.
pub(super) async fn exists(server: &Inner, scope: &TenantScope) -> Result<bool, CdiError> {
    let answer = server.engine.handle(scope, GetTenant {}).await?;
    Ok(matches!(answer, GetTenantResponse::Ok(_)))
}

/// Fails where the app isn't there.
pub(super) async fn require(server: &Inner, scope: &TenantScope) -> Result<(), CdiError> {
    if server.engine.has_app(&scope.app).await? {
        return Ok(());
    }
    // Another process may have made it a moment ago.
    require_in_database(server, scope).await
}

/// The same, asked of the database, so that it fails where that can't be asked.
pub(super) async fn require_in_database(
    server: &Inner,
    scope: &TenantScope,
) -> Result<(), CdiError> {
    let public = TenantScope::new(scope.app.clone(), TenantId::default());
    if exists(server, &public).await? {
        return Ok(());
    }
    Err(EngineError::tenant_not_found(scope).into())
}

/// Fails where the app isn't there, or another tenant than the public one is asked.
pub(super) async fn require_public(server: &Inner, call: &Call) -> Result<(), CdiError> {
    if !call.scope.tenant.is_public() && call.version >= CdiVersion::V5_0 {
        return Err(only_public());
    }
    require(server, &call.scope).await
}
