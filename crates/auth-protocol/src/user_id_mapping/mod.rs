//! Ids of users in another system, mapped one-to-one to those of the core.
//!
//! Where a user's id is mapped, the core takes either id and answers with the other system's, the
//! *external* one. Data that is kept under any id that a caller chooses (metadata, roles, devices
//! and codes of second factors) is not translated: it stays under the id that was passed.

mod create;
mod delete;
mod get;
mod model;
mod update_info;

pub use create::{CreateUserIdMapping, CreateUserIdMappingResponse};
pub use delete::{DeleteUserIdMapping, DeleteUserIdMappingResponse};
pub use get::{GetUserIdMapping, GetUserIdMappingResponse};
pub use model::{UserIdMapping, UserIdType};
pub use update_info::{UpdateExternalUserIdInfo, UpdateExternalUserIdInfoResponse};
