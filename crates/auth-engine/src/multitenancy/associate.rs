//! `POST /recipe/multitenancy/tenant/user`

use auth_protocol::{
    RecipeUserId, TenantScope, UserId,
    audit::AuditKind,
    multitenancy::{AssociateUserToTenant, AssociateUserToTenantResponse as Response},
};

use super::member::{Member, recipe_user_id};
use crate::{
    Engine, EngineError, Handle,
    accountlinking::write,
    audit::{Audit, Event},
    storage::{Row, Tx, in_tx, params},
    tenancy::require_tenant,
    user::{IdentityKind, counts, reservation},
};

/// What another primary user has in the tenant of all that the user is known by.
const CONFLICT: &str = "SELECT p.account_info_type FROM app_id_to_user_id u \
    JOIN recipe_user_account_infos i ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
    JOIN primary_user_tenants p ON p.app_id = i.app_id AND p.tenant_id = $3 \
        AND p.account_info_type = i.account_info_type \
        AND p.account_info_value = i.account_info_value \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 AND p.primary_user_id <> $2 \
    ORDER BY p.account_info_type LIMIT 1";

const INFOS: &str = "SELECT recipe_id, account_info_type, account_info_value, third_party_id, \
    third_party_user_id FROM recipe_user_account_infos \
    WHERE app_id = $1 AND recipe_user_id = $2 ORDER BY account_info_type DESC";

const IS_THERE: &str = "SELECT 1 FROM recipe_user_tenants \
    WHERE app_id = $1 AND tenant_id = $2 AND recipe_user_id = $3 LIMIT 1";

/// Where another login method has the identity, its row decides.
const RESERVE: &str = "INSERT INTO recipe_user_tenants (app_id, tenant_id, recipe_user_id, \
    recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UNDO: &str = "DELETE FROM recipe_user_tenants \
    WHERE app_id = $1 AND tenant_id = $2 AND recipe_user_id = $3";

impl Handle<AssociateUserToTenant> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: AssociateUserToTenant,
    ) -> Result<Response, EngineError> {
        let id = recipe_user_id(&operation.recipe_user_id)?;
        let audit = self.audit();
        let body = in_tx!(scope, id, audit, |tx| {
            require_tenant(tx, &scope).await?;
            associate(tx, &scope, &id, &audit).await
        });
        write(self, body).await
    }
}

async fn associate(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    id: &UserId,
    audit: &Audit,
) -> Result<Response, EngineError> {
    let app = &scope.app;
    let Some(member) = Member::lock(tx, app, id).await? else {
        return Ok(Response::UnknownUserIdError);
    };
    let infos = tx.query(INFOS, params![app, member.id]).await?;
    if infos.is_empty() {
        // The id of a group whose first login method was deleted.
        return Ok(Response::UnknownUserIdError);
    }
    if tx.query_opt(IS_THERE, params![app, scope.tenant, member.id]).await?.is_some() {
        return Ok(Response::Ok { was_already_associated: true });
    }
    if let Some(primary) = &member.primary
        && let Some(row) = tx.query_opt(CONFLICT, params![app, primary, scope.tenant]).await?
    {
        let what = match row.get("account_info_type")? {
            IdentityKind::Email => "email",
            IdentityKind::Phone => "phone number",
            IdentityKind::ThirdParty => "third party login",
        };
        let reason = format!("This user's {what} is already associated with another user ID");
        return Ok(Response::AssociationNotAllowedError { reason });
    }
    for info in &infos {
        if let Some(refusal) = reserve(tx, scope, &member.id, info).await? {
            tx.execute(UNDO, params![app, scope.tenant, member.id]).await?;
            return Ok(refusal);
        }
    }
    if let Some(primary) = &member.primary {
        reservation::own_all(tx, app, primary).await?;
    }
    let user = member.user();
    counts::settle(tx, app, &[user]).await?;
    let event = Event::succeeded(AuditKind::UserAssociated).user(user);
    audit.append(tx, scope, event.detail("recipe_user", &member.id)).await?;
    Ok(Response::Ok { was_already_associated: false })
}

/// Reserves one identity of a login method in a tenant; says which other one has it.
async fn reserve(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    id: &RecipeUserId,
    info: &Row,
) -> Result<Option<Response>, EngineError> {
    let kind: IdentityKind = info.get("account_info_type")?;
    let (recipe, value): (String, String) =
        (info.get("recipe_id")?, info.get("account_info_value")?);
    let (third_party, account): (String, String) =
        (info.get("third_party_id")?, info.get("third_party_user_id")?);
    let TenantScope { app, tenant } = scope;
    let row = params![app, tenant, id, recipe, kind, value, third_party, account];
    if tx.execute(RESERVE, row).await? > 0 {
        return Ok(None);
    }
    Ok(Some(match kind {
        IdentityKind::Phone => Response::PhoneNumberAlreadyExistsError,
        _ if !third_party.is_empty() => Response::ThirdPartyUserAlreadyExistsError,
        _ => Response::EmailAlreadyExistsError,
    }))
}
