//! What is known of a setting before it is read.

use auth_engine::CoreKey;
use url::{Host, Url};

/// A setting.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// Its name in the file.
    pub(super) name: &'static str,
    /// Its name in the environment, where that isn't the name in upper case.
    pub(super) env: Option<&'static str>,
    /// Whether its value mustn't be shown.
    pub(super) is_secret: bool,
    /// What may be written.
    pub(super) rule: Rule,
    /// Why it has no effect, if it hasn't.
    pub(super) without_effect: Option<&'static str>,
}

impl Key {
    /// Its name in the environment.
    pub(super) fn env_name(&self) -> String {
        self.env.map_or_else(|| self.name.to_ascii_uppercase(), str::to_owned)
    }
}

/// What a setting's value may be.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// What the engine's table says of the setting.
    OfCore(&'static CoreKey),
    /// Any text.
    Text,
    /// A whole number between two others.
    Whole(u64, u64),
    /// `true` or `false`.
    Flag,
    /// One of several words, in any case.
    OneOf(&'static [&'static str]),
    /// An address with scheme and host.
    Url,
    /// The name of a host, or its IPv4 address.
    Domain,
}

impl Rule {
    /// What would be right, in words; `None` where the value is.
    pub(super) fn refuse(self, text: &str) -> Option<String> {
        match self {
            Self::OfCore(key) => key.refuse(text),
            Self::Text => None,
            Self::Whole(least, most) => {
                let number = text.parse::<u64>().ok();
                let is_right = number.is_some_and(|number| (least..=most).contains(&number));
                (!is_right).then(|| format!("a whole number from {least} to {most}"))
            }
            Self::Flag => {
                let is_flag = ["true", "false"].iter().any(|flag| text.eq_ignore_ascii_case(flag));
                (!is_flag).then(|| "true or false".to_owned())
            }
            Self::OneOf(words) => {
                let is_known = words.iter().any(|word| text.eq_ignore_ascii_case(word));
                (!is_known).then(|| format!("one of {}", words.join(", ")))
            }
            Self::Url => {
                let is_url = Url::parse(text).is_ok_and(|url| url.has_host());
                (!is_url).then(|| "a URL, such as `https://auth.example.com`".to_owned())
            }
            Self::Domain => {
                let is_domain = Host::parse(text).is_ok_and(|host| !matches!(host, Host::Ipv6(_)));
                (!is_domain).then(|| "a host's name, such as `auth.example.com`".to_owned())
            }
        }
    }
}
