//! `PUT /recipe/user/role`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    userroles::{AddUserRole, AddUserRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "INSERT INTO user_roles (app_id, tenant_id, user_id, role) \
    VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

impl Handle<AddUserRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: AddUserRole,
    ) -> Result<AddUserRoleResponse, EngineError> {
        let (user, role) =
            (names::user_id(&operation.user_id)?, names::name("role", &operation.role)?);
        let audit = self.audit();
        let body = in_tx!(scope, user, role, audit, |tx| {
            require_tenant(tx, &scope).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(AddUserRoleResponse::UnknownRoleError);
            }
            let added = tx.execute(SQL, params![scope.app, scope.tenant, user, role]).await?;
            if added > 0 {
                let event = Event::succeeded(AuditKind::RoleGiven).user(&user.as_str().into());
                audit.append(tx, &scope, event.fact("role", &role)).await?;
            }
            Ok(AddUserRoleResponse::Ok { did_user_already_have_role: added == 0 })
        });
        self.store().write(body).await
    }
}
