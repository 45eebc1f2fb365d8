//! `GET /users`

use auth_protocol::{
    TenantScope, UserId,
    user::{ListUsers, ListUsersResponse, TimeJoinedOrder},
};

use super::{count, load::load, page::PageStart, recipes::Wanted, search};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
};

const DEFAULT_LIMIT: u32 = 100;
const LARGEST_LIMIT: u32 = 500;

// Written twice, because each order has its own index to walk. Of users with other recipes or in
// other tenants no row is read.
const OLDEST_FIRST: &str = "SELECT user_id, time_joined FROM tenant_users \
    WHERE app_id = $1 AND tenant_id = $2 AND recipes = $3 AND time_joined >= $4 \
        AND (time_joined > $4 OR user_id <= $5) \
    ORDER BY time_joined ASC, user_id DESC LIMIT $6";

const NEWEST_FIRST: &str = "SELECT user_id, time_joined FROM tenant_users \
    WHERE app_id = $1 AND tenant_id = $2 AND recipes = $3 AND time_joined <= $4 \
        AND (time_joined < $4 OR user_id <= $5) \
    ORDER BY time_joined DESC, user_id DESC LIMIT $6";

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
                search::find(tx, &scope, &operation, &tags).await
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
    // One more than asked for tells whether there is a next page.
    let rows = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let TenantScope { app, tenant } = scope;
    let wanted = Wanted::new(operation.include_recipe_ids.as_deref());
    let mut found = Vec::with_capacity(limit + 1);
    for set in count::sets(tx, app, Some(tenant)).await? {
        if !wanted.meets(set.recipes) {
            continue;
        }
        let parameters = params![app, tenant, set.recipes, start.time_joined, start.user_id, rows];
        for row in tx.query(sql, parameters).await? {
            found.push(PageStart {
                time_joined: row.get("time_joined")?,
                user_id: row.get("user_id")?,
            });
        }
    }
    found.sort_by(|a, b| a.compare(b, operation.time_joined_order));
    let next = found.drain(limit.min(found.len())..).next();
    Ok((found.into_iter().map(|user| user.user_id).collect(), next))
}
