//! One free-form JSON object for each user.

mod clear;
mod get;
mod of_users;
mod update;

pub use clear::{ClearUserMetadata, ClearUserMetadataResponse};
pub use get::{GetUserMetadata, GetUserMetadataResponse};
pub use of_users::{GetMetadataOfUsers, GetMetadataOfUsersResponse, MetadataOfUser};
pub use update::{UpdateUserMetadata, UpdateUserMetadataResponse};
