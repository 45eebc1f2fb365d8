//! `GET /users/by-accountinfo`

use auth_protocol::{
    TenantScope, UserId, normalise_phone_number,
    user::{ListUsersByAccountInfo, ListUsersByAccountInfoResponse},
};

use super::{IdentityKind, load::load};
use crate::{
    Engine, EngineError, Handle,
    normalise::email,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

const SQL: &str = "SELECT DISTINCT u.primary_or_recipe_user_id \
    FROM recipe_user_tenants t \
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2 \
        AND t.account_info_type = $3 AND t.account_info_value = $4";

/// Whoever has the passkey, in the tenants of its login method.
const BY_PASSKEY: &str = "SELECT DISTINCT u.primary_or_recipe_user_id \
    FROM webauthn_credentials c \
    JOIN app_id_to_user_id u ON u.app_id = c.app_id AND u.user_id = c.user_id \
    JOIN recipe_user_tenants t ON t.app_id = c.app_id AND t.recipe_user_id = c.user_id \
    WHERE c.app_id = $1 AND t.tenant_id = $2 AND c.id = $3";

impl Handle<ListUsersByAccountInfo> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListUsersByAccountInfo,
    ) -> Result<ListUsersByAccountInfoResponse, EngineError> {
        let any = operation.do_union_of_account_info;
        let identities = identities(operation)?;
        let body = in_tx!(scope, identities, |tx| {
            require_tenant(tx, &scope).await?;
            let mut ids = matching(tx, &scope, &identities, any).await?;
            if ids.is_empty() {
                // Nobody is read like somebody: the time must not tell whether there is an account.
                ids.push(UserId::from(""));
            }
            load(tx, &scope.app, &ids).await
        });
        let mut users = self.store().read(body).await?;
        users.sort_by(|a, b| (a.time_joined, &a.id).cmp(&(b.time_joined, &b.id)));
        Ok(ListUsersByAccountInfoResponse::Ok { users })
    }
}

/// What is asked for: an identity as the reservation rows hold it, or, where it has no kind, a
/// passkey's id.
type Sought = (Option<IdentityKind>, String);

fn identities(operation: ListUsersByAccountInfo) -> Result<Vec<Sought>, EngineError> {
    let credential = operation.webauthn_credential_id.map(|id| (None, id));
    let third_party = match (operation.third_party_id, operation.third_party_user_id) {
        (Some(id), Some(user_id)) => {
            Some((Some(IdentityKind::ThirdParty), format!("{id}::{user_id}")))
        }
        (None, None) => None,
        _ => {
            return Err(EngineError::BadRequest(
                "If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice \
                 versa"
                    .to_owned(),
            ));
        }
    };
    let email = operation.email.map(|address| (Some(IdentityKind::Email), email(&address)));
    let phone = operation
        .phone_number
        .map(|number| (Some(IdentityKind::Phone), normalise_phone_number(&number)));
    Ok([email, phone, third_party, credential].into_iter().flatten().collect())
}

/// The users that have any, or all, of the identities.
async fn matching(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    identities: &[Sought],
    any: bool,
) -> Result<Vec<UserId>, EngineError> {
    let mut result: Option<Vec<UserId>> = None;
    for (kind, value) in identities {
        let rows = match kind {
            Some(kind) => tx.query(SQL, params![scope.app, scope.tenant, kind, value]).await?,
            None => tx.query(BY_PASSKEY, params![scope.app, scope.tenant, value]).await?,
        };
        let ids = rows.iter().map(|row| row.get("primary_or_recipe_user_id"));
        let found: Vec<UserId> = ids.collect::<Result<_, _>>()?;
        result = Some(match result {
            None => found,
            Some(mut known) if any => {
                known.extend(found);
                known.sort();
                known.dedup();
                known
            }
            Some(mut known) => {
                known.retain(|id| found.contains(id));
                known
            }
        });
    }
    Ok(result.unwrap_or_default())
}
