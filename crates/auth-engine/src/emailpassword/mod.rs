//! Sign-in by email address and password.

mod check_reset_token;
mod consume_reset_token;
mod create_reset_token;
mod get_user;
mod import_password_hash;
mod part;
mod reset_password;
mod rows;
mod sign_in;
mod sign_up;
mod update;

pub(crate) use self::part::PART;
