//! Every provider against a stub that behaves as its row says, over real sockets and TLS, by the
//! provider's own host names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)] // a test fails by panicking

mod attacks;
mod configuration;
mod network;
mod own_rules;
mod play;
mod rows;
mod stub;
mod table;
mod traps;
