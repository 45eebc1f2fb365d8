//! A captcha in front of what can be guessed: asked once half of a budget is spent, or always.
//!
//! [`CaptchaConfig`] names the provider and the actions; [`AuthBuilder::captcha`](crate::AuthBuilder::captcha)
//! takes it. [`Altcha`] is a proof of work that this library asks for and checks itself; with the feature
//! `captcha`, `SiteVerify` asks Turnstile, hCaptcha or reCAPTCHA; any other is an implementation of
//! [`Captcha`]. The page [`docs::limits`](crate::docs::limits) has the settings and what pages must do.

mod altcha;
mod check;
mod config;
mod instance;
mod refusal;
#[cfg(feature = "captcha")]
mod site_verify;

use std::net::IpAddr;

use async_trait::async_trait;

use crate::{ConfigError, Context, Route, Setup};

pub use altcha::Altcha;
pub(crate) use check::{HEADER, check};
pub use config::{CaptchaConfig, CaptchaOutage, CaptchaWhen};
pub use instance::CaptchaInstance;
pub use refusal::{CaptchaReason, CaptchaRefusal};
#[cfg(feature = "captcha")]
pub use site_verify::SiteVerify;

/// Whoever tells people from programs: [`Altcha`], `SiteVerify`, or a provider of the application's
/// own.
///
/// ```
/// use auth_core::{
///     Context, async_trait,
///     captcha::{Captcha, CaptchaAnswer, CaptchaOutcome, CaptchaWidget},
/// };
///
/// /// For people who know their own club.
/// struct Riddle;
///
/// #[async_trait]
/// impl Captcha for Riddle {
///     fn widget(&self) -> CaptchaWidget {
///         CaptchaWidget::new("riddle")
///     }
///
///     async fn check(&self, _cx: &Context, answer: CaptchaAnswer<'_>) -> CaptchaOutcome {
///         match answer.token.eq_ignore_ascii_case("the boathouse") {
///             true => CaptchaOutcome::Passed,
///             false => CaptchaOutcome::Refused,
///         }
///     }
/// }
/// ```
#[async_trait]
pub trait Captcha: Send + Sync + 'static {
    /// What a page needs to ask for a token.
    fn widget(&self) -> CaptchaWidget;

    /// Judges a token. Each is good once: who answers [`CaptchaOutcome::Passed`] has seen to it.
    async fn check(&self, cx: &Context, answer: CaptchaAnswer<'_>) -> CaptchaOutcome;

    /// Routes that pages ask, below the API's base path.
    fn routes(&self) -> Vec<Route> {
        Vec::new()
    }

    /// Settings that can't work, found when the handle is built.
    ///
    /// # Errors
    /// Names the setting, what is wrong, and what would be right.
    fn prepare(&mut self, _setup: &Setup<'_>) -> Result<(), ConfigError> {
        Ok(())
    }
}

/// What a client sent, and for what.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct CaptchaAnswer<'a> {
    /// The token, at most 8 KiB.
    pub token: &'a str,
    /// The action that it is for, as the page was told, such as `signIn`.
    pub action: &'static str,
    /// Where the request comes from.
    pub address: Option<IpAddr>,
}

/// What is made of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptchaOutcome {
    /// It is good, and used up.
    Passed,
    /// It isn't, or was used before.
    Refused,
    /// Nobody can say now; the text is for the log. [`CaptchaOutage`] says what becomes of it.
    Unavailable(String),
}

/// What a page needs to ask for a token; it is in the refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CaptchaWidget {
    /// The provider's name.
    pub provider: &'static str,
    /// The public key that the provider knows the site by.
    pub site_key: Option<String>,
    /// The path below the API's base path where challenges are to be had.
    pub challenge_path: Option<&'static str>,
}

impl CaptchaWidget {
    /// A provider that needs no more than its name.
    pub const fn new(provider: &'static str) -> Self {
        Self { provider, site_key: None, challenge_path: None }
    }

    /// Sets the public key that the provider knows the site by.
    #[must_use]
    pub fn site_key(mut self, site_key: impl Into<String>) -> Self {
        self.site_key = Some(site_key.into());
        self
    }

    /// Sets the path below the API's base path where challenges are to be had.
    #[must_use]
    pub fn challenge_path(mut self, path: &'static str) -> Self {
        self.challenge_path = Some(path);
        self
    }
}
