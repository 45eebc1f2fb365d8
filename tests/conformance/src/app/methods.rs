//! What the routes do that show one of a session's methods, or a function beside them.

use auth_core::{
    Error, Result,
    protocol::Secret,
    recipes::session::{
        AllSessionTokens, RefreshSessionInput, Session, SessionOptions, TokenTransferMethod,
    },
};
use serde_json::{Value, json};

use super::{
    Answer, Call, LEVEL, SECOND_FACTOR,
    actions::{create, describe, object, session},
};

/// Shows every token of the session, after merging the body into the access token where there is
/// one.
pub(super) async fn tokens(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    if !call.body.is_empty() {
        session.merge_into_access_token_payload(object(&call)?).await?;
    }
    show_tokens(session)
}

/// Starts a session and shows its tokens.
pub(super) async fn tokens_of_a_new_session(call: Call) -> Result<Answer> {
    show_tokens(&create(&call).await?)
}

/// Merges the body into the access token once the case says so.
pub(super) async fn merge_late(call: Call) -> Result<Answer> {
    call.probe.handler_released().await;
    let session = session(&call)?;
    session.merge_into_access_token_payload(object(&call)?).await?;
    Ok(Answer::json(&describe(session)))
}

/// Asks for a claim that the route's guard doesn't ask for.
pub(super) async fn assert_level_2(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.assert_claims(&[LEVEL.validators().has_value(&2, None)]).await?;
    Ok(Answer::json(&describe(session)))
}

/// Asks for the second factor, which is fetched where it isn't there.
pub(super) async fn assert_second_factor(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.assert_claims(&[SECOND_FACTOR.validators().is_true(None)]).await?;
    Ok(Answer::json(&describe(session)))
}

/// Shows the value of the second factor's claim.
pub(super) async fn second_factor(call: Call) -> Result<Answer> {
    let value = session(&call)?.get_claim_value(&*SECOND_FACTOR);
    Ok(Answer::json(&json!({ "value": value })))
}

/// Refreshes by the token in the body without regard to the request, and then attaches the session
/// to the response: `{refreshToken, to: "cookie" | "header"}`.
pub(super) async fn attach(call: Call) -> Result<Answer> {
    let body = object(&call)?;
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
    let (token, sessions) = (Secret::from(text("refreshToken")), call.cx.session()?);
    let input = RefreshSessionInput::new(token).disable_anti_csrf(true);
    let session = sessions.refresh_session_without_request_response(input).await?;
    let method = match text("to") {
        "cookie" => TokenTransferMethod::Cookie,
        _ => TokenTransferMethod::Header,
    };
    session.attach_to_request_response(&call.cx, method)?;
    Ok(Answer::json(&describe(&session)))
}

/// Gets the session by the function in place of the guard, and shows it.
pub(super) async fn get_session(call: Call) -> Result<Answer> {
    let options = SessionOptions::new().optional();
    let session = call.cx.session()?.get_session(&options).await?;
    Ok(Answer::json(&session.as_ref().map_or(Value::Null, describe)))
}

/// Refreshes the request's session by the function, at a path of the application's own.
pub(super) async fn refresh_session(call: Call) -> Result<Answer> {
    let session = call.cx.session()?.refresh_session().await?;
    Ok(Answer::json(&describe(&session)))
}

fn show_tokens(session: &Session) -> Result<Answer> {
    let AllSessionTokens {
        access_token,
        refresh_token,
        anti_csrf_token,
        front_token,
        access_and_front_token_updated,
        ..
    } = session.get_all_session_tokens_dangerously()?;
    if session.get_access_token().expose_secret() != access_token.expose_secret() {
        return Err(Error::other("two methods give two access tokens"));
    }
    let text = |token: &Option<Secret>| token.as_ref().map(|it| it.expose_secret().to_owned());
    Ok(Answer::json(&json!({
        "accessToken": access_token.expose_secret(),
        "refreshToken": text(&refresh_token),
        "antiCsrfToken": text(&anti_csrf_token),
        "frontToken": front_token,
        "accessAndFrontTokenUpdated": access_and_front_token_updated,
    })))
}
