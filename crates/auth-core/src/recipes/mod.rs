//! The recipes: a folder each.

pub mod emailpassword;
pub mod jwt;
pub mod openid;
pub mod session;
mod sign_in;
pub mod usermetadata;
