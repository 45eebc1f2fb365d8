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
    /// They are linked once their user confirms it by a credential that exists (an extension): a
    /// common address alone links nothing, and beside a user that has proved the address no other
    /// account with it is made or signed in to. Who has just proved it as well is told by which
    /// factors that user signs in, and links the account in a session of that user, where this is
    /// `Yes { should_require_verification: true }`.
    AfterConfirmation,
}

impl AutomaticLinking {
    /// Whether an account is linked to a user with a common address, without a session of that user;
    /// if so, whether only where both have verified it.
    pub(crate) fn by_common_address(self) -> Option<bool> {
        match self {
            Self::Yes { should_require_verification } => Some(should_require_verification),
            Self::No | Self::AfterConfirmation => None,
        }
    }

    /// Whether an account is linked to the user of a session, or its user becomes primary; if so,
    /// whether only where the address is verified.
    pub(crate) fn where_confirmed(self) -> Option<bool> {
        match self {
            Self::No => None,
            Self::Yes { should_require_verification } => Some(should_require_verification),
            Self::AfterConfirmation => Some(true),
        }
    }
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
