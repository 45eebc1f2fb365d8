//! A private PostgreSQL server for tests, and a database for each of them.
//!
//! `cargo xtask test` starts a [`Server`] and names it in the environment variable
//! [`SERVER_VARIABLE`]; a test takes a [`TestDatabase`] on it, or by [`url_for_this_test`] runs on
//! either storage. Tests that kill their server, or that speak to it by TLS, start
//! one of their own. The programs are those of Debian's package `postgresql`.

// What fails here fails a test.
#![allow(clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

mod database;
mod pgbouncer;
mod programs;
mod server;
mod tls;

pub use database::{
    PARAMETERS_VARIABLE, POOLER_VARIABLE, SERVER_VARIABLE, TEMPLATE, TestDatabase,
    url_for_this_test,
};
pub use pgbouncer::{PGBOUNCER_MISSING, PgBouncer};
pub use programs::{MISSING, Programs};
pub use server::{Durability, Server};
pub use tls::{Authority, Identity};
