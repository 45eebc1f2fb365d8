//! What becomes of a session once its user has proved an address (FDI §1.5).

use auth_protocol::{RecipeUserId, User, UserId};

use super::EmailVerificationClaim;
use crate::{
    Context, Result,
    recipes::session::{
        NewSessionInput, RevokeAllSessionsForUserInput, Session, SessionError, SessionOptions,
    },
    user_id_mapping::id_among_login_methods,
};

/// The session of a request, whether or not its address is verified.
///
/// The core is asked for it: an access token outlives its session, and where linking made the user
/// another one, it would be traded here for a session of that user.
pub(super) async fn required(cx: &Context) -> Result<Session> {
    let options = SessionOptions::new().without_claim_validators().check_database(true);
    let session = cx.session()?.get_session(&options).await?;
    session.ok_or_else(|| SessionError::unauthorised("there is no session").into())
}

/// The session that a link was followed in; one that has ended is none.
pub(super) async fn optional(cx: &Context) -> Result<Option<Session>> {
    let options = SessionOptions::new().optional().without_claim_validators();
    let sessions = cx.session()?;
    let Some(session) = sessions.get_session(&options).await? else { return Ok(None) };
    let is_there = sessions.get_session_information(session.get_handle()).await?.is_some();
    Ok(is_there.then_some(session))
}

/// Lets a session know that a login method's address is verified.
///
/// Where that made the login method another user's, the session is one of a user that is no more: every
/// session of the login method ends, and a new one is started, which is given. Sessions of other login
/// methods are left alone.
pub(super) async fn update(
    cx: &Context,
    session: &Session,
    verified: &RecipeUserId,
) -> Result<Option<Session>> {
    let own = session.get_recipe_user_id();
    let user = cx.get_user(UserId::from(own.clone())).await?;
    if !is_same_method(cx, user.as_ref(), own, verified).await? {
        return Ok(None);
    }
    if is_still_of(cx, session, user.as_ref()).await? {
        session.fetch_and_set_claim(&EmailVerificationClaim).await?;
        return Ok(None);
    }
    let sessions = cx.session()?;
    let of_method = RevokeAllSessionsForUserInput::new(UserId::from(own.clone()))
        .revoke_sessions_for_linked_accounts(false);
    sessions.revoke_all_sessions_for_user(of_method).await?;
    let new = NewSessionInput::new(own).tenant_id(session.get_tenant_id());
    sessions.create_new_session(new).await.map(Some)
}

/// Whether two ids are one login method's: it may have got another system's id since the session began.
async fn is_same_method(
    cx: &Context,
    user: Option<&User>,
    own: &RecipeUserId,
    verified: &RecipeUserId,
) -> Result<bool> {
    let Some(user) = user.filter(|_| own != verified) else { return Ok(own == verified) };
    let own = id_among_login_methods(cx, user, own).await?;
    Ok(own == id_among_login_methods(cx, user, verified).await?)
}

/// Whether the session's user is still the one that its login method belongs to.
async fn is_still_of(cx: &Context, session: &Session, user: Option<&User>) -> Result<bool> {
    let id = session.get_user_id();
    let Some(user) = user.filter(|user| user.id != *id) else { return Ok(true) };
    let shown = id_among_login_methods(cx, user, &RecipeUserId::from(id.clone())).await?;
    Ok(UserId::from(shown) == user.id)
}
