//! The recipes' routes and functions, through [`auth_core::Auth`] and an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod combinations;
mod common_passwords;
mod contexts;
mod discovery;
mod factors;
mod forms;
mod functions;
mod harness;
mod health;
mod metadata;
mod overrides;
mod passwordless;
mod reset;
mod roles;
mod sign_in;
mod sign_up;
mod user_id_mapping;
mod users;
