//! The cookie by which a refresh shows that the device is there.

use std::time::Duration;

use auth_protocol::SessionHandle;

use super::{
    super::{super::recipe::SessionConfig, cookies::set_host_cookie},
    COOKIE, DeviceBinding,
    notes::{self, Purpose},
};
use crate::{Context, Request, Result, http::decode_cookie};

/// How many cookies of that name are looked at: any site under the same domain can set one.
const MOST_COOKIES: usize = 8;

/// For how much longer a proof counts than browsers keep its cookie: for what was sent just before.
const ON_ITS_WAY: Duration = Duration::from_secs(60);

/// The sessions whose devices have proved themselves to this client lately. `None` where sessions
/// aren't bound to devices.
pub(crate) async fn proven_devices(
    cx: &Context,
    config: &SessionConfig,
    request: &Request,
) -> Result<Vec<SessionHandle>> {
    let mut proven = Vec::new();
    if config.device_binding.is_none() {
        return Ok(proven);
    }
    let (name, _) = name_and_path(config);
    for text in request.raw_cookies(&name).take(MOST_COOKIES).map(decode_cookie) {
        if let Some(note) = notes::read(cx, Purpose::Proof, &text).await? {
            proven.push(note.session_handle);
        }
    }
    Ok(proven)
}

/// Gives the client the cookie for a while.
pub(super) async fn set_cookie(
    cx: &Context,
    config: &SessionConfig,
    binding: &DeviceBinding,
    handle: &SessionHandle,
) -> Result<()> {
    let lifetime = binding.cookie_lifetime;
    let counts_for = lifetime.saturating_add(ON_ITS_WAY);
    let value = notes::write(cx, Purpose::Proof, handle, counts_for).await?;
    let lifetime_ms = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    let expires_ms = cx.core().now_ms().saturating_add(lifetime_ms);
    let (name, path) = name_and_path(config);
    set_host_cookie(cx, config, &name, &value, expires_ms, path)
}

/// Takes the cookie from the client, as its session does.
pub(crate) fn clear_cookie(cx: &Context, config: &SessionConfig) -> Result<()> {
    if config.device_binding.is_none() {
        return Ok(());
    }
    let (name, path) = name_and_path(config);
    set_host_cookie(cx, config, &name, "", 0, path)
}

/// It goes where the refresh token goes.
pub(super) fn name_and_path(config: &SessionConfig) -> (String, &str) {
    config.other_cookie(COOKIE, &config.refresh_token_path)
}
