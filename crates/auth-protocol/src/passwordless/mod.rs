//! Sign-in by one-time codes and magic links.
//!
//! A *device* is a browser that requested codes for one address or phone number; its id is a
//! secret, and the digest of that (*pre-auth session id*) names it.

mod check_code;
mod consume_code;
mod create_code;
mod get_user;
mod list_codes;
mod model;
mod remove_code;
mod remove_codes;
mod update_user;

pub use check_code::{CheckCode, CheckCodeResponse};
pub use consume_code::{ConsumeCode, ConsumeCodeResponse};
pub use create_code::{CreateCode, CreateCodeResponse};
pub use get_user::{GetPasswordlessUser, GetPasswordlessUserResponse};
pub use list_codes::{ListCodes, ListCodesResponse};
pub use model::{CodeProof, ConsumedDevice, CreatedCode, Device, DeviceCode};
pub use remove_code::{RemoveCode, RemoveCodeResponse};
pub use remove_codes::{RemoveCodes, RemoveCodesResponse};
pub use update_user::{ContactChange, UpdatePasswordlessUser, UpdatePasswordlessUserResponse};
