//! The session recipe as an application sees it, on an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod browser;
mod check;
mod claims;
mod config;
mod container;
mod create;
mod errors;
mod forgery;
mod handles;
mod harness;
mod keys;
mod overrides;
mod refresh;
mod sign_out;
mod strays;
