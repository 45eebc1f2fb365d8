//! `GET /users/count`

use auth_protocol::{
    AppId, CdiVersion, TenantId, TenantScope,
    user::{CountUsers, CountUsersResponse},
};

use super::recipes::Wanted;
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::{require_app, require_tenant},
};

/// The empty scope is the app.
const SQL: &str = "SELECT recipes, CAST(SUM(number) AS BIGINT) AS number FROM user_counts \
    WHERE app_id = $1 AND scope = COALESCE($2, '') GROUP BY recipes";

impl Handle<CountUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CountUsers,
    ) -> Result<CountUsersResponse, EngineError> {
        let is_dated = operation.allow_approximate && operation.cdi_version >= CdiVersion::V5_6;
        let body = in_tx!(scope, operation, |tx| {
            let tenant = if operation.include_all_tenants {
                require_app(tx, &scope.app).await?;
                None
            } else {
                require_tenant(tx, &scope).await?;
                Some(&scope.tenant)
            };
            let wanted = Wanted::new(operation.include_recipe_ids.as_deref());
            let sets = sets(tx, &scope.app, tenant).await?;
            let wanted = sets.iter().filter(|set| wanted.meets(set.recipes));
            Ok(wanted.map(|set| set.users).sum::<i64>())
        });
        let count = self.store().read(body).await?;
        // An old count is allowed, not demanded: this one is exact.
        Ok(CountUsersResponse::Ok {
            count: u64::try_from(count).unwrap_or(0),
            approximate: is_dated.then_some(false),
            as_of: is_dated.then(|| self.clock().now_ms()),
        })
    }
}

/// A set of recipes that users have.
pub(super) struct RecipeSet {
    /// As bits.
    pub(super) recipes: i64,
    /// How many users have these recipes and no others.
    pub(super) users: i64,
}

/// The sets of recipes that the users of a tenant have, or those of an app.
pub(super) async fn sets(
    tx: &mut Tx<'_>,
    app: &AppId,
    tenant: Option<&TenantId>,
) -> Result<Vec<RecipeSet>, EngineError> {
    let rows = tx.query(SQL, params![app, tenant]).await?;
    let set = |row: &crate::storage::Row| {
        Ok(RecipeSet { recipes: row.get("recipes")?, users: row.get("number")? })
    };
    rows.iter().map(set).collect()
}
