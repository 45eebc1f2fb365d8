//! What a new password must be.

mod common;
mod reference;
mod rules;
#[cfg(feature = "zxcvbn")]
mod strength;
mod words;

pub(super) use rules::Rules;

use crate::ConfigError;

const FIELD: &str = "emailpassword.password_policy";

/// The rules for new passwords: at sign-up, at a change and at a reset. Nobody is kept from signing
/// in with the password that an account has.
///
/// ```
/// use auth_core::recipes::emailpassword::{EmailPasswordRecipe, PasswordPolicy};
///
/// let policy = PasswordPolicy::nist().context_words(["Example", "example.com", "northwind"]);
/// let recipe = EmailPasswordRecipe::new().password_policy(policy);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PasswordPolicy {
    form: Form,
    /// The application's words, where such words are refused.
    words: Option<Vec<String>>,
    #[cfg(feature = "zxcvbn")]
    least_score: Option<u8>,
}

/// Of what form a password must be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A letter and a digit, in the reference's words (FDI §10).
    Reference,
    /// As many characters, whichever they are.
    Lengths { least: usize, most: usize },
}

impl PasswordPolicy {
    /// The longest password that a policy can accept, in characters.
    pub const LONGEST: usize = 1024;
    /// The shortest one where it is the only proof (NIST SP 800-63B-4, section 3.1.1.2).
    pub const LEAST_ALONE: usize = 15;
    /// The shortest one where another factor is asked beside it (the same).
    pub const LEAST_BESIDE_ANOTHER_FACTOR: usize = 8;
    /// What every policy must at least accept the length of (the same).
    const LEAST_MOST: usize = 64;
    /// How many words an application may name.
    const MOST_WORDS: usize = 256;

    /// The reference's rule, which is the default, because its prebuilt pages know it: 8 to 99
    /// UTF-16 units with a letter and a digit (FDI §10).
    pub fn reference() -> Self {
        Self::of(Form::Reference, None)
    }

    /// As NIST SP 800-63B-4 and ASVS 5, V6.2, have it: 15 to 1,024 characters, whichever they are,
    /// and none that is mostly made of the user's address or of the application's name.
    ///
    /// The reference's prebuilt pages ask for a letter, a digit and less than 100 characters before
    /// a form is sent: give the field `password` a rule of your own there.
    pub fn nist() -> Self {
        let form = Form::Lengths { least: Self::LEAST_ALONE, most: Self::LONGEST };
        Self::of(form, Some(Vec::new()))
    }

    fn of(form: Form, words: Option<Vec<String>>) -> Self {
        Self {
            form,
            words,
            #[cfg(feature = "zxcvbn")]
            least_score: None,
        }
    }

    /// Accepts 8 characters: for an application in which nobody signs in by a password alone. Not
    /// for the reference's rule, which has lengths of its own; nor are the two below.
    pub fn beside_another_factor(self) -> Self {
        self.min_length(Self::LEAST_BESIDE_ANOTHER_FACTOR)
    }

    /// How many characters a password has at least: 15 unless set, and never less than 8.
    pub fn min_length(mut self, characters: usize) -> Self {
        let most = match self.form {
            Form::Reference => 0,
            Form::Lengths { most, .. } => most,
        };
        self.form = Form::Lengths { least: characters, most };
        self
    }

    /// How many characters a password has at most: 1,024 unless set, from 64 to 1,024.
    pub fn max_length(mut self, characters: usize) -> Self {
        let least = match self.form {
            Form::Reference => 0,
            Form::Lengths { least, .. } => least,
        };
        self.form = Form::Lengths { least, most: characters };
        self
    }

    /// Refuses passwords of which more than half is made of these words (names of products, of the
    /// company, of its places), of the application's name or of the user's address, in whatever case
    /// and width (ASVS 5, 6.1.2 and 6.2.11); up to 256 words. More calls add words.
    pub fn context_words(mut self, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.words.get_or_insert_default().extend(words.into_iter().map(Into::into));
        self
    }

    /// Refuses passwords that `zxcvbn` gives a lower score than this, from 0 to 4; it is told the
    /// words that are refused. The first 64 characters are judged, as its time grows faster than the
    /// password.
    #[cfg(feature = "zxcvbn")]
    pub fn min_score(mut self, score: u8) -> Self {
        self.least_score = Some(score);
        self
    }

    /// The rules, for an application of this name.
    pub(super) fn check(self, app_name: &str) -> Result<Rules, ConfigError> {
        let refused = |problem: String, expected: &'static str| {
            Err(ConfigError::new(FIELD, problem, expected))
        };
        if let Form::Lengths { least, most } = self.form {
            let least_of_all = Self::LEAST_BESIDE_ANOTHER_FACTOR;
            if !(Self::LEAST_MOST..=Self::LONGEST).contains(&most) {
                let problem = format!("it accepts {most} characters at most");
                return refused(problem, "`nist()` with 64 to 1,024, or `reference()` as it is");
            }
            if !(least_of_all..=Self::LEAST_MOST).contains(&least) {
                let problem = format!("it accepts {least} characters");
                return refused(problem, "8 to 64 at least: NIST permits no less than 8");
            }
        }
        if self.words.as_ref().is_some_and(|words| words.len() > Self::MOST_WORDS) {
            return refused("it names more than 256 words".to_owned(), "256 at most");
        }
        #[cfg(feature = "zxcvbn")]
        if let Some(score) = self.least_score.filter(|score| *score > 4) {
            return refused(format!("no password has the score {score}"), "a score from 0 to 4");
        }
        Ok(Rules {
            form: Some(self.form),
            refuses_common: true,
            words: self.words.map(|words| words::Words::new(app_name, &words)),
            #[cfg(feature = "zxcvbn")]
            least_score: self.least_score,
        })
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::reference()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_that_nist_does_not_permit_are_refused_at_the_start() {
        let nist = PasswordPolicy::nist;
        for good in [
            PasswordPolicy::reference(),
            PasswordPolicy::reference().context_words(["x"]),
            nist(),
            nist().beside_another_factor(),
            nist().min_length(64).max_length(64),
            nist().max_length(1024),
        ] {
            assert!(good.clone().check("App").is_ok(), "{good:?}");
        }
        for bad in [
            nist().min_length(7),
            nist().min_length(65),
            nist().max_length(63),
            nist().max_length(1025),
            PasswordPolicy::reference().min_length(8),
            PasswordPolicy::reference().max_length(64),
            nist().context_words((0..257).map(|number| number.to_string())),
        ] {
            let text = format!("{bad:?}");
            let error = bad.check("App").expect_err(&text);
            assert_eq!(error.field(), FIELD, "{text}");
        }
    }
}
