//! The recipes' routes and functions, through [`auth_core::Auth`] and an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod combinations;
mod contexts;
mod deliveries;
mod discovery;
mod factors;
mod functions;
mod harness;
mod health;
mod metadata;
#[cfg(feature = "thirdparty")]
mod orders;
mod overrides;
mod passwordless;
mod roles;
mod sign_in_alerts;
mod takeover;
mod tenants;
mod user_id_mapping;
mod users;
