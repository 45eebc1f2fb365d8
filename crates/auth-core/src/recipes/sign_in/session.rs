//! The session that a sign-in came with.

use auth_protocol::{JsonObject, TenantId};

use crate::{
    ApiCall, Result,
    fdi::FdiVersion,
    recipes::session::{Session, SessionOptions},
};

/// The session that a sign-in request came with, and what the client wants with it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignInSession {
    /// `shouldTryLinkingWithSessionUser`; `None` from front ends that don't know it.
    pub should_try_linking: Option<bool>,
    /// The session; `None` where there is none, or the client wants it not to be regarded.
    pub session: Option<Session>,
    /// The session's tenant, or else the path's.
    pub tenant_id: TenantId,
}

/// Loads the session as the request's `shouldTryLinkingWithSessionUser` demands: none at all for
/// `false`, a required one for `true`, an optional one from front ends before FDI 3.1.
pub async fn load_session(call: &ApiCall, body: &JsonObject) -> Result<SignInSession> {
    let should_try_linking = FdiVersion::of(&call.cx).is_at_least(3, 1).then(|| {
        body.get("shouldTryLinkingWithSessionUser").and_then(serde_json::Value::as_bool)
            == Some(true)
    });
    let session = if should_try_linking == Some(false) {
        None
    } else {
        let options = SessionOptions::new()
            .session_required(should_try_linking == Some(true))
            .without_claim_validators();
        call.cx.session()?.get_session(&options).await?
    };
    let tenant_id = session
        .as_ref()
        .map_or_else(|| call.tenant_id.clone(), |session| session.get_tenant_id().clone());
    Ok(SignInSession { should_try_linking, session, tenant_id })
}
