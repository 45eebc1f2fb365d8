//! `GET /recipe/permission/roles`

use auth_protocol::{
    TenantScope,
    userroles::{GetRolesThatHavePermission, GetRolesThatHavePermissionResponse},
};

use super::{names, texts};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "SELECT role FROM role_permissions \
    WHERE app_id = $1 AND permission = $2 ORDER BY role";

impl Handle<GetRolesThatHavePermission> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetRolesThatHavePermission,
    ) -> Result<GetRolesThatHavePermissionResponse, EngineError> {
        let permission = names::name("permission", &operation.permission)?;
        let body = in_tx!(scope, permission, |tx| {
            require_app(tx, &scope.app).await?;
            texts(&tx.query(SQL, params![scope.app, permission]).await?, "role")
        });
        Ok(GetRolesThatHavePermissionResponse::Ok { roles: self.store().read(body).await? })
    }
}
