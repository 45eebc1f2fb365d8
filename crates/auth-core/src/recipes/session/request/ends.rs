//! Sessions that end with what they stood on.

use auth_protocol::{SessionHandle, UserId};

use super::{
    super::{
        AccessToken, GetAllSessionHandlesForUserInput, RevokeAllSessionsForUserInput, Session,
        SessionInstance, TokenTransferMethod, TokenType,
    },
    read,
};
use crate::{Context, Result};

/// Whose sessions end.
pub(crate) enum Whose {
    /// Those of a user: of every linked login method.
    User(UserId),
    /// Those of this login method alone.
    LoginMethod(UserId),
}

/// Ends a user's sessions but for one: the one that is named, or else the one that a guard found in
/// front of the route. Does nothing without the session recipe.
pub(crate) async fn end_sessions(
    cx: &Context,
    whose: Whose,
    keep: Option<SessionHandle>,
) -> Result<()> {
    if cx.auth().session_recipe().is_none() {
        return Ok(());
    }
    let functions = SessionInstance::of(cx)?.functions();
    let (user_id, linked) = match whose {
        Whose::User(id) => (id, true),
        Whose::LoginMethod(id) => (id, false),
    };
    let guarded = || cx.guarded_session().map(|session| session.get_handle().clone());
    let Some(keep) = keep.or_else(guarded) else {
        // In one step, so that none that starts meanwhile is left.
        let input =
            RevokeAllSessionsForUserInput::new(user_id).revoke_sessions_for_linked_accounts(linked);
        return functions.revoke_all_sessions_for_user(cx, input).await.map(drop);
    };
    end_all_but(cx, user_id, linked, &keep).await.map(drop)
}

/// Ends a user's sessions but for this one.
pub(crate) async fn end_other_sessions(
    cx: &Context,
    user_id: &UserId,
    keep: &SessionHandle,
) -> Result<Vec<SessionHandle>> {
    end_all_but(cx, user_id.clone(), true, keep).await
}

async fn end_all_but(
    cx: &Context,
    user_id: UserId,
    linked: bool,
    keep: &SessionHandle,
) -> Result<Vec<SessionHandle>> {
    let functions = SessionInstance::of(cx)?.functions();
    let input = GetAllSessionHandlesForUserInput::new(user_id)
        .fetch_sessions_for_all_linked_accounts(linked);
    let mut handles = functions.get_all_session_handles_for_user(cx, input).await?;
    handles.retain(|handle| handle != keep);
    match handles.is_empty() {
        true => Ok(handles),
        false => functions.revoke_multiple_sessions(cx, handles).await,
    }
}

/// How many tokens of one request are looked at: other sites of the domain may have left some.
const MOST_REPLACED: usize = 8;

/// Ends the sessions whose tokens a request carries, once another one takes their place at the
/// client.
pub(crate) async fn end_replaced(cx: &Context, new: &Session) -> Result<()> {
    let instance = SessionInstance::of(cx)?;
    let config = instance.config();
    let Some(request) = cx.request().filter(|_| config.end_replaced_sessions) else {
        return Ok(());
    };
    let mut handles: Vec<SessionHandle> = Vec::new();
    let methods = TokenTransferMethod::ALL.into_iter();
    let texts = methods.flat_map(|method| {
        read::tokens_from_request(cx, config, request, TokenType::Access, method)
    });
    for text in texts.take(MOST_REPLACED) {
        let token = instance.keys().token(cx, config, text.as_bytes());
        let is_old = |token: &AccessToken| {
            let handle = token.session_handle();
            handle != new.get_handle() && !handles.contains(handle) && config.is_audience_of(token)
        };
        let Some(token) = token.filter(is_old) else { continue };
        // Expired or not: who has it has had the session.
        if token.is_verified() || instance.keys().is_genuine(cx, config, &token).await {
            handles.push(token.session_handle().clone());
        }
    }
    if !handles.is_empty() {
        instance.functions().revoke_multiple_sessions(cx, handles).await?;
    }
    Ok(())
}
