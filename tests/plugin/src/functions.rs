//! What the recipe does.

use auth_core::{
    Context, Result, async_trait,
    overrides::{Overrides, input, overridable},
    protocol::{Secret, UserId},
};

use crate::{
    mail::MagicWordEmail,
    recipe::MagicWord,
    word::{Kept, LIFETIME},
};

input! {
    /// Whom to send a word.
    pub struct SendWordInput {
        /// The user.
        user_id: UserId,
        /// The address.
        email: String,
    }
}

input! {
    /// A word that a user has typed in.
    pub struct VerifyWordInput {
        /// The user.
        user_id: UserId,
        /// The word.
        word: Secret,
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

overridable! {
    /// The recipe's functions.
    pub struct MagicWordFunctions;
    /// Replaces functions of [`MagicWordFunctions`].
    pub trait MagicWordOverride;
    trait MagicWordBase;
    handle MagicWords by magic_words of MagicWord through MagicWordContext;

    /// Draws a word and sends it after the answer.
    async fn send_word(input: SendWordInput) -> Result<SendWordOutcome>;

    /// Whether a word is the user's; the first that is sets the factor up.
    async fn verify_word(input: VerifyWordInput) -> Result<bool>;
}

pub(crate) fn with_overrides(overrides: Overrides<MagicWordFunctions>) -> MagicWordFunctions {
    overrides.around(MagicWordFunctions::new(Base))
}

struct Base;

#[async_trait]
impl MagicWordBase for Base {
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
            let recipe = MagicWord::of(&work_cx)?;
            recipe.email_delivery.send_email(&work_cx, mail).await
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
