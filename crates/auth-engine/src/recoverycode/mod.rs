//! Single-use codes for who has lost every other factor.

mod code;
mod consume;
mod count;
mod generate;
mod remove;
