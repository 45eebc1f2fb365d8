//! `POST /recipe/user/role/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    userroles::{RemoveUserRole, RemoveUserRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
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
        let audit = self.audit();
        let body = in_tx!(scope, user, role, audit, |tx| {
            require_tenant(tx, &scope).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(RemoveUserRoleResponse::UnknownRoleError);
            }
            let removed = tx.execute(SQL, params![scope.app, scope.tenant, user, role]).await?;
            if removed > 0 {
                let event = Event::succeeded(AuditKind::RoleTaken).user(&user.as_str().into());
                audit.append(tx, &scope, event.fact("role", &role)).await?;
            }
            Ok(RemoveUserRoleResponse::Ok { did_user_have_role: removed > 0 })
        });
        self.store().write(body).await
    }
}
