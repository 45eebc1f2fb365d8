//! `GET /.well-known/webauthn` (WebAuthn Level 3, section 5.11.1)

use http::Method;
use serde_json::json;

use super::super::super::{WebAuthnInstance, policy::Policy};
use crate::{ApiCall, Response, Result, Route};

/// The route, where there are some.
pub(in super::super::super) fn route_of(policy: &Policy) -> Option<Route> {
    let route = Route::new("relatedOriginsGET", Method::GET, "/.well-known/webauthn", answer);
    (!policy.related_origins.is_empty()).then(|| route.at_root())
}

/// Browsers ask for it without credentials, and from pages of other sites.
async fn answer(call: ApiCall) -> Result<Response> {
    let policy = &WebAuthnInstance::of(&call.cx)?.settings.policy;
    Ok(Response::ok(&json!({ "origins": policy.related_origins })))
}
