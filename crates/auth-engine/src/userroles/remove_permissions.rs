//! `POST /recipe/role/permissions/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    userroles::{RemovePermissionsFromRole, RemovePermissionsFromRoleResponse},
};

use super::{exists, names};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
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
        let audit = self.audit();
        let body = in_tx!(scope, role, only, audit, |tx| {
            require_app(tx, &scope.app).await?;
            if !exists(tx, &scope.app, &role).await? {
                return Ok(RemovePermissionsFromRoleResponse::UnknownRoleError);
            }
            let mut removed = 0;
            match only {
                None => removed += tx.execute(ALL, params![scope.app, role]).await?,
                Some(only) => {
                    for permission in only {
                        removed += tx.execute(ONE, params![scope.app, role, permission]).await?;
                    }
                }
            }
            if removed > 0 {
                let event = Event::succeeded(AuditKind::RoleChanged).fact("role", &role);
                let event = event.fact("permissions_removed", &removed);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(RemovePermissionsFromRoleResponse::Ok)
        });
        self.store().write(body).await
    }
}
