//! `POST /recipe/user/role/remove`

use auth_protocol::{
    TenantScope,
    userroles::{RemoveUserRole, RemoveUserRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "DELETE FROM user_roles \
    WHERE app_id = $1 AND tenant_id = $2 AND user_id = $3 AND role = $4";

impl Handle<RemoveUserRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveUserRole,
    ) -> Result<RemoveUserRoleResponse, EngineError> {
        let (user, role) =
            (names::user_id(&operation.user_id)?, names::name("role", &operation.role)?);
        let body = in_tx!(scope, user, role, |tx| {
            require_tenant(tx, &scope).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(RemoveUserRoleResponse::UnknownRoleError);
            }
            let removed = tx.execute(SQL, params![scope.app, scope.tenant, user, role]).await?;
            Ok(RemoveUserRoleResponse::Ok { did_user_have_role: removed > 0 })
        });
        self.store().write(body).await
    }
}
