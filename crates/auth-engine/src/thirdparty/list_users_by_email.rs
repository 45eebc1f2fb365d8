//! `GET /recipe/users/by-email`

use auth_protocol::{
    TenantScope, UserId,
    thirdparty::{ListThirdPartyUsersByEmail, ListThirdPartyUsersByEmailResponse},
};

use crate::{
    Engine, EngineError, Handle,
    normalise::email,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user,
};

const SQL: &str = "SELECT DISTINCT u.primary_or_recipe_user_id FROM recipe_user_tenants t \
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2 AND t.recipe_id = 'thirdparty' \
        AND t.account_info_type = 'email' AND t.account_info_value = $3";

impl Handle<ListThirdPartyUsersByEmail> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListThirdPartyUsersByEmail,
    ) -> Result<ListThirdPartyUsersByEmailResponse, EngineError> {
        let address = email(&operation.email);
        let body = in_tx!(scope, address, |tx| {
            require_tenant(tx, &scope).await?;
            let rows = tx.query(SQL, params![scope.app, scope.tenant, address]).await?;
            let ids: Vec<UserId> = rows
                .iter()
                .map(|row| row.get("primary_or_recipe_user_id"))
                .collect::<Result<_, _>>()?;
            user::load(tx, &scope.app, &ids).await
        });
        let mut users = self.store().read(body).await?;
        users.sort_by(|a, b| (a.time_joined, &a.id).cmp(&(b.time_joined, &b.id)));
        Ok(ListThirdPartyUsersByEmailResponse::Ok { users })
    }
}
