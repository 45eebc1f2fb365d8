//! `PUT /recipe/role`

use auth_protocol::{
    TenantScope,
    userroles::{CreateRole, CreateRoleResponse},
};

use super::names;
use crate::{
    Engine, EngineError, Handle,
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
        let body = in_tx!(scope, role, permissions, |tx| {
            require_app(tx, &scope.app).await?;
            let created = tx.execute(CREATE, params![scope.app, role]).await?;
            for permission in permissions {
                tx.execute(PERMIT, params![scope.app, role, permission]).await?;
            }
            Ok(CreateRoleResponse::Ok { created_new_role: created > 0 })
        });
        self.store().write(body).await
    }
}
