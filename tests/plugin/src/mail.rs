//! The mail with the word.

use std::{fmt, time::Duration};

use auth_core::{
    delivery::{Letter, Mail, lifetime_in_words},
    protocol::Secret,
};

/// The contents of a `MAGIC_WORD` mail.
#[derive(Clone)]
#[non_exhaustive]
pub struct MagicWordEmail {
    /// The address.
    pub email: String,
    /// The word.
    pub word: Secret,
    /// How long it is good.
    pub lifetime: Duration,
}

impl MagicWordEmail {
    /// A mail to this address.
    pub fn new(email: impl Into<String>, word: Secret, lifetime: Duration) -> Self {
        Self { email: email.into(), word, lifetime }
    }
}

impl Mail for MagicWordEmail {
    fn type_name(&self) -> &'static str {
        "MAGIC_WORD"
    }

    fn to(&self) -> &str {
        &self.email
    }

    fn user_input_code(&self) -> Option<&Secret> {
        Some(&self.word)
    }

    fn letter(&self, app_name: &str) -> Letter {
        let lifetime = lifetime_in_words(self.lifetime);
        Letter::new("Your magic word", format!("Go on at {app_name}"), "Type this word in.")
            .closing(format!("It is good once, for {lifetime}."))
    }
}

impl fmt::Debug for MagicWordEmail {
    /// Without the address and the word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MagicWordEmail").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
