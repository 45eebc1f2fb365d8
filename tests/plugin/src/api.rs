//! What the routes do.

use auth_core::{
    ApiCall, Context, Error, Response, Result,
    protocol::Secret,
    recipes::{
        multifactorauth::{MarkFactorAsCompleteInSessionInput, required_session},
        session::Session,
    },
};
use serde_json::{Value, json};

use crate::{
    MAGIC_WORD, SendWordInput, SendWordOutcome, VerifyWordInput, recipe::MagicWord, word::Kept,
};

/// An API of this recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MagicWordApi {
    /// `POST /magicword/send`
    SendPost,
    /// `POST /magicword/verify`
    VerifyPost,
}

pub(crate) async fn send(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    assert_may_use(cx, &session).await?;
    let user = cx.get_user(session.get_user_id()).await?;
    let user = user.ok_or_else(|| Error::other("the session's user doesn't exist"))?;
    let own = || user.login_methods.iter().filter_map(|method| method.email.as_deref());
    let email = match cx.json_body()?.get("email") {
        None => own().next(),
        Some(Value::String(asked)) => own().find(|email| email == asked),
        Some(_) => return Err(Error::bad_input("email must be a string")),
    };
    let email = email.ok_or_else(|| Error::bad_input("email must be one of the user's own"))?;
    let input = SendWordInput::new(session.get_user_id().clone(), email);
    Ok(match cx.recipe::<MagicWord>()?.functions.send_word(cx, input).await? {
        SendWordOutcome::Ok => Response::ok(&json!({ "status": "OK", "email": email })),
        SendWordOutcome::AlreadySent => Response::status_only("ALREADY_SENT"),
    })
}

pub(crate) async fn verify(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    assert_may_use(cx, &session).await?;
    let body = cx.json_body()?;
    let Some(Value::String(word)) = body.get("word") else {
        return Err(Error::bad_input("word is required and must be a string"));
    };
    let input = VerifyWordInput::new(session.get_user_id().clone(), Secret::from(word.as_str()));
    if !cx.recipe::<MagicWord>()?.functions.verify_word(cx, input).await? {
        return Ok(Response::status_only("WRONG_WORD_ERROR"));
    }
    let done = MarkFactorAsCompleteInSessionInput::new(session, MAGIC_WORD);
    cx.multifactorauth()?.mark_factor_as_complete_in_session(done).await?;
    Ok(Response::status_only("OK"))
}

/// Who hasn't set the factor up needs a session that may: a password alone must not add a factor
/// beside those that a user has.
async fn assert_may_use(cx: &Context, session: &Session) -> Result<()> {
    if Kept::read(cx, session.get_user_id()).await?.is_set_up {
        return Ok(());
    }
    cx.multifactorauth()?.assert_may_set_up(session, MAGIC_WORD).await
}
