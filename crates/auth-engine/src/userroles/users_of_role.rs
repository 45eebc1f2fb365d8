//! `GET /recipe/role/users`

use auth_protocol::{
    TenantScope,
    userroles::{GetUsersThatHaveRole, GetUsersThatHaveRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "SELECT user_id FROM user_roles \
    WHERE app_id = $1 AND tenant_id = $2 AND role = $3 ORDER BY user_id";

impl Handle<GetUsersThatHaveRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetUsersThatHaveRole,
    ) -> Result<GetUsersThatHaveRoleResponse, EngineError> {
        let role = names::name("role", &operation.role)?;
        let body = in_tx!(scope, role, |tx| {
            require_tenant(tx, &scope).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(GetUsersThatHaveRoleResponse::UnknownRoleError);
            }
            let rows = tx.query(SQL, params![scope.app, scope.tenant, role]).await?;
            let users = rows.iter().map(|row| row.get("user_id")).collect::<Result<_, _>>()?;
            Ok(GetUsersThatHaveRoleResponse::Ok { users })
        });
        self.store().read(body).await
    }
}
