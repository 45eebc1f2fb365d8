//! Several login methods for one user.

mod can_create_primary;
mod can_link;
mod create_primary;
mod link;
mod unlink;

pub use can_create_primary::{CanCreatePrimaryUser, CanCreatePrimaryUserResponse};
pub use can_link::{CanLinkAccounts, CanLinkAccountsResponse};
pub use create_primary::{CreatePrimaryUser, CreatePrimaryUserResponse};
pub use link::{LinkAccounts, LinkAccountsResponse};
pub use unlink::{UnlinkAccount, UnlinkAccountResponse};
