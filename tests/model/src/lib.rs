//! Refresh, grace and theft, in every order of what can happen.
//!
//! The rules are the engine's own: this crate compiles `session/rules.rs` of `auth-engine` a second
//! time. Around them stands a small world, and `stateright` goes through all of its states:
//!
//! - **a browser** with one jar, in any number of tabs and servers that render its pages. It has
//!   requests on the way at once, keeps the token of the answer that arrived *last*, asks with what
//!   it holds, and asks again when no answer comes;
//! - **a network** that loses, delays and reorders requests and answers. A request arrives at any
//!   time until the window after the first one with its token was sent; an
//!   answer takes as long as it likes;
//! - **any number of processes** over one database. Each transaction is atomic. A process's clock is
//!   apart from the true time by any amount up to the skew, another one at
//!   each request; that covers the time between a look at the clock and the transaction, too;
//! - **a thief** who copies the jar at any time, as often as he likes, keeps everything, and presents
//!   any of it at any moment to any process;
//! - **time**, without an end: states keep ages and distances in generations, so that they are finite
//!   in number however long the session lives. Only how many messages are on their way at once is
//!   bounded.
//!
//! A tick is as long as you like; 30 s of grace and clocks that are 10 s apart are 3 and 1. A session
//! is one row by its handle, and no rule looks at another: a user's other devices need no model.
//!
//! `proved` has what holds, `limits` what can't hold any further, each with the step beyond it, and
//! `mutants` the rules with mistakes, of which each must be found. `docs/recipes/session.md` says the
//! same in words.

#[cfg(test)]
mod check;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod proved;
#[cfg(test)]
#[path = "../../../crates/auth-engine/src/session/rules.rs"]
mod rules;
#[cfg(test)]
mod server;
#[cfg(test)]
mod world;
