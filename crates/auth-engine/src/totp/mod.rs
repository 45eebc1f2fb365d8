//! One-time passwords by an authenticator app (RFC 6238).

mod check;
mod create_device;
mod device;
mod import_device;
mod list_devices;
mod remove_device;
mod status_of_users;
mod update_device;
mod verify;
mod verify_device;

use crate::parts::{Goes, Part, user_table};

pub(crate) const PART: Part = Part {
    // Authenticator apps and their secrets.
    tables: &[user_table!("totp_user_devices", "user_id", Goes::ChosenId).in_use_as("TOTP")],
    ..Part::EMPTY
};
