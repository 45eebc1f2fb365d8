//! `GET /users/count`

use auth_protocol::{
    CdiVersion, RecipeId, TenantScope,
    user::{CountUsers, CountUsersResponse},
};

use crate::{
    Engine, EngineError, Handle,
    parts::LoginMethods,
    storage::{in_tx, params},
    tenancy::{require_app, require_tenant},
};

const IN_APP: &str = "SELECT COUNT(DISTINCT primary_or_recipe_user_id) AS number FROM app_id_to_user_id \
    WHERE app_id = $1 AND recipe_id IN ($2, $3, $4, $5)";

const IN_TENANT: &str = "SELECT COUNT(DISTINCT u.primary_or_recipe_user_id) AS number \
    FROM recipe_user_tenants t \
    JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $6 AND t.recipe_id IN ($2, $3, $4, $5)";

impl Handle<CountUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CountUsers,
    ) -> Result<CountUsersResponse, EngineError> {
        let [a, b, c, d] = recipe_filter(operation.include_recipe_ids.as_deref());
        let all_tenants = operation.include_all_tenants;
        let is_dated = operation.allow_approximate && operation.cdi_version >= CdiVersion::V5_6;
        let body = in_tx!(scope, |tx| {
            let row = if all_tenants {
                require_app(tx, &scope.app).await?;
                tx.query_opt(IN_APP, params![scope.app, a, b, c, d]).await?
            } else {
                require_tenant(tx, &scope).await?;
                tx.query_opt(IN_TENANT, params![scope.app, a, b, c, d, scope.tenant]).await?
            };
            row.map_or(Ok(0), |row| row.get::<i64>("number"))
        });
        let count = self.store().read(body).await?;
        // An old count is allowed, not demanded: this one is exact.
        Ok(CountUsersResponse::Ok {
            count: count.unsigned_abs(),
            approximate: is_dated.then_some(false),
            as_of: is_dated.then(|| self.clock().now_ms()),
        })
    }
}

/// How many recipes the protocol knows that have login methods.
const RECIPES: usize = 4;

/// The parameters for `recipe_id IN (..)`: the recipes asked for, or all of them.
pub(super) fn recipe_filter(only: Option<&[RecipeId]>) -> [Option<RecipeId>; RECIPES] {
    let mut recipes = LoginMethods::all()
        .map(|login| login.recipe)
        .filter(|recipe| only.is_none_or(|only| only.is_empty() || only.contains(recipe)));
    std::array::from_fn(|_| recipes.next())
}
