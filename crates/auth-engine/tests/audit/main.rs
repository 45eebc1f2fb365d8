//! The audit log, on SQLite or PostgreSQL.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../common/mod.rs"]
mod common;

mod bound;
mod chain;
mod events;
mod operations;
