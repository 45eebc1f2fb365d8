//! What the routes do.

use auth_core::{
    ApiCall, Context, Error, Response, Result, async_trait,
    overrides::{Overrides, input, overridable},
    protocol::Secret,
    recipes::{
        multifactorauth::{MarkFactorAsCompleteInSessionInput, required_session},
        session::Session,
    },
};
use serde_json::{Value, json};

use crate::{
    MAGIC_WORD, MagicWordContext, SendWordInput, SendWordOutcome, VerifyWordInput,
    recipe::MagicWord, word::Kept,
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

input! {
    /// Who asks for a word.
    pub struct SendPostInput {
        /// The session that the request came with.
        session: Session,
        ..
        /// Which of the user's own addresses; the first by default.
        email: Option<String>,
    }
}

input! {
    /// A word that somebody typed in.
    pub struct VerifyPostInput {
        /// The session that the request came with.
        session: Session,
        /// The word.
        word: Secret,
    }
}

/// What became of the request for a word.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendPostOutcome {
    /// `OK`: a word is on its way to this address.
    Ok {
        /// The address.
        email: String,
    },
    /// `ALREADY_SENT`: one was sent a moment ago.
    AlreadySent,
}

overridable! {
    /// The recipe's APIs.
    pub struct MagicWordApis;
    /// Replaces APIs of [`MagicWordApis`].
    pub trait MagicWordApisOverride;
    trait MagicWordApisBase;

    /// Sends a word to one of the user's own addresses.
    async fn send_post(input: SendPostInput) -> Result<SendPostOutcome>;

    /// Completes the factor in the session; `false` where the word is wrong.
    async fn verify_post(input: VerifyPostInput) -> Result<bool>;
}

pub(crate) fn with_overrides(overrides: Overrides<MagicWordApis>) -> MagicWordApis {
    overrides.around(MagicWordApis::new(Base))
}

pub(crate) async fn send(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let mut input = SendPostInput::new(required_session(cx).await?);
    input.email = match cx.json_body()?.get("email") {
        None => None,
        Some(Value::String(email)) => Some(email.clone()),
        Some(_) => return Err(Error::bad_input("email must be a string")),
    };
    Ok(match MagicWord::of(cx)?.apis.send_post(cx, input).await? {
        SendPostOutcome::Ok { email } => Response::ok(&json!({ "status": "OK", "email": email })),
        SendPostOutcome::AlreadySent => Response::status_only("ALREADY_SENT"),
    })
}

pub(crate) async fn verify(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let Some(Value::String(word)) = body.get("word") else {
        return Err(Error::bad_input("word is required and must be a string"));
    };
    let input = VerifyPostInput::new(session, word.as_str());
    Ok(match MagicWord::of(cx)?.apis.verify_post(cx, input).await? {
        true => Response::status_only("OK"),
        false => Response::status_only("WRONG_WORD_ERROR"),
    })
}

struct Base;

#[async_trait]
impl MagicWordApisBase for Base {
    async fn send_post(&self, cx: &Context, input: SendPostInput) -> Result<SendPostOutcome> {
        let SendPostInput { session, email: asked } = input;
        assert_may_use(cx, &session).await?;
        let user = cx.get_user(session.get_user_id()).await?;
        let user = user.ok_or_else(|| Error::other("the session's user doesn't exist"))?;
        let mut own = user.login_methods.iter().filter_map(|method| method.email.as_deref());
        let email = match &asked {
            None => own.next(),
            Some(asked) => own.find(|email| email == asked),
        };
        let email = email.ok_or_else(|| Error::bad_input("email must be one of the user's own"))?;
        let input = SendWordInput::new(session.get_user_id(), email);
        Ok(match cx.magic_words()?.send_word(input).await? {
            SendWordOutcome::Ok => SendPostOutcome::Ok { email: email.to_owned() },
            SendWordOutcome::AlreadySent => SendPostOutcome::AlreadySent,
        })
    }

    async fn verify_post(&self, cx: &Context, input: VerifyPostInput) -> Result<bool> {
        let VerifyPostInput { session, word } = input;
        assert_may_use(cx, &session).await?;
        let input = VerifyWordInput::new(session.get_user_id(), word);
        if !cx.magic_words()?.verify_word(input).await? {
            return Ok(false);
        }
        let done = MarkFactorAsCompleteInSessionInput::new(session, MAGIC_WORD);
        cx.multifactorauth()?.mark_factor_as_complete_in_session(done).await?;
        Ok(true)
    }
}

/// Who hasn't set the factor up needs a session that may: a password alone must not add a factor
/// beside those that a user has.
async fn assert_may_use(cx: &Context, session: &Session) -> Result<()> {
    if Kept::read(cx, session.get_user_id()).await?.is_set_up {
        return Ok(());
    }
    cx.multifactorauth()?.assert_may_set_up(session, MAGIC_WORD).await
}
