//! `POST /recipe/role/permissions/remove`

use auth_protocol::{
    TenantScope,
    userroles::{RemovePermissionsFromRole, RemovePermissionsFromRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const ONE: &str =
    "DELETE FROM role_permissions WHERE app_id = $1 AND role = $2 AND permission = $3";

const ALL: &str = "DELETE FROM role_permissions WHERE app_id = $1 AND role = $2";

impl Handle<RemovePermissionsFromRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemovePermissionsFromRole,
    ) -> Result<RemovePermissionsFromRoleResponse, EngineError> {
        let role = names::name("role", &operation.role)?;
        let only = operation.permissions.as_deref().map(names::permissions).transpose()?;
        let body = in_tx!(scope, role, only, |tx| {
            require_app(tx, &scope.app).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(RemovePermissionsFromRoleResponse::UnknownRoleError);
            }
            let Some(only) = only else {
                tx.execute(ALL, params![scope.app, role]).await?;
                return Ok(RemovePermissionsFromRoleResponse::Ok);
            };
            for permission in only {
                tx.execute(ONE, params![scope.app, role, permission]).await?;
            }
            Ok(RemovePermissionsFromRoleResponse::Ok)
        });
        self.store().write(body).await
    }
}
