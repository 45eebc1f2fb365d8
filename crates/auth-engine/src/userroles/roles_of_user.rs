//! `GET /recipe/user/roles`

use auth_protocol::{
    TenantScope,
    userroles::{GetRolesForUser, GetRolesForUserResponse},
};

use super::{names, texts};
use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "SELECT role FROM user_roles \
    WHERE app_id = $1 AND tenant_id = $2 AND user_id = $3 ORDER BY role";

impl Handle<GetRolesForUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetRolesForUser,
    ) -> Result<GetRolesForUserResponse, EngineError> {
        let user = names::user_id(&operation.user_id)?;
        let body = in_tx!(scope, user, |tx| {
            require_tenant(tx, &scope).await?;
            texts(&tx.query(SQL, params![scope.app, scope.tenant, user]).await?, "role")
        });
        Ok(GetRolesForUserResponse::Ok { roles: self.store().read(body).await? })
    }
}
