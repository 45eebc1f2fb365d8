//! The Pwned Passwords range API: who asks names five characters of a digest, and is told the rest
//! of each digest that begins so (k-anonymity).

use std::fmt::{self, Write as _};

use async_trait::async_trait;
use auth_protocol::Secret;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use http::header;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::BreachedPasswords;
use crate::{
    ConfigError, Context, Error, Result,
    outgoing::{private_url, with_causes},
};

const FIELD: &str = "emailpassword.breached_passwords";
const PUBLIC: &str = "https://api.pwnedpasswords.com";
/// How much of an answer is read: with its padding one has some 80 KiB.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// The characters of a SHA-1 digest that the service is told, and those that it tells.
const PREFIX: usize = 5;
const SUFFIX: usize = 35;

/// Asks the range API of Pwned Passwords, or a mirror of it. Nobody there sees the password or its
/// digest, but the first 20 bits of that, which hundreds of breached passwords share; padding hides in
/// the answer's length how many those are.
///
/// ```
/// use auth_core::recipes::emailpassword::{BreachCheck, EmailPasswordRecipe, PwnedPasswordsApi};
///
/// # fn example() -> Result<(), auth_core::ConfigError> {
/// let check = BreachCheck::new(PwnedPasswordsApi::new()?).at_sign_in();
/// let recipe = EmailPasswordRecipe::new().breached_passwords(check);
/// // In a network that is closed:
/// let mirror = PwnedPasswordsApi::at("https://pwned.internal.example.com")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct PwnedPasswordsApi {
    client: reqwest::Client,
    base: Url,
    least_count: u64,
}

impl PwnedPasswordsApi {
    /// The public service, `api.pwnedpasswords.com`.
    ///
    /// # Errors
    /// Where no HTTP client can be made on this system.
    pub fn new() -> Result<Self, ConfigError> {
        Self::at(PUBLIC)
    }

    /// A mirror, which has `/range/{five characters}` below this address.
    ///
    /// # Errors
    /// Where the address is neither `https` nor on this machine, or no HTTP client can be made.
    pub fn at(base: &str) -> Result<Self, ConfigError> {
        let base = address(base).ok_or_else(|| {
            let problem = format!("`{base}` can't be used");
            ConfigError::new(FIELD, problem, "an https address, without a query")
        })?;
        let client = reqwest::Client::builder()
            .user_agent(concat!("auth-core/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                let expected = "a system in which an HTTP client can be made";
                ConfigError::new(FIELD, with_causes(&error), expected)
            })?;
        Ok(Self { client, base, least_count: 1 })
    }

    /// In how many breached accounts a password must have been found to be refused; 1 unless set.
    pub fn least_count(mut self, accounts: u64) -> Self {
        self.least_count = accounts.max(1);
        self
    }

    /// The digests that begin with this prefix, as text.
    async fn range(&self, prefix: &str) -> Result<Vec<u8>> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(["range", prefix]);
        }
        // The address holds a part of a digest.
        let failed = |error: reqwest::Error| unavailable(with_causes(&error.without_url()));
        let request = self.client.get(url).header("Add-Padding", "true");
        let mut response =
            request.header(header::ACCEPT, "text/plain").send().await.map_err(failed)?;
        if response.status() != http::StatusCode::OK {
            return Err(unavailable(format!("the status is {}", response.status())));
        }
        let mut answer = Vec::new();
        while let Some(part) = response.chunk().await.map_err(failed)? {
            if answer.len() + part.len() > LONGEST_ANSWER {
                return Err(unavailable("the answer is too long"));
            }
            answer.extend_from_slice(&part);
        }
        Ok(answer)
    }
}

#[async_trait]
impl BreachedPasswords for PwnedPasswordsApi {
    async fn is_breached(&self, _cx: &Context, password: &Secret) -> Result<bool> {
        let digest = hex_digest(password);
        let (prefix, suffix) = digest.split_at(PREFIX);
        let answer = self.range(prefix).await?;
        let count = count_in(&answer, suffix).ok_or_else(|| unavailable("the answer is none"))?;
        Ok(count >= self.least_count)
    }
}

impl fmt::Debug for PwnedPasswordsApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PwnedPasswordsApi")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

fn unavailable(why: impl fmt::Display) -> Error {
    Error::other(format!("the range API of breached passwords: {why}"))
}

/// The digest of the password in its composed form, 40 characters.
fn hex_digest(password: &Secret) -> String {
    let composed: Secret = password.expose_secret().nfc().collect::<String>().into();
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, composed.expose_secret().as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// How often the password with this rest of a digest was found; `None` where the text is no such list.
/// Rows that count nothing are padding.
fn count_in(answer: &[u8], suffix: &str) -> Option<u64> {
    let mut count = None;
    for line in std::str::from_utf8(answer).ok()?.lines().map(str::trim) {
        if line.is_empty() {
            continue;
        }
        let (hash, number) = line.split_once(':')?;
        let is_hash = hash.len() == SUFFIX && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number: u64 = number.parse().ok().filter(|_| is_hash)?;
        let found = if hash.eq_ignore_ascii_case(suffix) { number } else { 0 };
        count = Some(count.unwrap_or(0).max(found));
    }
    count
}

fn address(text: &str) -> Option<Url> {
    private_url(text).filter(|url| url.query().is_none() && url.fragment().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_digest_is_sha_1_of_the_composed_password() {
        // RFC 3174, section 7.3, its first test.
        assert_eq!(hex_digest(&"abc".into()), "A9993E364706816ABA3E25717850C26C9CD0D89D");
        assert_eq!(hex_digest(&"a\u{308}".into()), hex_digest(&"ä".into()));
    }

    #[test]
    fn a_list_is_read_in_any_case_and_with_any_line_ends_and_padding_counts_nothing() {
        let suffix = "00D4F6E8FA6EECAD2A3AA415EEC418D38EC";
        let other = "011053FD0102E94D6AE2F8B83D76FAF94F6";
        for (list, count) in [
            (format!("{suffix}:7\r\n{other}:1\r\n"), Some(7)),
            (format!("{other}:1\n{}:7", suffix.to_lowercase()), Some(7)),
            (format!("{suffix}:0\r\n{other}:1\r\n"), Some(0)),
            (format!("{suffix}:7\r\n{suffix}:0\r\n"), Some(7)),
            (format!("{other}:1\r\n\r\n"), Some(0)),
            (String::new(), None),
            ("\r\n".to_owned(), None),
            ("<html>blocked</html>".to_owned(), None),
            (format!("{suffix}:7\r\n<html>"), None),
            (format!("{suffix}:many"), None),
            (format!("{suffix}:-1"), None),
            (suffix.to_owned(), None),
            (format!("X{suffix}:7"), None),
            (format!("{}:7", suffix.replace('0', "g")), None),
        ] {
            assert_eq!(count_in(list.as_bytes(), suffix), count, "{list}");
        }
        assert_eq!(count_in(&[0xff], suffix), None);
    }

    #[test]
    fn a_mirror_is_spoken_to_by_tls_or_on_this_machine() {
        for good in ["https://a.example/mirror/", "http://127.0.0.1:1", "http://[::1]:1"] {
            assert!(PwnedPasswordsApi::at(good).is_ok(), "{good}");
        }
        for bad in ["http://a.example", "ftp://localhost", "a.example", "https://a.example?x=1"] {
            let error = PwnedPasswordsApi::at(bad).expect_err(bad);
            assert_eq!(error.field(), FIELD);
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read(answer in proptest::collection::vec(any::<u8>(), 0..200)) {
            count_in(&answer, "00D4F6E8FA6EECAD2A3AA415EEC418D38EC");
        }
    }
}
