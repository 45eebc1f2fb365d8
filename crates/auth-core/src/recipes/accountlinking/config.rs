//! What an application sets.

use std::sync::Arc;

use auth_protocol::{LoginMethod, TenantId, User};
use futures_util::future::BoxFuture;

use super::{
    AccountLinkingFunctions, AccountLinkingInstance, AccountLinkingOverride, NewAccountInfo,
    functions,
};
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
    recipes::session::Session,
};

/// Asks whether an account may be linked to a user, or become a user to which others are linked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LinkingQuestion {
    /// The account.
    pub new_account: NewAccountInfo,
    /// The user to link it to; `None` where it would become a primary user.
    pub user: Option<User>,
    /// The session that the request came with.
    pub session: Option<Session>,
    /// The tenant.
    pub tenant_id: TenantId,
}

/// The answer to a [`LinkingQuestion`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutomaticLinking {
    /// They stay apart.
    No,
    /// They are linked.
    Yes {
        /// Whether only where their common address or number is verified. Without that, who
        /// signs up with somebody's address first gets into the account that its owner makes
        /// later: say `false` only for accounts that a session's own user adds.
        should_require_verification: bool,
    },
}

pub(super) type Decide = Arc<
    dyn Fn(Context, LinkingQuestion) -> BoxFuture<'static, Result<AutomaticLinking>> + Send + Sync,
>;

pub(super) type OnLinked =
    Arc<dyn Fn(Context, User, LoginMethod) -> BoxFuture<'static, Result<()>> + Send + Sync>;

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct AccountLinkingRecipe {
    decide: Option<Decide>,
    on_linked: Option<OnLinked>,
    overrides: Overrides<AccountLinkingFunctions>,
}

impl AccountLinkingRecipe {
    /// The recipe with its defaults: nothing is linked by itself.
    pub fn new() -> Self {
        Self::default()
    }

    /// Decides which accounts are linked when somebody signs up or in.
    pub fn should_do_automatic_account_linking<F, Fut>(mut self, decide: F) -> Self
    where
        F: Fn(Context, LinkingQuestion) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<AutomaticLinking>> + Send + 'static,
    {
        self.decide = Some(Arc::new(move |cx, question| Box::pin(decide(cx, question))));
        self
    }

    /// Is called with the user and its new login method after the two were linked.
    pub fn on_account_linked<F, Fut>(mut self, linked: F) -> Self
    where
        F: Fn(Context, User, LoginMethod) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.on_linked = Some(Arc::new(move |cx, user, method| Box::pin(linked(cx, user, method))));
        self
    }
}

override_methods!(AccountLinkingRecipe: AccountLinkingOverride);

impl RecipeConfig for AccountLinkingRecipe {
    type Recipe = AccountLinkingInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        Ok(AccountLinkingInstance::new(
            self.decide,
            self.on_linked,
            functions::with_overrides(self.overrides),
        ))
    }
}
