//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    RecipeUserId, TenantId, User, UserId,
    accountlinking::{
        CanCreatePrimaryUser, CanCreatePrimaryUserResponse, CanLinkAccounts,
        CanLinkAccountsResponse, CreatePrimaryUser, CreatePrimaryUserResponse, LinkAccounts,
        LinkAccountsResponse, UnlinkAccount, UnlinkAccountResponse,
    },
    user::{
        DeleteUser, DeleteUserResponse, GetUserById, GetUserByIdResponse, ListUsers,
        ListUsersByAccountInfo, ListUsersByAccountInfoResponse, ListUsersResponse,
    },
};

use super::AccountLinkingInstance;
use crate::{Context, Result, UserPage, overrides::overridable};

overridable! {
    /// The recipe's functions, and those about users of every recipe.
    ///
    /// What can come of a change is told by the response of the core's operation.
    pub trait AccountLinkingFunctions;
    /// Replaces functions of [`AccountLinkingFunctions`].
    pub trait AccountLinkingOverride;
    struct AccountLinkingLayer;

    /// Lists the users of a tenant, page by page.
    async fn get_users(tenant_id: TenantId, page: ListUsers) -> Result<UserPage>;

    /// Asks whether a login method could become a primary user.
    async fn can_create_primary_user(
        recipe_user_id: RecipeUserId,
    ) -> Result<CanCreatePrimaryUserResponse>;

    /// Makes a login method a primary user, to which others may be linked.
    async fn create_primary_user(recipe_user_id: RecipeUserId) -> Result<CreatePrimaryUserResponse>;

    /// Asks whether a login method could be linked to a primary user.
    async fn can_link_accounts(
        recipe_user_id: RecipeUserId,
        primary_user_id: UserId,
    ) -> Result<CanLinkAccountsResponse>;

    /// Links a login method to a primary user.
    async fn link_accounts(
        recipe_user_id: RecipeUserId,
        primary_user_id: UserId,
    ) -> Result<LinkAccountsResponse>;

    /// Takes a login method out of its user.
    async fn unlink_account(recipe_user_id: RecipeUserId) -> Result<UnlinkAccountResponse>;

    /// Finds a user by its id or the id of one of its login methods.
    async fn get_user(user_id: UserId) -> Result<Option<User>>;

    /// Lists the users of a tenant that have the account information, oldest first.
    async fn list_users_by_account_info(
        tenant_id: TenantId,
        info: ListUsersByAccountInfo,
    ) -> Result<Vec<User>>;

    /// Deletes a user: every login method, or only the one with this id.
    async fn delete_user(user_id: UserId, remove_all_linked_accounts: bool) -> Result<()>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn AccountLinkingOverride>>,
) -> Arc<dyn AccountLinkingFunctions> {
    AccountLinkingLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl AccountLinkingFunctions for Base {
    async fn get_users(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        page: ListUsers,
    ) -> Result<UserPage> {
        let ListUsersResponse::Ok { users, next_pagination_token } =
            cx.core().call(&tenant_id, page).await?;
        Ok(UserPage { users, next_pagination_token })
    }

    async fn can_create_primary_user(
        &self,
        cx: &Context,
        recipe_user_id: RecipeUserId,
    ) -> Result<CanCreatePrimaryUserResponse> {
        let request = CanCreatePrimaryUser { recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn create_primary_user(
        &self,
        cx: &Context,
        recipe_user_id: RecipeUserId,
    ) -> Result<CreatePrimaryUserResponse> {
        let request = CreatePrimaryUser { recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn can_link_accounts(
        &self,
        cx: &Context,
        recipe_user_id: RecipeUserId,
        primary_user_id: UserId,
    ) -> Result<CanLinkAccountsResponse> {
        let request = CanLinkAccounts { recipe_user_id, primary_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn link_accounts(
        &self,
        cx: &Context,
        recipe_user_id: RecipeUserId,
        primary_user_id: UserId,
    ) -> Result<LinkAccountsResponse> {
        let request = LinkAccounts { recipe_user_id: recipe_user_id.clone(), primary_user_id };
        let response = cx.core().call(&TenantId::default(), request).await?;
        if let LinkAccountsResponse::Ok { accounts_already_linked: false, user } = &response {
            AccountLinkingInstance::of(cx)?.linked(cx, user, &recipe_user_id).await?;
        }
        Ok(response)
    }

    async fn unlink_account(
        &self,
        cx: &Context,
        recipe_user_id: RecipeUserId,
    ) -> Result<UnlinkAccountResponse> {
        let request = UnlinkAccount { recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn get_user(&self, cx: &Context, user_id: UserId) -> Result<Option<User>> {
        let request = GetUserById { user_id };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            GetUserByIdResponse::Ok { user } => Some(user),
            GetUserByIdResponse::UnknownUserIdError => None,
        })
    }

    async fn list_users_by_account_info(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        info: ListUsersByAccountInfo,
    ) -> Result<Vec<User>> {
        let ListUsersByAccountInfoResponse::Ok { users } = cx.core().call(&tenant_id, info).await?;
        Ok(users)
    }

    async fn delete_user(
        &self,
        cx: &Context,
        user_id: UserId,
        remove_all_linked_accounts: bool,
    ) -> Result<()> {
        let request = DeleteUser { user_id, remove_all_linked_accounts };
        let DeleteUserResponse::Ok = cx.core().call(&TenantId::default(), request).await?;
        Ok(())
    }
}
