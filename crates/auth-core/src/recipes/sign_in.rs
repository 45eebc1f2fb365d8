//! What all ways to sign in have in common (FDI: shared sign-in machinery).

use auth_protocol::{JsonObject, RecipeUserId, TenantId, User};

use super::session::{Session, SessionOptions};
use crate::{ApiCall, Context, Error, Result, fdi::FdiVersion};

/// The session that a sign-in request came with, and what the client wants with it.
#[derive(Clone, Debug)]
pub(crate) struct SignInSession {
    /// `shouldTryLinkingWithSessionUser`; `None` from front ends that don't know it.
    pub(crate) should_try_linking: Option<bool>,
    pub(crate) session: Option<Session>,
    /// The session's tenant, or else the path's.
    pub(crate) tenant_id: TenantId,
}

/// Loads the session as the request's `shouldTryLinkingWithSessionUser` demands: none at all for
/// `false`, a required one for `true`, an optional one from front ends before FDI 3.1.
pub(crate) async fn load_session(call: &ApiCall, body: &JsonObject) -> Result<SignInSession> {
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

/// Refuses to link to the session's user: nothing decides whether accounts may be linked, so
/// every sign-in is a first factor.
pub(crate) fn check_first_factor(should_try_linking: Option<bool>) -> Result<()> {
    if should_try_linking == Some(true) {
        return Err(Error::other(
            "shouldTryLinkingWithSessionUser is true, but account linking is not configured",
        ));
    }
    Ok(())
}

/// After the credentials were right: keeps the session where it belongs to the user that signed
/// in, else starts a new one.
pub(crate) async fn finish(
    cx: &Context,
    user: &User,
    recipe_user_id: RecipeUserId,
    tenant_id: &TenantId,
    session: Option<Session>,
) -> Result<Session> {
    if let Some(session) = session
        && user.login_method(session.get_recipe_user_id()).is_some()
    {
        return Ok(session);
    }
    cx.session()?
        .create_new_session(tenant_id, recipe_user_id, JsonObject::new(), JsonObject::new())
        .await
}

/// Whether an address was made up for an account without one; nobody can receive mail there.
pub(crate) fn is_fake_email(email: &str) -> bool {
    let email = email.trim().to_lowercase();
    email.ends_with("@stfakeemail.supertokens.com") || email.ends_with(".fakeemail.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fake_addresses_are_told_by_their_end() {
        assert!(is_fake_email("user@STFakeEmail.supertokens.com"));
        assert!(is_fake_email("user@google.fakeemail.com "));
        assert!(!is_fake_email("user@fakeemail.com"));
        assert!(!is_fake_email("user@stfakeemail.supertokens.com.example.com"));
    }

    #[test]
    fn linking_to_the_session_user_is_refused_while_nothing_decides_on_linking() {
        assert!(matches!(check_first_factor(Some(true)), Err(Error::Other(_))));
        assert!(check_first_factor(Some(false)).is_ok());
        assert!(check_first_factor(None).is_ok());
    }
}
