//! `GET /recipe/role/permissions`

use auth_protocol::{
    TenantScope,
    userroles::{GetPermissionsForRole, GetPermissionsForRoleResponse},
};

use super::{exists, names, texts};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "SELECT permission FROM role_permissions \
    WHERE app_id = $1 AND role = $2 ORDER BY permission";

impl Handle<GetPermissionsForRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetPermissionsForRole,
    ) -> Result<GetPermissionsForRoleResponse, EngineError> {
        let role = names::name("role", &operation.role)?;
        let body = in_tx!(scope, role, |tx| {
            require_app(tx, &scope.app).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(GetPermissionsForRoleResponse::UnknownRoleError);
            }
            let permissions = texts(&tx.query(SQL, params![scope.app, role]).await?, "permission")?;
            Ok(GetPermissionsForRoleResponse::Ok { permissions })
        });
        self.store().read(body).await
    }
}
