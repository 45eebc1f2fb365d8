//! What differs between the providers.

/// A provider. All of them take a form with `secret`, `response` and `remoteip`, and answer JSON with
/// `success`, `hostname` and `error-codes`.
#[derive(Debug)]
pub(super) struct Description {
    /// Its name, as pages are told.
    pub(super) provider: &'static str,
    /// Where it is asked.
    pub(super) url: &'static str,
    /// Whether it is told the site's key, so that another site's tokens don't count.
    pub(super) takes_site_key: bool,
    /// The lowest score that passes, where its answers have one.
    pub(super) min_score: Option<f64>,
    /// Whether its answers name the action that the page asked for.
    pub(super) actions: Actions,
}

/// Whether a provider's answers name the action that the page asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Actions {
    /// They don't.
    Never,
    /// They do where the page gives one.
    Sometimes,
    /// They do.
    Always,
}

pub(super) const TURNSTILE: Description = Description {
    provider: "turnstile",
    url: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    takes_site_key: false,
    min_score: None,
    actions: Actions::Sometimes,
};

pub(super) const HCAPTCHA: Description = Description {
    provider: "hcaptcha",
    url: "https://api.hcaptcha.com/siteverify",
    takes_site_key: true,
    min_score: None,
    actions: Actions::Never,
};

const RECAPTCHA_URL: &str = "https://www.google.com/recaptcha/api/siteverify";

pub(super) const RECAPTCHA_V2: Description = Description {
    provider: "recaptcha-v2",
    url: RECAPTCHA_URL,
    takes_site_key: false,
    min_score: None,
    actions: Actions::Never,
};

pub(super) const RECAPTCHA_V3: Description = Description {
    provider: "recaptcha-v3",
    url: RECAPTCHA_URL,
    takes_site_key: false,
    min_score: Some(0.5),
    actions: Actions::Always,
};
