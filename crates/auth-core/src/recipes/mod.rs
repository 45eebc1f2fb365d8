//! The recipes: a folder each.

pub mod jwt;
pub mod openid;
pub mod session;
pub mod usermetadata;
