//! What those who have lost a password and those who have lost a passkey go through alike (FDI §7.4).
//!
//! A link is mailed to the address; who follows it has proved the address, and gets a new password or
//! passkey for the login method that has it, or for the user whom that address is another one's of.

mod settle;
mod step;
mod target;

pub(crate) use settle::settle;
pub(crate) use step::end_of_step;
pub(crate) use target::{Lost, NOBODY, Target, find_target, is_takeover_risk};
