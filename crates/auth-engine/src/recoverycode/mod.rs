//! Single-use codes for who has lost every other factor.

mod code;
mod consume;
mod count;
mod generate;
mod remove;

use crate::parts::{Goes, Part, user_table};

pub(crate) const PART: Part = Part {
    // Digests of the recovery codes that may still be used.
    tables: &[user_table!("recovery_codes", "user_id", Goes::ChosenId).in_use_as("RecoveryCode")],
    ..Part::EMPTY
};
