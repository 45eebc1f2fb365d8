//! `GET /users`

use auth_protocol::{
    TenantScope, UserId,
    user::{ListUsers, ListUsersResponse, TimeJoinedOrder},
};

use super::{count::recipe_filter, load::load, page::PageStart, search};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 500;

// Written twice, because each order has its own index to walk.
const OLDEST_FIRST: &str = "SELECT DISTINCT u.primary_or_recipe_user_time_joined, \
    u.primary_or_recipe_user_id FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.recipe_id IN ($3, $4, $5, $6) \
        AND u.primary_or_recipe_user_time_joined >= $7 \
        AND (u.primary_or_recipe_user_time_joined > $7 OR u.primary_or_recipe_user_id <= $8) \
        AND EXISTS (SELECT 1 FROM recipe_user_tenants t WHERE t.app_id = u.app_id \
            AND t.recipe_user_id = u.user_id AND t.tenant_id = $2) \
    ORDER BY u.primary_or_recipe_user_time_joined ASC, u.primary_or_recipe_user_id DESC LIMIT $9";

const NEWEST_FIRST: &str = "SELECT DISTINCT u.primary_or_recipe_user_time_joined, \
    u.primary_or_recipe_user_id FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.recipe_id IN ($3, $4, $5, $6) \
        AND u.primary_or_recipe_user_time_joined <= $7 \
        AND (u.primary_or_recipe_user_time_joined < $7 OR u.primary_or_recipe_user_id <= $8) \
        AND EXISTS (SELECT 1 FROM recipe_user_tenants t WHERE t.app_id = u.app_id \
            AND t.recipe_user_id = u.user_id AND t.tenant_id = $2) \
    ORDER BY u.primary_or_recipe_user_time_joined DESC, u.primary_or_recipe_user_id DESC LIMIT $9";

impl Handle<ListUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListUsers,
    ) -> Result<ListUsersResponse, EngineError> {
        let tags = search::Tags::of(&operation);
        // A search gives no page, so that its size has no upper bound and nothing follows it.
        let limit = checked_limit(operation.limit, tags.is_some())?;
        let start = operation.pagination_token.as_deref().map(PageStart::parse).transpose()?;
        if let Some(tags) = tags {
            let body = in_tx!(scope, operation, tags, |tx| {
                require_tenant(tx, &scope).await?;
                let ids = search::find(tx, &scope, &operation, &tags).await?;
                load(tx, &scope.app, &ids).await
            });
            let users = self.store().read(body).await?;
            return Ok(ListUsersResponse::Ok { users, next_pagination_token: None });
        }
        let body = in_tx!(scope, operation, start, |tx| {
            require_tenant(tx, &scope).await?;
            let (ids, next) = page(tx, &scope, &operation, limit, start).await?;
            Ok((load(tx, &scope.app, &ids).await?, next))
        });
        let (users, next) = self.store().read(body).await?;
        let next_pagination_token = next.map(|start| start.to_token());
        Ok(ListUsersResponse::Ok { users, next_pagination_token })
    }
}

fn checked_limit(limit: Option<u32>, is_search: bool) -> Result<usize, EngineError> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    let refuse = |text: &str| Err(EngineError::BadRequest(text.to_owned()));
    match limit {
        0 => refuse("limit must a positive integer with min value 1"),
        _ if limit > LARGEST_LIMIT && !is_search => refuse("max limit allowed is 500"),
        _ => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

/// The ids of a page, and where the next one starts.
async fn page(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    operation: &ListUsers,
    limit: usize,
    start: Option<PageStart>,
) -> Result<(Vec<UserId>, Option<PageStart>), EngineError> {
    let (sql, first_time) = match operation.time_joined_order {
        TimeJoinedOrder::Asc => (OLDEST_FIRST, i64::MIN),
        TimeJoinedOrder::Desc => (NEWEST_FIRST, i64::MAX),
    };
    let start = start.unwrap_or(PageStart { user_id: "".into(), time_joined: first_time });
    let [a, b, c, d] = recipe_filter(operation.include_recipe_ids.as_deref());
    // One more than asked for tells whether there is a next page.
    let rows = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let TenantScope { app, tenant } = scope;
    let parameters = params![app, tenant, a, b, c, d, start.time_joined, start.user_id, rows];
    let mut found = Vec::with_capacity(limit + 1);
    for row in tx.query(sql, parameters).await? {
        found.push(PageStart {
            time_joined: row.get("primary_or_recipe_user_time_joined")?,
            user_id: row.get("primary_or_recipe_user_id")?,
        });
    }
    let next = found.drain(limit.min(found.len())..).next();
    Ok((found.into_iter().map(|user| user.user_id).collect(), next))
}
