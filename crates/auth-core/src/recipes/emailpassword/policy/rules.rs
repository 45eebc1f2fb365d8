//! A policy in use.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{Form, common, reference, words::Words};
use crate::Result;

const MADE_OF_WORDS: &str = "This password is made of your address or of the name of this service. \
                             Please choose another one";
#[cfg(feature = "zxcvbn")]
const TOO_WEAK: &str = "This password is too easy to guess. Please choose another one";

/// What is asked of a new password, whatever an application's own rule says.
#[derive(Debug)]
pub(in super::super) struct Rules {
    /// `None` where a rule of the application's stands in its place.
    pub(in super::super) form: Option<Form>,
    pub(in super::super) refuses_common: bool,
    pub(super) words: Option<Words>,
    #[cfg(feature = "zxcvbn")]
    pub(super) least_score: Option<u8>,
}

impl Rules {
    /// Whether the user's address plays a part.
    pub(in super::super) fn regards_address(&self) -> bool {
        #[cfg(feature = "zxcvbn")]
        if self.least_score.is_some() {
            return true;
        }
        self.words.is_some()
    }

    /// Why the password is refused, for the user; `None` where it isn't.
    // The score alone is awaited.
    #[cfg_attr(not(feature = "zxcvbn"), allow(clippy::unused_async))]
    pub(in super::super) async fn problem(
        &self,
        password: &str,
        email: Option<&str>,
    ) -> Result<Option<Cow<'static, str>>> {
        if let Some(problem) = self.form.and_then(|form| form.problem(password)) {
            return Ok(Some(problem));
        }
        let common = || common::problem(password).filter(|_| self.refuses_common);
        let of_words = || self.words.as_ref().is_some_and(|words| words.make_up(password, email));
        if let Some(problem) = common().or_else(|| of_words().then_some(MADE_OF_WORDS)) {
            return Ok(Some(problem.into()));
        }
        #[cfg(feature = "zxcvbn")]
        if let Some(least) = self.least_score
            && super::strength::score(password, self.words.as_ref(), email).await? < least
        {
            return Ok(Some(TOO_WEAK.into()));
        }
        Ok(None)
    }
}

impl Form {
    fn problem(self, password: &str) -> Option<Cow<'static, str>> {
        match self {
            Self::Reference => reference::password_problem(password).map(Cow::Borrowed),
            Self::Lengths { least, most } => {
                // In the one form in which it is compared (RFC 8265): each code point is one character.
                match password.nfc().count() {
                    length if length < least => {
                        Some(format!("Password must contain at least {least} characters").into())
                    }
                    length if length > most => {
                        Some(format!("Password must contain at most {most} characters").into())
                    }
                    _ => None,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::PasswordPolicy, *};

    fn problem(policy: PasswordPolicy, password: &str) -> Option<String> {
        let rules = policy.check("Conformance").expect("a policy");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let problem = runtime.block_on(rules.problem(password, Some("ada@example.com")));
        problem.expect("judged").map(Cow::into_owned)
    }

    #[test]
    fn nist_s_rule_is_a_length_in_characters_and_nothing_else() {
        let nist = PasswordPolicy::nist;
        let short = Some("Password must contain at least 15 characters".to_owned());
        let long = Some("Password must contain at most 1024 characters".to_owned());
        for (password, wanted) in [
            ("plum kettle fog", None),
            ("plum kettle fo", short.clone()),
            // Fifteen code points, in whatever form they are typed.
            ("пять слов здесь", None),
            ("a\u{308}o\u{308}u\u{308} plum fog ", short.clone()),
            (&"🐢🦆🐝".repeat(5), None),
            (&"🐢🦆".repeat(512), None),
            (&format!("{}x", "🐢🦆".repeat(512)), long),
            ("passwordpassword", Some(common::problem("password1").expect("common").to_owned())),
            ("ada@example.com", Some(MADE_OF_WORDS.to_owned())),
        ] {
            assert_eq!(problem(nist(), password), wanted, "{password}");
        }
        assert_eq!(problem(nist().beside_another_factor(), "plum fog"), None);
        assert!(problem(nist().beside_another_factor(), "plum fo").is_some());
    }

    #[test]
    fn the_reference_s_rule_knows_no_words_unless_it_is_told() {
        assert_eq!(problem(PasswordPolicy::reference(), "conformance1"), None);
        let told = PasswordPolicy::reference().context_words(["northwind"]);
        for password in ["conformance1", "Northwind2026", "ada@example.com1"] {
            assert_eq!(
                problem(told.clone(), password).as_deref(),
                Some(MADE_OF_WORDS),
                "{password}"
            );
        }
        assert_eq!(problem(told, "plum kettle 1"), None);
    }

    proptest! {
        /// Whoever types the same characters on another keyboard is told the same.
        #[test]
        fn the_verdict_does_not_depend_on_how_characters_are_composed(password in "\\PC{0,40}") {
            let composed: String = password.nfc().collect();
            let decomposed: String = password.nfd().collect();
            let policy = PasswordPolicy::nist().beside_another_factor().context_words(["Zürich"]);
            prop_assert_eq!(
                problem(policy.clone(), &composed),
                problem(policy, &decomposed)
            );
        }

        #[test]
        fn nist_s_rule_asks_for_no_kind_of_character(password in "[ghjkqvwxz]{15,64}|[2-9]{15,64}|[!-/]{15,64}") {
            prop_assert_eq!(problem(PasswordPolicy::nist(), &password), None);
        }
    }
}
