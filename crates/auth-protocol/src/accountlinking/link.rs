//! `POST /recipe/accountlinking/user/link`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, User, UserId, operation::operation};

/// Links a login method to a primary user. Whether its address is verified isn't looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkAccounts {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The primary user, or a login method linked to it.
    pub primary_user_id: UserId,
}

/// The answer to [`LinkAccounts`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum LinkAccountsResponse {
    /// It is linked.
    Ok {
        /// Whether it was before.
        accounts_already_linked: bool,
        /// The user, with all its login methods.
        user: User,
    },
    /// Another primary user has one of the identities of either.
    AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
        /// That user.
        primary_user_id: UserId,
        /// Which identity, for people.
        description: String,
    },
    /// It belongs to another primary user, or is one itself.
    RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
        /// That user.
        primary_user_id: UserId,
        /// The same, for people.
        description: String,
        /// That user, complete.
        user: User,
    },
    /// Nothing can be linked to a user that isn't primary.
    InputUserIsNotAPrimaryUser,
}

operation!(
    LinkAccounts => LinkAccountsResponse,
    "link_accounts", Post "/recipe/accountlinking/user/link", AppPublicTenantOnly
);
