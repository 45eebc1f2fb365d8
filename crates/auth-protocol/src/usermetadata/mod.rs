//! One free-form JSON object for each user.

mod clear;
mod get;
mod update;

pub use clear::{ClearUserMetadata, ClearUserMetadataResponse};
pub use get::{GetUserMetadata, GetUserMetadataResponse};
pub use update::{UpdateUserMetadata, UpdateUserMetadataResponse};
