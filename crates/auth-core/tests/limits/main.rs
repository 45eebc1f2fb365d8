//! Limits, from many addresses and for days: who guesses, and whose account it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod attacks;
mod budgets;
mod harness;
mod policy;
#[cfg(feature = "remote")]
mod remote;
