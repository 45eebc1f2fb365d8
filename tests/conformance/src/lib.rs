//! One suite of tests over every adapter and storage.
//!
//! A [`Case`] starts the same small [test application](app) on an [`Adapter`] and a [`Storage`],
//! talks to it through a real socket, and checks statuses, header lines, cookie attributes and
//! bodies against the wire's rules. Each case names the rule that it proves by the rule's section
//! and row; [`suite::ROWS`] lists those that must be proved.
//!
//! A new adapter implements [`Adapter`] in terms of [`app::Site`] and is added to the list in
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
mod compare;
mod harness;
mod matrix;
mod setup;
mod storage;
pub mod suite;
mod summary;
mod transcript;

pub use adapter::{Adapter, RunningServer};
pub use compare::compare;
pub use harness::{App, Harness};
pub use matrix::{Pairing, Row, Run, matrix};
pub use setup::{START_MS, Setup};
pub use storage::{Data, OpenStorage, Storage};
pub use suite::Case;
pub use summary::summary;
pub use transcript::{Exchange, Recorder, Transcript};
