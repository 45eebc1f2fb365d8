//! What a browser is answered.

use auth_protocol::{Secret, SessionHandle};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{
    super::super::{
        SessionInstance,
        recipe::{SameSite, SessionConfig, host_of},
    },
    DeviceBinding,
    proven::name_and_path,
};
use crate::{Context, Error, Response, Result};

const CHALLENGE: HeaderName = HeaderName::from_static("secure-session-challenge");

/// What comes of a browser's request about the device of a session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum DeviceAnswer {
    /// The device has proved itself, and its cookie is set: 200 with the browser's instructions.
    Proven {
        /// The session.
        session_handle: SessionHandle,
    },
    /// The device is to sign a challenge: 403.
    Challenge {
        /// The session.
        session_handle: SessionHandle,
        /// What to sign.
        challenge: Secret,
    },
    /// The request comes to nothing, and the browser forgets what it had of the session's device: 400.
    Refused {
        /// Why, for logs; never sent to the client.
        message: String,
    },
}

impl DeviceAnswer {
    pub(super) fn refused(message: &str) -> Self {
        Self::Refused { message: message.to_owned() }
    }

    pub(crate) fn into_response(self, cx: &Context) -> Result<Response> {
        let config = SessionInstance::of(cx)?.config();
        cx.changes().forbid_storing();
        match self {
            Self::Proven { session_handle } => {
                let binding = config.device_binding.as_ref();
                let binding = binding.ok_or_else(|| Error::other("sessions aren't bound"))?;
                Ok(Response::ok(&instructions(cx, config, binding, &session_handle)?))
            }
            Self::Challenge { session_handle, challenge } => {
                let challenge = challenge.expose_secret();
                let line = format!("\"{challenge}\";id=\"{session_handle}\"");
                let line = HeaderValue::try_from(line).map_err(Error::other)?;
                cx.changes().set_header(CHALLENGE, line);
                Ok(Response::message(StatusCode::FORBIDDEN, "device proof needed"))
            }
            Self::Refused { message } => {
                tracing::debug!(%message, "a device was refused");
                Ok(Response::message(StatusCode::BAD_REQUEST, "device refused"))
            }
        }
    }
}

/// The draft's "JSON Session Instruction Format": the cookie is needed where the refresh token is sent
/// to be traded, and nowhere else, so that a device proves itself once for each refresh at most.
fn instructions(
    cx: &Context,
    config: &SessionConfig,
    binding: &DeviceBinding,
    handle: &SessionHandle,
) -> Result<Value> {
    let (name, path) = name_and_path(config);
    let same_site = match config.same_site(cx)? {
        SameSite::None => "None",
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
    };
    let secure = if config.cookie_secure { "; Secure" } else { "" };
    // The last rule is looked at first. They say it for a cookie that is for the whole host, too.
    let rules = json!([
        { "type": "exclude", "domain": "*", "path": "/" },
        { "type": "include", "domain": "*", "path": binding.refresh_path },
    ]);
    Ok(json!({
        "session_identifier": handle,
        "refresh_url": binding.renew_path,
        "scope": { "include_site": false, "scope_specification": rules },
        "credentials": [{
            "type": "cookie",
            "name": name,
            "attributes": format!("Path={path}; HttpOnly; SameSite={same_site}{secure}"),
        }],
        "allowed_refresh_initiators": initiators(cx)?,
    }))
}

/// The hosts of websites on other origins than the API's, whose requests are to have the cookie, too.
fn initiators(cx: &Context) -> Result<Vec<String>> {
    let app_info = cx.auth().app_info();
    let website = app_info.website_origin(cx)?;
    let mut hosts: Vec<String> = Vec::new();
    for origin in std::iter::once(&website).chain(&app_info.trusted_origins) {
        let host = host_of(origin);
        let is_website = origin.starts_with("https://") || origin.starts_with("http://");
        if is_website && *origin != app_info.api_domain && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    Ok(hosts)
}
