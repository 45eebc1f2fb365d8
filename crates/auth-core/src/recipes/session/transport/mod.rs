//! How a session's tokens travel: cookies and headers (FDI: cookies and headers).

pub(crate) mod cookies;
pub(crate) mod front_token;
pub(crate) mod names;
mod read;
mod write;

pub(crate) use read::{
    Incoming, anti_csrf_token, bearer_token, count_cookies, tokens_from_request,
};
pub(crate) use write::{
    clear_session, clear_session_everywhere, clear_strays, set_access_token, set_anti_csrf_token,
    set_refresh_token,
};
