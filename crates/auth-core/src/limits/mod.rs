//! Limits on whatever can be guessed or costs something, by which nobody is locked out.
//!
//! [`admit`] takes from budgets before an attempt is made: from the account's, whoever tries; from the
//! network address's, whatever it tries; and from that of the two together. They are kept by the core, so
//! that any number of processes share them, and refill steadily. A browser that has signed in
//! before carries a signed token that says so ([a known device](self#known-devices)), and has a budget
//! of its own for the accounts that signed in there: whoever uses up the others locks its owner out
//! of nothing.
//!
//! The routes of all recipes here do this by themselves; see [`docs::limits`](crate::docs::limits) for
//! the numbers and the reasons. A recipe or route of an application's own does it so:
//!
//! ```
//! use auth_core::{
//!     ApiCall, Response, Result,
//!     limits::{self, Action, Attempt},
//! };
//! # async fn is_right(pin: &str) -> bool { pin == "1234" }
//!
//! async fn unlock(call: ApiCall, user: &str, pin: &str) -> Result<Response> {
//!     let attempt = Attempt::new(Action::RecoveryCode).account("user", user);
//!     let admission = limits::admit(&call.cx, &call.tenant_id, attempt).await?;
//!     if !is_right(pin).await {
//!         return Ok(Response::status_only("WRONG_PIN_ERROR"));
//!     }
//!     admission.succeeded().await;
//!     Ok(Response::status_only("OK"))
//! }
//! ```
//!
//! # Known devices
//!
//! The token is a JWT of the core's static key. It holds a random id and digests of up to eight
//! accounts, travels as the session does (in the cookie `sKnownDevice`, or the header `st-known-device`),
//! and is made where an account proves itself on a device that doesn't know it yet, and renewed after a
//! month. It is no access token, and tells nothing about a session.

mod action;
mod address;
mod admission;
mod attempt;
mod budget;
mod defaults;
mod device;
mod in_use;
mod local;
mod policy;
mod settings;
mod wall;

pub use auth_protocol::limits::Rate;

pub(crate) use self::device::HEADER as KNOWN_DEVICE_HEADER;
pub(crate) use self::in_use::LimitsInUse;
pub use self::{
    action::Action,
    admission::{Admission, admit, count, is_known_device},
    attempt::{Account, Attempt},
    budget::Budget,
    policy::{AttemptInfo, LimitPolicy},
    settings::{ActionLimits, Limits},
};
