//! `PUT /recipe/role`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    userroles::{CreateRole, CreateRoleResponse},
};

use super::names;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    tenancy::require_app,
};

const CREATE: &str = "INSERT INTO roles (app_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING";

const PERMIT: &str = "INSERT INTO role_permissions (app_id, role, permission) \
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

impl Handle<CreateRole> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateRole,
    ) -> Result<CreateRoleResponse, EngineError> {
        let role = names::name("role", &operation.role)?;
        let permissions = names::permissions(&operation.permissions.unwrap_or_default())?;
        let audit = self.audit();
        let body = in_tx!(scope, role, permissions, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let created = tx.execute(CREATE, params![scope.app, role]).await?;
            let mut permitted = 0;
            for permission in permissions {
                permitted += tx.execute(PERMIT, params![scope.app, role, permission]).await?;
            }
            if created + permitted > 0 {
                let event = Event::succeeded(AuditKind::RoleChanged).fact("role", &role);
                let event = event.fact("created", &(created > 0));
                let event = event.fact("permissions_added", &permitted);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(CreateRoleResponse::Ok { created_new_role: created > 0 })
        });
        self.store().write(body).await
    }
}
