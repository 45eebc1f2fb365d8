//! `GET /recipe/accountlinking/user/link/check`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, UserId, operation::operation};

/// Asks whether a login method could be linked to a primary user, without linking it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CanLinkAccounts {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// The primary user, or a login method linked to it.
    pub primary_user_id: UserId,
}

/// The answer to [`CanLinkAccounts`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CanLinkAccountsResponse {
    /// It could, or it is.
    Ok {
        /// Whether it is.
        accounts_already_linked: bool,
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
    },
    /// Nothing can be linked to a user that isn't primary.
    InputUserIsNotAPrimaryUser,
}

operation!(
    CanLinkAccounts => CanLinkAccountsResponse,
    "can_link_accounts", Get "/recipe/accountlinking/user/link/check", AppPublicTenantOnly
);
