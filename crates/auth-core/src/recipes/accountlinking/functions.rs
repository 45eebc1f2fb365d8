//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    TenantId, User,
    accountlinking::{
        CanCreatePrimaryUser, CanCreatePrimaryUserResponse, CanLinkAccounts,
        CanLinkAccountsResponse, CreatePrimaryUser, CreatePrimaryUserResponse, LinkAccounts,
        LinkAccountsResponse, UnlinkAccount, UnlinkAccountResponse,
    },
    user::{
        DeleteUser, DeleteUserResponse, GetUserById, GetUserByIdResponse,
        ListUsersByAccountInfoResponse, ListUsersResponse,
    },
};

use super::{
    AccountLinkingInstance, CanCreatePrimaryUserInput, CanLinkAccountsInput,
    CreatePrimaryUserInput, DeleteUserInput, GetUserInput, GetUsersInput, LinkAccountsInput,
    ListUsersByAccountInfoInput, UnlinkAccountInput, UserPage,
};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's functions, and those about users of every recipe.
    ///
    /// What can come of a change is told by the response of the core's operation.
    pub struct AccountLinkingFunctions;
    /// Replaces functions of [`AccountLinkingFunctions`].
    pub trait AccountLinkingOverride;
    trait AccountLinkingBase;
    handle AccountLinking by accountlinking of AccountLinkingInstance;

    /// Lists the users of a tenant, page by page.
    async fn get_users(input: GetUsersInput) -> Result<UserPage>;

    /// Asks whether a login method could become a primary user.
    async fn can_create_primary_user(
        input: CanCreatePrimaryUserInput,
    ) -> Result<CanCreatePrimaryUserResponse>;

    /// Makes a login method a primary user, to which others may be linked.
    async fn create_primary_user(
        input: CreatePrimaryUserInput,
    ) -> Result<CreatePrimaryUserResponse>;

    /// Asks whether a login method could be linked to a primary user.
    async fn can_link_accounts(input: CanLinkAccountsInput) -> Result<CanLinkAccountsResponse>;

    /// Links a login method to a primary user, whatever the application's rule is. The method's
    /// sessions end, as they name another user.
    async fn link_accounts(input: LinkAccountsInput) -> Result<LinkAccountsResponse>;

    /// Takes a login method out of its user. The method whose id is the user's own is deleted.
    async fn unlink_account(input: UnlinkAccountInput) -> Result<UnlinkAccountResponse>;

    /// Finds a user by its id or the id of one of its login methods.
    async fn get_user(input: GetUserInput) -> Result<Option<User>>;

    /// Lists the users of a tenant that have the account information, oldest first.
    async fn list_users_by_account_info(input: ListUsersByAccountInfoInput) -> Result<Vec<User>>;

    /// Deletes a user: every login method, or only the one with this id. Unknown ids are no error.
    async fn delete_user(input: DeleteUserInput) -> Result<()>;
}

pub(super) fn with_overrides(
    overrides: Overrides<AccountLinkingFunctions>,
) -> AccountLinkingFunctions {
    overrides.around(AccountLinkingFunctions::new(Base))
}

struct Base;

#[async_trait]
impl AccountLinkingBase for Base {
    async fn get_users(&self, cx: &Context, input: GetUsersInput) -> Result<UserPage> {
        let GetUsersInput { page, tenant_id } = input;
        let ListUsersResponse::Ok { users, next_pagination_token } =
            cx.core().call(&tenant_id, page).await?;
        Ok(UserPage { users, next_pagination_token })
    }

    async fn can_create_primary_user(
        &self,
        cx: &Context,
        input: CanCreatePrimaryUserInput,
    ) -> Result<CanCreatePrimaryUserResponse> {
        let request = CanCreatePrimaryUser { recipe_user_id: input.recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn create_primary_user(
        &self,
        cx: &Context,
        input: CreatePrimaryUserInput,
    ) -> Result<CreatePrimaryUserResponse> {
        let request = CreatePrimaryUser { recipe_user_id: input.recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn can_link_accounts(
        &self,
        cx: &Context,
        input: CanLinkAccountsInput,
    ) -> Result<CanLinkAccountsResponse> {
        let CanLinkAccountsInput { recipe_user_id, primary_user_id } = input;
        let request = CanLinkAccounts { recipe_user_id, primary_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn link_accounts(
        &self,
        cx: &Context,
        input: LinkAccountsInput,
    ) -> Result<LinkAccountsResponse> {
        let LinkAccountsInput { recipe_user_id, primary_user_id } = input;
        let request = LinkAccounts { recipe_user_id: recipe_user_id.clone(), primary_user_id };
        let response = cx.core().call(&TenantId::default(), request).await?;
        Ok(match response {
            LinkAccountsResponse::Ok { accounts_already_linked: false, user } => {
                let instance = AccountLinkingInstance::of(cx)?;
                let user = instance.linked(cx, user, &recipe_user_id).await?;
                LinkAccountsResponse::Ok { accounts_already_linked: false, user }
            }
            other => other,
        })
    }

    async fn unlink_account(
        &self,
        cx: &Context,
        input: UnlinkAccountInput,
    ) -> Result<UnlinkAccountResponse> {
        let request = UnlinkAccount { recipe_user_id: input.recipe_user_id };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn get_user(&self, cx: &Context, input: GetUserInput) -> Result<Option<User>> {
        let request = GetUserById { user_id: input.user_id };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            GetUserByIdResponse::Ok { user } => Some(user),
            GetUserByIdResponse::UnknownUserIdError => None,
        })
    }

    async fn list_users_by_account_info(
        &self,
        cx: &Context,
        input: ListUsersByAccountInfoInput,
    ) -> Result<Vec<User>> {
        let ListUsersByAccountInfoInput { account_info, tenant_id } = input;
        let ListUsersByAccountInfoResponse::Ok { users } =
            cx.core().call(&tenant_id, account_info).await?;
        Ok(users)
    }

    async fn delete_user(&self, cx: &Context, input: DeleteUserInput) -> Result<()> {
        let DeleteUserInput { user_id, remove_all_linked_accounts } = input;
        let request = DeleteUser { user_id, remove_all_linked_accounts };
        let DeleteUserResponse::Ok = cx.core().call(&TenantId::default(), request).await?;
        Ok(())
    }
}
