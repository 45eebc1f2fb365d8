//! The recipe in use.

use auth_protocol::{RecipeUserId, TenantId, User};

use super::{
    AccountLinkingFunctions, AutomaticLinking, ID, LinkingQuestion, NewAccountInfo,
    config::{Decide, OnLinked},
};
use crate::{
    Context, LinkedLoginMethod, Recipe, Result, recipes::session::Session,
    user_id_mapping::id_among_login_methods,
};

/// The recipe in use, made of [`super::AccountLinkingRecipe`].
pub struct AccountLinkingInstance {
    decide: Option<Decide>,
    on_linked: Option<OnLinked>,
    functions: AccountLinkingFunctions,
}

impl AccountLinkingInstance {
    pub(super) fn new(
        decide: Option<Decide>,
        on_linked: Option<OnLinked>,
        functions: AccountLinkingFunctions,
    ) -> Self {
        Self { decide, on_linked, functions }
    }

    pub(crate) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &AccountLinkingFunctions {
        &self.functions
    }

    /// Whether the application decides what is linked; otherwise nothing is.
    pub(crate) fn is_linking_defined(&self) -> bool {
        self.decide.is_some()
    }

    /// Asks the application whether an account may be linked to a user, or become primary.
    pub(crate) async fn ask(
        &self,
        cx: &Context,
        new_account: NewAccountInfo,
        user: Option<&User>,
        session: Option<&Session>,
        tenant_id: &TenantId,
    ) -> Result<AutomaticLinking> {
        let Some(decide) = &self.decide else { return Ok(AutomaticLinking::No) };
        let question = LinkingQuestion {
            new_account,
            user: user.cloned(),
            session: session.cloned(),
            tenant_id: tenant_id.clone(),
        };
        decide(cx.clone(), question).await
    }

    /// Tells the recipes and the application that a login method is a user's now; gives the user as it
    /// is then.
    pub(super) async fn linked(
        &self,
        cx: &Context,
        mut user: User,
        id: &RecipeUserId,
    ) -> Result<User> {
        let id = id_among_login_methods(cx, &user, id).await?;
        let mut has_changed = false;
        for recipe in cx.auth().recipes() {
            let of = LinkedLoginMethod { user: &user, recipe_user_id: &id };
            has_changed |= recipe.account_linked(cx, of).await?;
        }
        if has_changed && let Some(changed) = self.functions.get_user(cx, &user.id).await? {
            user = changed;
        }
        if let (Some(on_linked), Some(method)) = (&self.on_linked, user.login_method(&id)) {
            on_linked(cx.clone(), user.clone(), method.clone()).await?;
        }
        Ok(user)
    }
}

impl Recipe for AccountLinkingInstance {
    fn id(&self) -> &'static str {
        ID
    }
}
