//! Tenants with databases of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;

mod clusters;
mod many;
mod refusals;
mod together;
mod world;
