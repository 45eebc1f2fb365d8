//! One suite of tests over every adapter and storage.
//!
//! A [`Case`] starts the same small [test application](app) on an [`Adapter`] and a [`Storage`],
//! talks to it through a real socket, and checks statuses, header lines, cookie attributes and
//! bodies against the wire's rules. Each case names the rule that it proves by the rule's section
//! and row; [`suite::ROWS`] lists those that must be proved.
//!
//! A new adapter implements [`Adapter`] in terms of [`app::routes`] and is added to the list in
//! `tests/conformance.rs`.

// A case fails by panicking, and runs once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::large_futures,
    clippy::unused_async // every action is a future, as a route's is
)]

mod adapter;
pub mod adapters;
pub mod app;
pub mod client;
mod harness;
mod setup;
mod storage;
pub mod suite;

pub use adapter::{Adapter, RunningServer};
pub use harness::{App, Harness};
pub use setup::{START_MS, Setup};
pub use storage::{OpenStorage, Storage};
pub use suite::Case;
