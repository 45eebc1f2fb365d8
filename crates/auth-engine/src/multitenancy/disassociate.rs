//! `POST /recipe/multitenancy/tenant/user/remove`

use auth_protocol::{
    TenantScope, UserId,
    audit::AuditKind,
    multitenancy::{DisassociateUserFromTenant, DisassociateUserFromTenantResponse as Response},
};

use super::member::{Member, recipe_user_id};
use crate::{
    Engine, EngineError, Handle,
    audit::{Audit, Event},
    parts::{Goes, tables_of_users},
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
    user::{counts, reservation},
    user_id_mapping::ids_of_data,
};

const REMAINS: &str = "SELECT 1 FROM recipe_user_tenants t \
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 AND t.tenant_id = $3 LIMIT 1";

impl Handle<DisassociateUserFromTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: DisassociateUserFromTenant,
    ) -> Result<Response, EngineError> {
        let id = recipe_user_id(&operation.recipe_user_id)?;
        let audit = self.audit();
        let body = in_tx!(scope, id, audit, |tx| {
            require_tenant(tx, &scope).await?;
            disassociate(tx, &scope, &id, &audit).await
        });
        self.store().write(body).await
    }
}

async fn disassociate(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    id: &UserId,
    audit: &Audit,
) -> Result<Response, EngineError> {
    let app = &scope.app;
    let Some(member) = Member::lock(tx, app, id).await? else {
        return Ok(Response::UnknownUserIdError);
    };
    let own: UserId = member.id.clone().into();
    let mut deleted = delete(tx, scope, &own, Goes::LoginMethod).await?;
    if let Some(primary) = &member.primary {
        reservation::release_unused(tx, app, primary).await?;
    }
    let remains = tx.query_opt(REMAINS, params![app, member.user(), scope.tenant]).await?;
    if remains.is_none() {
        // What is kept about the user there, by whatever id.
        deleted += forget(tx, scope, &own).await?;
        if *member.user() != own {
            deleted += forget(tx, scope, member.user()).await?;
        }
    }
    if deleted > 0 {
        counts::settle(tx, app, &[member.user()]).await?;
        let event = Event::succeeded(AuditKind::UserDisassociated).user(member.user());
        audit.append(tx, scope, event.detail("recipe_user", &own)).await?;
    }
    Ok(Response::Ok { was_associated: deleted > 0 })
}

/// Deletes what is kept about a user in a tenant outside of its login methods.
async fn forget(tx: &mut Tx<'_>, scope: &TenantScope, id: &UserId) -> Result<u64, EngineError> {
    let mut deleted = delete(tx, scope, id, Goes::OwnId).await?;
    for chosen in ids_of_data(tx, &scope.app, id).await? {
        deleted += delete(tx, scope, &chosen, Goes::ChosenId).await?;
    }
    Ok(deleted)
}

async fn delete(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    id: &UserId,
    goes: Goes,
) -> Result<u64, EngineError> {
    let mut deleted = 0;
    for rows in tables_of_users().filter(|rows| rows.goes == goes && rows.in_tenants) {
        deleted += tx.execute(rows.delete_in_tenant, params![scope.app, id, scope.tenant]).await?;
    }
    Ok(deleted)
}
