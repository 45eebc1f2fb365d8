//! What happens to a request and its response: the session is found and checked, started or
//! refreshed, and its tokens are read and written (FDI §2.2).

mod check;
mod cookies;
mod create;
mod device;
mod ends;
mod error;
mod guard;
mod options;
mod read;
mod refresh;
mod session_check;
mod write;

pub(super) use check::{assert_required_claims, get_session, verify_session};
pub(crate) use cookies::set_host_cookie;
pub(super) use create::prepare;
pub(crate) use create::{create_new_session, transfer_method};
pub use device::DeviceAnswer;
pub(super) use device::{DeviceBinding, REGISTER_ROUTE, RENEW_ROUTE, register, renew};
pub(crate) use ends::{Whose, end_other_sessions, end_replaced, end_sessions};
pub(super) use error::DefaultErrorHandlers;
pub(crate) use error::respond as respond_to_error;
pub use error::{InvalidClaim, SessionError, SessionErrorHandlers};
pub use options::{
    AnySession, ClaimValidators, GlobalClaimValidatorsOverride, SessionOptions, SessionRule,
};
pub(crate) use read::{bearer_token, has_cookie};
pub(super) use refresh::{exchange_token, refresh_session};
pub use session_check::{PendingCheck, SessionCheck};
pub(super) use write::{
    clear_session, front_token, set_access_token, set_anti_csrf_token, set_refresh_token,
};
