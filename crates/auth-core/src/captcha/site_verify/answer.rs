//! What a provider says of a token.

use serde::Deserialize;

/// What a provider says of a token.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) success: bool,
    #[serde(default)]
    pub(super) hostname: Option<String>,
    #[serde(default)]
    pub(super) action: Option<String>,
    #[serde(default)]
    pub(super) score: Option<f64>,
    #[serde(default, rename = "error-codes")]
    error_codes: Vec<String>,
}

/// What says that the provider or this application is at fault and nothing was judged. Every other code
/// is about the token.
const NOT_THE_TOKEN: [&str; 10] = [
    "bad-request",
    "internal-error",
    "invalid-input-secret",
    "invalid-keys",
    "missing-input-secret",
    "missing-remoteip",
    "invalid-remoteip",
    "not-using-dummy-secret",
    "rate-limited",
    "sitekey-secret-mismatch",
];

impl Answer {
    /// The codes that say so, where nothing was judged.
    pub(super) fn our_fault(&self) -> Option<String> {
        let is_about_us = |code: &&String| NOT_THE_TOKEN.contains(&code.as_str());
        let codes: Vec<&str> =
            self.error_codes.iter().filter(is_about_us).map(String::as_str).collect();
        (!codes.is_empty()).then(|| codes.join(", "))
    }
}
