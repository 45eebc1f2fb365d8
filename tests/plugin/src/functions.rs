//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::{Secret, UserId},
};

use crate::{
    mail::MagicWordEmail,
    recipe::MagicWord,
    word::{Kept, LIFETIME},
};

/// Whom to send a word.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SendWordInput {
    /// The user.
    pub user_id: UserId,
    /// The address.
    pub email: String,
}

impl SendWordInput {
    /// A word for this user, to this address.
    pub fn new(user_id: UserId, email: impl Into<String>) -> Self {
        Self { user_id, email: email.into() }
    }
}

/// A word that a user has typed in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VerifyWordInput {
    /// The user.
    pub user_id: UserId,
    /// The word.
    pub word: Secret,
}

impl VerifyWordInput {
    /// This word of this user.
    pub fn new(user_id: UserId, word: impl Into<Secret>) -> Self {
        Self { user_id, word: word.into() }
    }
}

/// What became of a word that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SendWordOutcome {
    /// `OK`: it is on its way.
    Ok,
    /// `ALREADY_SENT`: one was sent a moment ago.
    AlreadySent,
}

/// The recipe's functions.
#[async_trait]
pub trait MagicWordFunctions: Send + Sync {
    /// Draws a word and sends it after the answer.
    async fn send_word(&self, cx: &Context, input: SendWordInput) -> Result<SendWordOutcome>;

    /// Whether a word is the user's; the first that is sets the factor up.
    async fn verify_word(&self, cx: &Context, input: VerifyWordInput) -> Result<bool>;
}

/// Replaces functions of [`MagicWordFunctions`].
#[async_trait]
pub trait MagicWordOverride: Send + Sync {
    /// Draws a word and sends it after the answer.
    async fn send_word(
        &self,
        original: &dyn MagicWordFunctions,
        cx: &Context,
        input: SendWordInput,
    ) -> Result<SendWordOutcome> {
        original.send_word(cx, input).await
    }

    /// Whether a word is the user's; the first that is sets the factor up.
    async fn verify_word(
        &self,
        original: &dyn MagicWordFunctions,
        cx: &Context,
        input: VerifyWordInput,
    ) -> Result<bool> {
        original.verify_word(cx, input).await
    }
}

/// Functions with a replacement around them.
pub(crate) struct Layer {
    pub(crate) original: Arc<dyn MagicWordFunctions>,
    pub(crate) replacement: Arc<dyn MagicWordOverride>,
}

#[async_trait]
impl MagicWordFunctions for Layer {
    async fn send_word(&self, cx: &Context, input: SendWordInput) -> Result<SendWordOutcome> {
        self.replacement.send_word(&*self.original, cx, input).await
    }

    async fn verify_word(&self, cx: &Context, input: VerifyWordInput) -> Result<bool> {
        self.replacement.verify_word(&*self.original, cx, input).await
    }
}

pub(crate) struct Base;

#[async_trait]
impl MagicWordFunctions for Base {
    async fn send_word(&self, cx: &Context, input: SendWordInput) -> Result<SendWordOutcome> {
        let SendWordInput { user_id, email } = input;
        let mut kept = Kept::read(cx, &user_id).await?;
        let Some(word) = kept.draw(cx.core().now_ms()) else {
            return Ok(SendWordOutcome::AlreadySent);
        };
        kept.write(cx, &user_id).await?;
        let mail = MagicWordEmail::new(email, word, LIFETIME);
        let work_cx = cx.clone();
        cx.after_answer("magic word mail", async move {
            let recipe = work_cx.recipe::<MagicWord>()?;
            recipe.email_delivery.send_email(&work_cx, mail.into()).await
        });
        Ok(SendWordOutcome::Ok)
    }

    async fn verify_word(&self, cx: &Context, input: VerifyWordInput) -> Result<bool> {
        let VerifyWordInput { user_id, word } = input;
        let mut kept = Kept::read(cx, &user_id).await?;
        let is_right = kept.take(&word, cx.core().now_ms());
        if is_right {
            kept.write(cx, &user_id).await?;
        }
        Ok(is_right)
    }
}
