//! `POST /recipe/role/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    userroles::{DeleteRole, DeleteRoleResponse},
};

use super::names;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_app,
};

/// Its permissions and users go with it.
const SQL: &str = "DELETE FROM roles WHERE app_id = $1 AND role = $2";

impl Handle<DeleteRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: DeleteRole,
    ) -> Result<DeleteRoleResponse, EngineError> {
        let role = names::name("role", &operation.role)?;
        let audit = self.audit();
        let body = in_tx!(scope, role, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let deleted = tx.execute(SQL, params![scope.app, role]).await?;
            if deleted > 0 {
                let event = Event::succeeded(AuditKind::RoleDeleted).fact("role", &role);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(DeleteRoleResponse::Ok { did_role_exist: deleted > 0 })
        });
        self.store().write(body).await
    }
}
