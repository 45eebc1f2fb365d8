//! The session recipe as an application sees it, on an engine in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

mod check;
mod create;
mod harness;
mod refresh;
mod sign_out;
