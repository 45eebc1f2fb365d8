//! The recipes' routes and functions, through [`auth_core::Auth`] and an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod discovery;
mod harness;
mod metadata;
