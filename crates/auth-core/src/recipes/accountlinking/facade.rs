//! The functions that an application calls.

use auth_protocol::{
    RecipeUserId, TenantId, User, UserId,
    accountlinking::{
        CanCreatePrimaryUserResponse, CanLinkAccountsResponse, CreatePrimaryUserResponse,
        LinkAccountsResponse, UnlinkAccountResponse,
    },
    user::{ListUsers, ListUsersByAccountInfo},
};

use super::{
    AccountLinkingFunctions, AccountLinkingInstance, EmailChange, ID, NewAccountInfo,
    allowed::{self, Asker},
    email_change, try_linking,
};
use crate::{
    Auth, Context, Error, Result, UserPage, recipes::session::Session,
    user_id_mapping::id_among_login_methods,
};

/// The functions of this recipe, in a context; got by [`Context::accountlinking`] or
/// [`Auth::accountlinking`].
#[derive(Clone, Debug)]
pub struct AccountLinking {
    cx: Context,
}

impl Context {
    /// The account linking functions in this context.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn accountlinking(&self) -> Result<AccountLinking> {
        self.auth().recipe::<AccountLinkingInstance>(ID)?;
        Ok(AccountLinking { cx: self.clone() })
    }
}

impl Auth {
    /// The account linking functions outside of a request.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn accountlinking(&self) -> Result<AccountLinking> {
        self.context().accountlinking()
    }
}

impl AccountLinking {
    fn functions(&self) -> Result<&dyn AccountLinkingFunctions> {
        Ok(AccountLinkingInstance::of(&self.cx)?.functions())
    }

    async fn user_of(&self, recipe_user_id: &RecipeUserId) -> Result<User> {
        self.get_user(&UserId::from(recipe_user_id.clone()))
            .await?
            .ok_or_else(|| Error::other("there is no user with this recipe user id"))
    }

    /// The user of a login method, and the method's id as the user has it.
    async fn method_of(&self, recipe_user_id: &RecipeUserId) -> Result<(User, RecipeUserId)> {
        let user = self.user_of(recipe_user_id).await?;
        let id = id_among_login_methods(&self.cx, &user, recipe_user_id).await?;
        Ok((user, id))
    }

    /// Links a login method to the user that it belongs with, or makes it a primary user, as far
    /// as the application permits; gives the user that it then is part of.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn create_primary_user_id_or_link_accounts(
        &self,
        tenant_id: &TenantId,
        recipe_user_id: &RecipeUserId,
        session: Option<&Session>,
    ) -> Result<User> {
        let user = self.user_of(recipe_user_id).await?;
        try_linking::try_linking(&self.cx, tenant_id, user, session).await
    }

    /// The primary user that has an identity of this login method, or whose method it is.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn get_primary_user_that_can_be_linked_to_recipe_user_id(
        &self,
        tenant_id: &TenantId,
        recipe_user_id: &RecipeUserId,
    ) -> Result<Option<User>> {
        let user = self.user_of(recipe_user_id).await?;
        try_linking::primary_user_for(&self.cx, tenant_id, &user).await
    }

    /// Asks whether a login method could become a primary user.
    pub async fn can_create_primary_user(
        &self,
        recipe_user_id: &RecipeUserId,
    ) -> Result<CanCreatePrimaryUserResponse> {
        self.functions()?.can_create_primary_user(&self.cx, recipe_user_id.clone()).await
    }

    /// Makes a login method a primary user, to which others may be linked.
    pub async fn create_primary_user(
        &self,
        recipe_user_id: &RecipeUserId,
    ) -> Result<CreatePrimaryUserResponse> {
        self.functions()?.create_primary_user(&self.cx, recipe_user_id.clone()).await
    }

    /// Asks whether a login method could be linked to a primary user.
    pub async fn can_link_accounts(
        &self,
        recipe_user_id: &RecipeUserId,
        primary_user_id: &UserId,
    ) -> Result<CanLinkAccountsResponse> {
        self.functions()?
            .can_link_accounts(&self.cx, recipe_user_id.clone(), primary_user_id.clone())
            .await
    }

    /// Links a login method to a primary user, whatever the application's rule is. The method's
    /// sessions end, as they name another user.
    pub async fn link_accounts(
        &self,
        recipe_user_id: &RecipeUserId,
        primary_user_id: &UserId,
    ) -> Result<LinkAccountsResponse> {
        self.functions()?
            .link_accounts(&self.cx, recipe_user_id.clone(), primary_user_id.clone())
            .await
    }

    /// Takes a login method out of its user. The method whose id is the user's own is deleted.
    pub async fn unlink_account(
        &self,
        recipe_user_id: &RecipeUserId,
    ) -> Result<UnlinkAccountResponse> {
        self.functions()?.unlink_account(&self.cx, recipe_user_id.clone()).await
    }

    /// Whether somebody may sign up: not where the account would take over, or be taken over by,
    /// one with the same address or number.
    ///
    /// # Errors
    /// [`Error::Other`] where the account has both an address and a number.
    pub async fn is_sign_up_allowed(
        &self,
        tenant_id: &TenantId,
        new_user: &NewAccountInfo,
        is_verified: bool,
        session: Option<&Session>,
    ) -> Result<bool> {
        let users = self.list_users_by_account_info(tenant_id, new_user.search()).await?;
        let asker = Asker { account: new_user, users: &users, tenant_id, session };
        allowed::is_sign_up_allowed(&self.cx, asker, is_verified).await
    }

    /// Whether the owner of a login method may sign in.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn is_sign_in_allowed(
        &self,
        tenant_id: &TenantId,
        recipe_user_id: &RecipeUserId,
        session: Option<&Session>,
    ) -> Result<bool> {
        let (user, id) = self.method_of(recipe_user_id).await?;
        let Some(method) = user.login_method(&id) else { return Ok(false) };
        let account = NewAccountInfo::of(method);
        let users = self.list_users_by_account_info(tenant_id, account.search()).await?;
        let asker = Asker { account: &account, users: &users, tenant_id, session };
        allowed::is_sign_in_allowed(&self.cx, asker, &user, false).await
    }

    /// Whether a login method may get another email address.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn is_email_change_allowed(
        &self,
        recipe_user_id: &RecipeUserId,
        new_email: &str,
        is_verified: bool,
        session: Option<&Session>,
    ) -> Result<EmailChange> {
        let (user, id) = self.method_of(recipe_user_id).await?;
        email_change::check(&self.cx, &user, &id, new_email, is_verified, session).await
    }
}

/// Users of every recipe.
impl AccountLinking {
    /// Lists the users of a tenant, page by page.
    pub async fn get_users(&self, tenant_id: &TenantId, page: ListUsers) -> Result<UserPage> {
        self.functions()?.get_users(&self.cx, tenant_id.clone(), page).await
    }

    /// Finds a user by its id or the id of one of its login methods.
    pub async fn get_user(&self, user_id: &UserId) -> Result<Option<User>> {
        self.functions()?.get_user(&self.cx, user_id.clone()).await
    }

    /// Lists the users of a tenant that have the account information, oldest first.
    pub async fn list_users_by_account_info(
        &self,
        tenant_id: &TenantId,
        info: ListUsersByAccountInfo,
    ) -> Result<Vec<User>> {
        self.functions()?.list_users_by_account_info(&self.cx, tenant_id.clone(), info).await
    }

    /// Deletes a user: every login method, or only the one with this id. Unknown ids are no error.
    pub async fn delete_user(
        &self,
        user_id: &UserId,
        remove_all_linked_accounts: bool,
    ) -> Result<()> {
        self.functions()?.delete_user(&self.cx, user_id.clone(), remove_all_linked_accounts).await
    }
}
