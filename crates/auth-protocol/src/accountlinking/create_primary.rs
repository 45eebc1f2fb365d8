//! `POST /recipe/accountlinking/user/primary`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, User, UserId, operation::operation};

/// Makes a login method a primary user, to which others may be linked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePrimaryUser {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`CreatePrimaryUser`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CreatePrimaryUserResponse {
    /// It is a primary user.
    Ok {
        /// The user.
        user: User,
        /// Whether it was one before.
        was_already_a_primary_user: bool,
    },
    /// Another primary user has one of its identities.
    AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
        /// That user.
        primary_user_id: UserId,
        /// Which identity, for people.
        description: String,
    },
    /// It belongs to another primary user.
    RecipeUserIdAlreadyLinkedWithPrimaryUserIdError {
        /// That user.
        primary_user_id: UserId,
        /// The same, for people.
        description: String,
    },
}

operation!(
    CreatePrimaryUser => CreatePrimaryUserResponse,
    "create_primary_user", Post "/recipe/accountlinking/user/primary", AppPublicTenantOnly
);
