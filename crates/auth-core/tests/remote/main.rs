//! A core at the other end of a network (CDI §0): against `auth-server`, and against cores
//! that do what a real one does only when something is wrong. Over real sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod accounts;
#[allow(dead_code)] // a part of it is used here
#[path = "../recipes/harness.rs"]
mod app;
mod calls;
mod faults;
mod harness;
mod hosts;
mod interceptor;
mod key;
mod keys;
#[path = "../shared/log.rs"]
mod log;
mod merging;
mod requests;
mod script;
mod versions;
mod waiting;
