//! What an application asks beside the functions.

use auth_protocol::{RecipeUserId, User, UserId};

use super::{
    AccountLinking, CreatePrimaryUserIdOrLinkAccountsInput, EmailChange,
    GetPrimaryUserThatCanBeLinkedToRecipeUserIdInput, IsEmailChangeAllowedInput,
    IsSignInAllowedInput, IsSignUpAllowedInput, ListUsersByAccountInfoInput, NewAccountInfo,
    allowed::{self, Asker, Verdict},
    email_change, try_linking,
};
use crate::{Error, Result, user_id_mapping::id_among_login_methods};

/// What follows from the application's rule.
impl AccountLinking {
    async fn user_of(&self, recipe_user_id: &RecipeUserId) -> Result<User> {
        self.get_user(UserId::from(recipe_user_id.clone()))
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
        input: impl Into<CreatePrimaryUserIdOrLinkAccountsInput>,
    ) -> Result<User> {
        let CreatePrimaryUserIdOrLinkAccountsInput { recipe_user_id, tenant_id, session } =
            input.into();
        let user = self.user_of(&recipe_user_id).await?;
        try_linking::try_linking(&self.cx, &tenant_id, user, session.as_ref()).await
    }

    /// The primary user that has an identity of this login method, or whose method it is.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn get_primary_user_that_can_be_linked_to_recipe_user_id(
        &self,
        input: impl Into<GetPrimaryUserThatCanBeLinkedToRecipeUserIdInput>,
    ) -> Result<Option<User>> {
        let GetPrimaryUserThatCanBeLinkedToRecipeUserIdInput { recipe_user_id, tenant_id } =
            input.into();
        let user = self.user_of(&recipe_user_id).await?;
        try_linking::primary_user_for(&self.cx, &tenant_id, &user).await
    }

    /// Whether somebody may sign up: not where the account would take over, or be taken over by,
    /// one with the same address or number.
    ///
    /// # Errors
    /// [`Error::Other`] where the account has both an address and a number.
    pub async fn is_sign_up_allowed(&self, input: impl Into<IsSignUpAllowedInput>) -> Result<bool> {
        let IsSignUpAllowedInput { new_user, is_verified, tenant_id, session } = input.into();
        let search = ListUsersByAccountInfoInput::new(new_user.search()).tenant_id(&tenant_id);
        let users = self.list_users_by_account_info(search).await?;
        let session = session.as_ref();
        let asker = Asker { account: &new_user, users: &users, tenant_id: &tenant_id, session };
        allowed::is_sign_up_allowed(&self.cx, asker, is_verified).await
    }

    /// Whether the owner of a login method may sign in.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn is_sign_in_allowed(&self, input: impl Into<IsSignInAllowedInput>) -> Result<bool> {
        let IsSignInAllowedInput { recipe_user_id, tenant_id, session } = input.into();
        let (user, id) = self.method_of(&recipe_user_id).await?;
        let Some(method) = user.login_method(&id) else { return Ok(false) };
        let account = NewAccountInfo::of(method);
        let search = ListUsersByAccountInfoInput::new(account.search()).tenant_id(&tenant_id);
        let users = self.list_users_by_account_info(search).await?;
        let session = session.as_ref();
        let asker = Asker { account: &account, users: &users, tenant_id: &tenant_id, session };
        Ok(allowed::judge_sign_in(&self.cx, asker, &user, false).await? == Verdict::Allowed)
    }

    /// Whether a login method may get another email address.
    ///
    /// # Errors
    /// [`Error::Other`] where there is no such login method.
    pub async fn is_email_change_allowed(
        &self,
        input: IsEmailChangeAllowedInput,
    ) -> Result<EmailChange> {
        let IsEmailChangeAllowedInput { recipe_user_id, new_email, is_verified, session } = input;
        let (user, id) = self.method_of(&recipe_user_id).await?;
        let session = session.as_ref();
        email_change::check(&self.cx, &user, &id, &new_email, is_verified, session).await
    }
}
