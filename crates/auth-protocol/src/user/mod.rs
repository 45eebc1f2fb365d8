//! Users across all recipes.

mod by_account_info;
mod by_id;
mod count;
mod count_active;
mod delete;
mod list;
mod model;

pub use by_account_info::{ListUsersByAccountInfo, ListUsersByAccountInfoResponse};
pub use by_id::{GetUserById, GetUserByIdResponse};
pub use count::{CountUsers, CountUsersResponse};
pub use count_active::{CountActiveUsers, CountActiveUsersResponse};
pub use delete::{DeleteUser, DeleteUserResponse};
pub use list::{ListUsers, ListUsersResponse, TimeJoinedOrder};
pub use model::{LoginMethod, RecipeId, ThirdPartyInfo, User, WebauthnInfo};
