//! What the routes do.

use auth_core::{
    Error, Result,
    protocol::{JsonObject, TenantId},
    recipes::session::{NewSessionInput, Session, SessionError},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Answer, AnswerBody, Call, SECOND_FACTOR};

/// Shows the session, or `null`.
pub(super) async fn session_info(call: Call) -> Result<Answer> {
    Ok(Answer::json(&call.session.as_ref().map_or(Value::Null, describe)))
}

/// Gives the request's body back.
pub(super) async fn echo(call: Call) -> Result<Answer> {
    Ok(Answer::default().body(call.body))
}

/// Shows where the request comes from, or `null`.
pub(super) async fn client_address(call: Call) -> Result<Answer> {
    Ok(Answer::json(&json!(call.cx.client_address())))
}

/// Sends `one`, `two` and `three`, each when the case releases it.
pub(super) async fn pieces(call: Call) -> Result<Answer> {
    let pieces = stream::iter(["one", "two", "three"]).then(move |piece| {
        let probe = call.probe.clone();
        async move {
            probe.piece_released().await;
            Ok(Bytes::from_static(piece.as_bytes()))
        }
    });
    Ok(Answer { body: AnswerBody::Pieces(pieces.boxed()), ..Answer::default() })
}

/// Starts a session, and sets two hundred cookies and as many values of one header.
pub(super) async fn many_headers(call: Call) -> Result<Answer> {
    create(&call).await?;
    Ok((0..200).fold(Answer::default(), |answer, number| {
        answer
            .header("set-cookie", &format!("own-{number}={number}; Path=/"))
            .header("x-many", &number.to_string())
    }))
}

/// Starts a session, and panics.
pub(super) async fn panic(call: Call) -> Result<Answer> {
    create(&call).await?;
    // As `panic!`, without its message in the tests' output.
    std::panic::resume_unwind(Box::new("a handler of the application fails in the worst way"))
}

/// Starts a session from `{userId?, tenantId?, payload?, data?}`.
pub(super) async fn create_session(call: Call) -> Result<Answer> {
    create(&call).await.map(|session| Answer::json(&describe(&session)))
}

/// Starts a session, and then answers that the request failed.
pub(super) async fn create_session_then_fail(call: Call) -> Result<Answer> {
    create(&call).await?;
    Ok(Answer::json(&json!({ "oh": "no" })).status(503))
}

/// Starts a session, and then says that there is none.
pub(super) async fn create_session_then_unauthorised(call: Call) -> Result<Answer> {
    create(&call).await?;
    Err(SessionError::unauthorised("changed my mind").into())
}

/// Merges the body into the access token.
pub(super) async fn merge_payload(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.merge_into_access_token_payload(object(&call)?).await?;
    Ok(Answer::json(&describe(session)))
}

/// Merges the body into the access token, and then returns an error.
pub(super) async fn merge_payload_then_error(call: Call) -> Result<Answer> {
    merge_payload(call).await?;
    Err(Error::bad_input("changed my mind"))
}

/// Merges the body into the access token, and sets cookies and headers of its own.
pub(super) async fn merge_payload_with_own_headers(call: Call) -> Result<Answer> {
    let answer = merge_payload(call).await?;
    Ok(answer
        .header("set-cookie", "theme=dark; Path=/")
        .header("set-cookie", "size=large; Path=/")
        .header("access-control-expose-headers", "x-own"))
}

/// Merges the body into the access token, and says about caches what the request asks for.
pub(super) async fn merge_payload_cached(call: Call) -> Result<Answer> {
    let asked = call.cx.request().and_then(|request| request.header("x-cache-control"));
    let asked = asked.unwrap_or_default().to_owned();
    Ok(merge_payload(call).await?.header("cache-control", &asked))
}

/// Marks the second factor as done.
pub(super) async fn complete_second_factor(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.set_claim_value(&*SECOND_FACTOR, true).await?;
    Ok(Answer::json(&describe(session)))
}

/// Fetches the second factor's claim again.
pub(super) async fn fetch_second_factor(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.fetch_and_set_claim(&*SECOND_FACTOR).await?;
    Ok(Answer::json(&describe(session)))
}

/// Removes the second factor's claim.
pub(super) async fn remove_second_factor(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    session.remove_claim(&*SECOND_FACTOR).await?;
    Ok(Answer::json(&describe(session)))
}

/// Ends the session.
pub(super) async fn revoke(call: Call) -> Result<Answer> {
    session(&call)?.revoke_session().await?;
    Ok(Answer::json(&json!({ "revoked": true })))
}

/// Ends every session of the user.
pub(super) async fn revoke_all(call: Call) -> Result<Answer> {
    let user_id = session(&call)?.get_user_id().clone();
    let handles = call.cx.session()?.revoke_all_sessions_for_user(&user_id).await?;
    Ok(Answer::json(&json!({ "revoked": handles.len() })))
}

/// Shows what the core keeps of the session, after replacing it where a body is given.
pub(super) async fn session_data(call: Call) -> Result<Answer> {
    let session = session(&call)?;
    if !call.body.is_empty() {
        session.update_session_data_in_database(object(&call)?).await?;
    }
    Ok(Answer::json(&json!({
        "data": session.get_session_data_from_database().await?,
        "timeCreated": session.get_time_created().await?,
        "expiry": session.get_expiry().await?,
    })))
}

/// Replaces what the core keeps of the session, and reads nothing.
pub(super) async fn replace_session_data(call: Call) -> Result<Answer> {
    session(&call)?.update_session_data_in_database(object(&call)?).await?;
    Ok(Answer::json(&json!({ "replaced": true })))
}

/// Says that there is no session, as an application's own check might.
pub(super) async fn raise_unauthorised(_call: Call) -> Result<Answer> {
    Err(SessionError::unauthorised("the application says so").into())
}

/// Fails in a way that clients should learn nothing about.
pub(super) async fn raise_internal(_call: Call) -> Result<Answer> {
    Err(Error::other("the password of the database is hunter2"))
}

/// Gives the user a message.
pub(super) async fn raise_general(_call: Call) -> Result<Answer> {
    Err(Error::general("Please come back tomorrow"))
}

pub(super) fn describe(session: &Session) -> Value {
    json!({
        "sessionHandle": session.get_handle(),
        "userId": session.get_user_id(),
        "recipeUserId": session.get_recipe_user_id(),
        "tenantId": session.get_tenant_id(),
        "accessTokenPayload": *session.get_access_token_payload(),
    })
}

pub(super) fn session(call: &Call) -> Result<&Session> {
    call.session.as_ref().ok_or_else(|| Error::other("the guard let a request pass"))
}

pub(super) fn object(call: &Call) -> Result<JsonObject> {
    if call.body.is_empty() {
        return Ok(JsonObject::new());
    }
    serde_json::from_slice(&call.body).map_err(|error| Error::bad_input(error.to_string()))
}

pub(super) async fn create(call: &Call) -> Result<Session> {
    let body = object(call)?;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let inner = |key: &str| body.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    let input = NewSessionInput::new(text("userId").unwrap_or("ada"))
        .tenant_id(text("tenantId").map(TenantId::new).unwrap_or_default())
        .access_token_payload(inner("payload"))
        .session_data_in_database(inner("data"));
    call.cx.session()?.create_new_session(input).await
}
