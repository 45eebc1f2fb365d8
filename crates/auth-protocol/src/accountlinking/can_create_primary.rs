//! `GET /recipe/accountlinking/user/primary/check`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, UserId, operation::operation};

/// Asks whether a login method could become a primary user, without making it one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CanCreatePrimaryUser {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`CanCreatePrimaryUser`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CanCreatePrimaryUserResponse {
    /// It could, or it is one.
    Ok {
        /// Whether it is one.
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
    CanCreatePrimaryUser => CanCreatePrimaryUserResponse,
    "can_create_primary_user", Get "/recipe/accountlinking/user/primary/check", AppPublicTenantOnly
);
