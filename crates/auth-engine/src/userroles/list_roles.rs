//! `GET /recipe/roles`

use auth_protocol::{
    TenantScope,
    userroles::{GetAllRoles, GetAllRolesResponse},
};

use super::texts;
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "SELECT role FROM roles WHERE app_id = $1 ORDER BY role";

impl Handle<GetAllRoles> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: GetAllRoles,
    ) -> Result<GetAllRolesResponse, EngineError> {
        let app = scope.app.clone();
        let body = in_tx!(app, |tx| {
            require_app(tx, &app).await?;
            texts(&tx.query(SQL, params![app]).await?, "role")
        });
        Ok(GetAllRolesResponse::Ok { roles: self.store().read(body).await? })
    }
}
