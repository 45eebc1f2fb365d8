//! `POST /recipe/accountlinking/user/unlink`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, operation::operation};

/// Takes a login method out of its user. The one whose id is the user's own is deleted, as its id
/// stays with the others; a primary user without others stops being primary.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnlinkAccount {
    /// The login method.
    pub recipe_user_id: RecipeUserId,
}

/// The answer to [`UnlinkAccount`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum UnlinkAccountResponse {
    /// It stands alone, or is gone.
    Ok {
        /// Whether it was deleted.
        was_recipe_user_deleted: bool,
        /// Whether it was linked, or a primary user.
        was_linked: bool,
    },
}

operation!(
    UnlinkAccount => UnlinkAccountResponse,
    "unlink_account", Post "/recipe/accountlinking/user/unlink", AppPublicTenantOnly
);
