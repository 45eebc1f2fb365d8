//! Users across all recipes.

use auth_protocol::{
    RecipeId, TenantId, User,
    user::{CountUsers, CountUsersResponse, TimeJoinedOrder},
};

use super::{DeleteUserInput, GetUserInput, GetUsersInput, ListUsersByAccountInfoInput};
use crate::{
    Result,
    overrides::{in_and_outside_of_contexts, input},
};

/// A page of a user list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserPage {
    /// The users.
    pub users: Vec<User>,
    /// Where the next page starts; `None` on the last page and for searches.
    pub next_pagination_token: Option<String>,
}

input! {
    /// Which users are counted.
    #[derive(Default)]
    pub struct GetUserCountInput {
        ..
        /// Those with a login method of one of these recipes; of any by default.
        include_recipe_ids: Option<Vec<RecipeId>>,
        /// Those of this tenant; of all by default.
        tenant_id: Option<TenantId>,
    }
}

in_and_outside_of_contexts! {
    /// Finds a user by its id or the id of one of its login methods.
    pub async fn get_user(cx, input: impl Into<GetUserInput>) -> Result<Option<User>> {
        cx.accountlinking()?.get_user(input).await
    }

    /// Lists the users of a tenant, those who joined first first. The order in `page` is
    /// overwritten.
    pub async fn get_users_oldest_first(
        cx,
        input: impl Into<GetUsersInput>,
    ) -> Result<UserPage> {
        let mut input = input.into();
        input.page.time_joined_order = TimeJoinedOrder::Asc;
        cx.accountlinking()?.get_users(input).await
    }

    /// Lists the users of a tenant, those who joined last first. The order in `page` is
    /// overwritten.
    pub async fn get_users_newest_first(
        cx,
        input: impl Into<GetUsersInput>,
    ) -> Result<UserPage> {
        let mut input = input.into();
        input.page.time_joined_order = TimeJoinedOrder::Desc;
        cx.accountlinking()?.get_users(input).await
    }

    /// Counts users.
    pub async fn get_user_count(cx, input: GetUserCountInput) -> Result<u64> {
        let GetUserCountInput { include_recipe_ids, tenant_id } = input;
        let request = CountUsers {
            include_recipe_ids,
            include_all_tenants: tenant_id.is_none(),
            ..CountUsers::default()
        };
        let tenant_id = tenant_id.unwrap_or_default();
        let CountUsersResponse::Ok { count, .. } = cx.core().call(&tenant_id, request).await?;
        Ok(count)
    }

    /// Lists the users of a tenant that have the account information, oldest first.
    pub async fn list_users_by_account_info(
        cx,
        input: impl Into<ListUsersByAccountInfoInput>,
    ) -> Result<Vec<User>> {
        cx.accountlinking()?.list_users_by_account_info(input).await
    }

    /// Deletes a user with all that belongs to it. Unknown ids are no error.
    pub async fn delete_user(cx, input: impl Into<DeleteUserInput>) -> Result<()> {
        cx.accountlinking()?.delete_user(input).await
    }
}
