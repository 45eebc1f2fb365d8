//! Sessions: rotation at refresh with a grace period for requests that race (CDI 5.6).
//!
//! A session is one row. It keeps the digest of the current refresh token and of the one before.
//! A refresh makes the presented token the one before and a new one the current one; within the
//! grace period the one before may be presented again, and gets another successor. Any other token
//! of the session was used by two parties: the session ends.
//!
//! Tokens are signed outside of the transaction, which must not wait for an RSA signature. Should
//! the process end in between, the client has no new token, presents the old one again, and the
//! grace period serves it.

mod access_token;
mod create;
mod get;
mod list_handles;
mod refresh;
mod refresh_token;
mod regenerate;
mod remove;
mod rows;
mod update_data;
mod update_jwt_data;
mod verify;

pub(crate) use refresh_token::RefreshTokenKeys;

/// What is answered where there is no row.
const SESSION_GONE: &str = "Session does not exist.";
