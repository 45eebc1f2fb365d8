//! The binary as a person starts it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod audit;
mod keys;
mod logs;
mod metrics;
mod program;
mod refusals;
mod shutdown;
mod startup;
