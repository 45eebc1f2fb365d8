//! What a new session's answer offers to the browser.

use std::time::Duration;

use auth_protocol::session::DeviceKey;
use http::{HeaderName, HeaderValue};

use super::{
    super::super::{Session, SessionInstance},
    notes::{self, Purpose},
};
use crate::{Context, Error, Result};

const REGISTRATION: HeaderName = HeaderName::from_static("secure-session-registration");

/// How long a browser may take to make a key.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Offers a new session's browser to bind it to the device, where the application wants that. A session
/// that can't be offered it goes on unbound, as it does in browsers that don't know of devices.
pub(crate) async fn offer(cx: &Context, instance: &SessionInstance, session: &Session) {
    let Some(binding) = &instance.config().device_binding else { return };
    if instance.core_lacks_devices(cx.core().now_ms()) {
        return;
    }
    let challenge = notes::write(cx, Purpose::Registration, session.get_handle(), LIFETIME).await;
    let line = challenge.and_then(|challenge| line(&binding.register_path, &challenge));
    match line {
        Ok(line) => cx.changes().set_header(REGISTRATION, line),
        Err(error) => tracing::warn!(%error, "a session could not be offered to its device"),
    }
}

fn line(path: &str, challenge: &str) -> Result<HeaderValue> {
    let algorithms = DeviceKey::ALGORITHMS.join(" ");
    let line = format!("({algorithms});path=\"{path}\";challenge=\"{challenge}\"");
    HeaderValue::try_from(line).map_err(Error::other)
}
