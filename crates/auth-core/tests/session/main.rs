//! The session recipe as an application sees it, on an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod browser;
mod check;
mod claims;
mod config;
mod guard;
mod harness;
mod keys;
#[path = "../shared/log.rs"]
mod log;
mod methods;
mod overrides;
