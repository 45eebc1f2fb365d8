//! Users across all recipes.

use auth_protocol::{
    RecipeId, TenantId, User, UserId,
    user::{CountUsers, CountUsersResponse, ListUsers, ListUsersByAccountInfo, TimeJoinedOrder},
};

use crate::{Result, overrides::in_and_outside_of_contexts};

/// A page of a user list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserPage {
    /// The users.
    pub users: Vec<User>,
    /// Where the next page starts; `None` on the last page and for searches.
    pub next_pagination_token: Option<String>,
}

in_and_outside_of_contexts! {
    /// Finds a user by its id or the id of one of its login methods.
    pub async fn get_user(cx, user_id: &UserId) -> Result<Option<User>> {
        cx.accountlinking()?.get_user(user_id).await
    }

    /// Lists the users of a tenant, those who joined first first. The order in `page` is
    /// overwritten.
    pub async fn get_users_oldest_first(
        cx,
        tenant_id: &TenantId,
        page: ListUsers,
    ) -> Result<UserPage> {
        let page = ListUsers { time_joined_order: TimeJoinedOrder::Asc, ..page };
        cx.accountlinking()?.get_users(tenant_id, page).await
    }

    /// Lists the users of a tenant, those who joined last first. The order in `page` is
    /// overwritten.
    pub async fn get_users_newest_first(
        cx,
        tenant_id: &TenantId,
        page: ListUsers,
    ) -> Result<UserPage> {
        let page = ListUsers { time_joined_order: TimeJoinedOrder::Desc, ..page };
        cx.accountlinking()?.get_users(tenant_id, page).await
    }

    /// Counts the users of a tenant, or of all tenants, with a login method of one of the
    /// recipes, or of any.
    pub async fn get_user_count(
        cx,
        include_recipe_ids: Option<Vec<RecipeId>>,
        tenant_id: Option<&TenantId>,
    ) -> Result<u64> {
        let request = CountUsers {
            include_recipe_ids,
            include_all_tenants: tenant_id.is_none(),
            ..CountUsers::default()
        };
        let tenant_id = tenant_id.cloned().unwrap_or_default();
        let CountUsersResponse::Ok { count, .. } = cx.core().call(&tenant_id, request).await?;
        Ok(count)
    }

    /// Lists the users of a tenant that have the account information, oldest first.
    pub async fn list_users_by_account_info(
        cx,
        tenant_id: &TenantId,
        info: ListUsersByAccountInfo,
    ) -> Result<Vec<User>> {
        cx.accountlinking()?.list_users_by_account_info(tenant_id, info).await
    }

    /// Deletes a user with all that belongs to it; `remove_all_linked_accounts` says whether
    /// every login method of a linked user goes, or only the one with this id. Unknown ids are no
    /// error.
    pub async fn delete_user(
        cx,
        user_id: &UserId,
        remove_all_linked_accounts: bool,
    ) -> Result<()> {
        cx.accountlinking()?.delete_user(user_id, remove_all_linked_accounts).await
    }
}
