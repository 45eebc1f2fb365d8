//! The recipes: a folder each.

pub mod session;
