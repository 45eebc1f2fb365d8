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
    /// Whether a count from a little while ago is good enough; since CDI 5.6.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_approximate: bool,
    /// The version in which the caller speaks; it isn't sent with the request.
    #[serde(skip)]
    pub cdi_version: CdiVersion,
}

/// The answer to [`CountUsers`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum CountUsersResponse {
    /// The count.
    Ok {
        /// How many users there are.
        count: u64,
        /// Whether it is from a little while ago; only where that was allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        approximate: Option<bool>,
        /// When it was counted, in milliseconds since the epoch; only where it may be old.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        as_of: Option<i64>,
    },
}

operation!(
    CountUsers => CountUsersResponse, "count_users", Get "/users/count", TenantOrApp, {
        fn set_cdi_version(&mut self, version: CdiVersion) {
            self.cdi_version = version;
        }

        fn refuses_tenant(&self, version: CdiVersion) -> bool {
            self.include_all_tenants && version >= CdiVersion::V5_0
        }
    }
);
