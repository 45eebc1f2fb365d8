//! Notes that the core signs: challenges, and the cookie.

use std::time::Duration;

use auth_jwt::UnverifiedJwt;
use auth_protocol::SessionHandle;
use serde_json::{Value, json};

use super::super::super::{SessionInstance, signed::sign_note};
use crate::{Context, Error, Result};

/// Longer texts aren't looked at.
const LONGEST: usize = 4096;

/// What a note is for. One is never taken for another.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// A challenge by which a key is registered.
    Registration,
    /// A challenge by which the cookie is renewed.
    Renewal,
    /// The cookie: a device has proved itself.
    Proof,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "device-registration",
            Self::Renewal => "device-renewal",
            Self::Proof => "device-proof",
        }
    }
}

/// What a note says.
pub(super) struct Note {
    pub(super) session_handle: SessionHandle,
    pub(super) made_at_ms: i64,
}

/// Has a note signed.
pub(super) async fn write(
    cx: &Context,
    purpose: Purpose,
    handle: &SessionHandle,
    lifetime: Duration,
) -> Result<String> {
    let payload = json!({ "use": purpose.as_str(), "session": handle, "at": cx.core().now_ms() });
    let Value::Object(payload) = payload else { return Err(Error::other("no object")) };
    sign_note(cx, &payload, lifetime).await
}

/// Reads a note that the core has signed for this purpose and that hasn't expired.
///
/// # Errors
/// Where the core's keys aren't known yet and can't be read.
pub(super) async fn read(cx: &Context, purpose: Purpose, text: &str) -> Result<Option<Note>> {
    if text.len() > LONGEST {
        return Ok(None);
    }
    let Ok(jwt) = UnverifiedJwt::parse(text) else { return Ok(None) };
    let payload = jwt.unverified_payload();
    let text_of = |name| payload.get(name).and_then(Value::as_str);
    let number = |name| payload.get(name).and_then(Value::as_i64);
    let is_for_this = text_of("use") == Some(purpose.as_str());
    let is_current = number("exp").is_some_and(|end_secs| cx.core().now_ms() / 1000 < end_secs);
    let (Some(handle), Some(made_at_ms)) = (text_of("session"), number("at")) else {
        return Ok(None);
    };
    let note = Note { session_handle: SessionHandle::from(handle.to_owned()), made_at_ms };
    // A token of a version is an access token, whatever the application has put into it.
    if !is_for_this || !is_current || jwt.header().version().is_some() {
        return Ok(None);
    }
    let keys = match SessionInstance::of(cx)?.core_keys(cx, jwt.header().kid()).await {
        Ok(keys) => keys,
        // The core has no such key.
        Err(Error::Session(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(jwt.verify(&keys).is_ok().then_some(note))
}
