//! `GET /users`

use serde::{Deserialize, Serialize};

use crate::{RecipeId, User, operation::operation};

/// The order of a user list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeJoinedOrder {
    /// Oldest first.
    #[default]
    Asc,
    /// Newest first.
    Desc,
}

/// Lists the users of a tenant, page by page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListUsers {
    /// Only users with a login method of one of these recipes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include_recipe_ids: Option<Vec<RecipeId>>,
    /// Where the page starts: the `next_pagination_token` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination_token: Option<String>,
    /// The page's size, 1 to 500; 100 when absent. A search takes larger ones, and heeds none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The order.
    #[serde(default)]
    pub time_joined_order: TimeJoinedOrder,
    /// Search: email addresses (or their domains) that start with one of these, `;`-separated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Search: phone numbers that start with one of these, `;`-separated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Search: third-party ids that start with one of these, `;`-separated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

/// The answer to [`ListUsers`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ListUsersResponse {
    /// A page.
    Ok {
        /// The users.
        users: Vec<User>,
        /// Where the next page starts; absent on the last page and for searches.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_pagination_token: Option<String>,
    },
}

operation!(ListUsers => ListUsersResponse, "list_users", Get "/users", Tenant);
