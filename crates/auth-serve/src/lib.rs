//! A server for tower services on hyper: `axum::serve` and warp's own server wait for ever for the
//! rest of a request, so that somebody who sends half of one again and again takes every descriptor
//! that the process may have, and one alone keeps it from ending.
//!
//! [`serve`](fn@serve) bounds all of that by [`Limits`], and ends when [`stop_signal`] says so.

mod limits;
mod serve;
mod signal;

pub use limits::Limits;
pub use serve::{Ended, serve, serve_with};
pub use signal::stop_signal;
