//! Sessions: how they begin, are refreshed and end (CDI §2).
//!
//! A session is one row. It keeps the digest of the current refresh token and of the one before.
//! How a refresh changes them depends on the version in which the caller speaks: tokens
//! [rotate](rotation) from CDI 5.6 on, and are [confirmed](confirmation) by their use before. Both
//! leave the row so that a session may go on under the other rules.
//!
//! Tokens are signed outside of the transaction, which must not wait for an RSA signature. Should
//! the process end in between, the client has no new token, presents the old one again, and the
//! grace period serves it.

mod access_token;
mod bind_device;
mod bound;
mod confirmation;
mod create;
mod device;
mod get;
mod get_data;
mod get_device;
mod lifetime;
mod list_handles;
mod merge_claims;
mod part;
mod refresh;
mod refresh_token;
mod regenerate;
mod remove;
mod rotation;
mod rows;
mod rules;
mod update_data;
mod update_jwt_data;
mod use_device_challenge;
mod verify;

pub(crate) use self::{
    part::PART,
    refresh_token::{DigestKey, RefreshTokenKeys, session_of_refresh_token},
    remove::end_all,
    rows::linked_ids,
};

/// What is answered where there is no row.
const SESSION_GONE: &str = "Session does not exist.";
