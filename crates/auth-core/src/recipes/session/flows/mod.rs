//! What happens around the functions when a request and a response are there.

mod check;
mod create;
mod refresh;

pub(crate) use check::{assert_required_claims, get_session, session_at_once, verify_session};
pub(crate) use create::{create_new_session, prepare};
pub(crate) use refresh::{exchange_token, refresh_session};
