//! `GET /users/count`

use serde::{Deserialize, Serialize};

use crate::{CdiVersion, RecipeId, operation::operation};

/// Counts the users of a tenant or of all tenants.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CountUsers {
    /// Only users with a login method of one of these recipes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_recipe_ids: Option<Vec<RecipeId>>,
    /// Whether to count over all tenants of the app.
    #[serde(default)]
    pub include_all_tenants: bool,
}

/// The answer to [`CountUsers`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CountUsersResponse {
    /// The count.
    Ok {
        /// How many users there are.
        count: u64,
    },
}

operation!(
    CountUsers => CountUsersResponse, "count_users", Get "/users/count", TenantOrApp, {
        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.include_all_tenants && version >= CdiVersion::V5_0
        }
    }
);
