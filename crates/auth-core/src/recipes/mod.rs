//! The recipes: a folder each.

pub mod emailpassword;
pub mod jwt;
mod links;
pub mod openid;
pub mod passwordless;
pub mod session;
mod sign_in;
pub mod usermetadata;
