//! Words that whoever guesses a user's password tries first, because they know the user and the
//! application.

use unicode_normalization::UnicodeNormalization;

/// Shorter words are everywhere.
const SHORTEST: usize = 3;

/// The application's words, each in the form in which words are compared.
#[derive(Debug)]
pub(super) struct Words(Vec<Vec<char>>);

impl Words {
    pub(super) fn new(app_name: &str, others: &[String]) -> Self {
        let texts = others.iter().map(String::as_str).chain([app_name]);
        Self(texts.flat_map(words_of).collect())
    }

    /// Whether more than half of the password is these words, or of the address.
    pub(super) fn make_up(&self, password: &str, email: Option<&str>) -> bool {
        let password = fold(password);
        let of_address = email.map(words_of_address).unwrap_or_default();
        let mut covered = vec![false; password.len()];
        for word in self.0.iter().chain(&of_address) {
            for (start, part) in password.windows(word.len()).enumerate() {
                if part == word.as_slice() {
                    covered.iter_mut().skip(start).take(word.len()).for_each(|it| *it = true);
                }
            }
        }
        covered.iter().filter(|it| **it).count() * 2 > password.len()
    }

    /// All of them, as texts.
    #[cfg(feature = "zxcvbn")]
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|word| word.iter().collect())
    }
}

/// The words of an address, as texts.
#[cfg(feature = "zxcvbn")]
pub(super) fn texts_of_address(email: &str) -> impl Iterator<Item = String> {
    words_of_address(email).into_iter().map(|word| word.into_iter().collect())
}

/// The address, what stands before and behind the `@`, and the words in both but for the last
/// label.
fn words_of_address(email: &str) -> Vec<Vec<char>> {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let labels = domain.rsplit_once('.').map_or(domain, |(labels, _)| labels);
    let whole = [email, domain].into_iter().map(fold).filter(|word| is_long_enough(word));
    whole.chain(words_of(local)).chain(words_of(labels)).collect()
}

/// The text, the text without what separates its words, and its words.
fn words_of(text: &str) -> Vec<Vec<char>> {
    let whole = fold(text);
    let joined: Vec<char> = whole.iter().copied().filter(|c| c.is_alphanumeric()).collect();
    let parts = text.split(|c: char| !c.is_alphanumeric()).map(fold);
    let mut words: Vec<Vec<char>> = parts.chain([whole, joined]).collect();
    words.retain(|word| is_long_enough(word));
    words.sort_unstable();
    words.dedup();
    words
}

/// Two letters are a whole name in some scripts.
fn is_long_enough(word: &[char]) -> bool {
    word.len() >= SHORTEST || (word.len() + 1 == SHORTEST && word.iter().all(|c| !c.is_ascii()))
}

/// A text for comparisons: without blanks, in one case and width. Twice to lower case, as a capital
/// sharp s is two letters only from there.
fn fold(text: &str) -> Vec<char> {
    let lower = text.nfkc().flat_map(char::to_lowercase);
    let cased = lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    let folded: String = cased.filter(|c| !c.is_whitespace()).collect();
    folded.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMAIL: &str = "ada.lovelace@analytical.example";

    fn is_refused(password: &str) -> bool {
        Words::new("Difference Engine", &["Zürich".to_owned(), "B&B".to_owned(), "田中".to_owned()])
            .make_up(password, Some(EMAIL))
    }

    #[test]
    fn passwords_made_of_the_address_the_name_or_a_word_are_refused() {
        for password in [
            EMAIL,
            "ADA.LOVELACE@ANALYTICAL.EXAMPLE",
            "ada.lovelace2026",
            "AdaLovelace!!!",
            "lovelace ada 1815",
            "Ｌｏｖｅｌａｃｅ１８１５",
            "analytical.example",
            "Analytical2026",
            "difference engine",
            "Differenceengine99",
            "engine engine engine",
            "ZÜRICH zürich",
            "zu\u{308}rich1",
            "B&Bb&b",
            "田中田中田中1",
        ] {
            assert!(is_refused(password), "{password}");
        }
    }

    #[test]
    fn a_word_in_a_longer_password_is_no_fault() {
        for password in [
            "",
            "plum kettle fog",
            "my engine drinks plum tea",
            "canada goose at nine",
            "lovelace wrote plum kettles",
            "example example example",
        ] {
            assert!(!is_refused(password), "{password}");
        }
    }

    /// Words, not all of ASCII.
    fn word() -> impl Strategy<Value = String> {
        "[a-zäöüßéñçıσжщ]{3,12}"
    }

    proptest! {
        /// In any case, width, composition and repetition, with less than as much around it.
        #[test]
        fn most_of_a_password_is_found_in_every_spelling(
            word in word(), times in 1_usize..4, spelling in 0..5, before in "[0-9]{0,1}", after in "[0-9]{0,1}",
        ) {
            let spelt: String = match spelling {
                0 => word.clone(),
                1 => word.to_uppercase(),
                2 => word.nfd().collect(),
                3 => word.chars().flat_map(|c| [c, ' ']).collect(),
                _ => word.chars().map(|c| match c {
                    'a'..='z' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
                    _ => c,
                }).collect(),
            };
            let words = Words::new("", &[word]);
            let password = format!("{before}{}{after}", spelt.repeat(times));
            prop_assert!(words.make_up(&password, None), "{password}");
        }

        #[test]
        fn a_password_of_other_letters_is_never_refused(
            word in "[a-m]{3,12}", local in "[a-m.+]{1,12}", password in "[n-zN-Z0-9 ]{0,64}",
        ) {
            let email = format!("{local}@{word}.example");
            prop_assert!(!Words::new(&word, &[local]).make_up(&password, Some(&email)));
        }

        #[test]
        fn any_text_is_judged(app in "\\PC{0,20}", word in "\\PC{0,20}", email in "\\PC{0,20}", password in "\\PC{0,60}") {
            Words::new(&app, &[word]).make_up(&password, Some(&email));
        }

        #[test]
        fn folding_once_more_changes_nothing(text in "\\PC{0,30}") {
            let once = fold(&text);
            let text: String = once.iter().collect();
            prop_assert_eq!(fold(&text), once);
        }
    }
}
