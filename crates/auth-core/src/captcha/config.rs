//! What an application may set.

use super::{Captcha, CaptchaInstance};
use crate::{ConfigError, RecipeConfig, Setup, limits::Action};

/// Which captcha is asked for, when, and what becomes of requests while it can't be checked.
///
/// ```
/// use auth_core::{
///     captcha::{Altcha, CaptchaConfig, CaptchaWhen},
///     limits::Action,
/// };
///
/// # let key = "a key of at least 32 bytes, from the environment";
/// CaptchaConfig::new(Altcha::new(key))
///     .on(Action::SignIn, CaptchaWhen::AfterHalf)
///     .on(Action::SignUp, CaptchaWhen::Always);
/// ```
#[must_use]
pub struct CaptchaConfig {
    pub(super) provider: Box<dyn Captcha>,
    pub(super) asked: Vec<(Action, CaptchaWhen)>,
    pub(super) outage: CaptchaOutage,
}

/// When a captcha is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptchaWhen {
    /// Once half of what [limits](crate::limits) permit is spent: people who mistype are let be, and who
    /// guesses has to work for each further try.
    AfterHalf,
    /// At every request.
    Always,
}

/// What becomes of a request whose token can't be judged, because the provider is down or slow, or
/// refuses this application's key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CaptchaOutage {
    /// It is let through while less than half of its budget is spent, and refused from then on: a
    /// provider that is down keeps nobody out who isn't guessing, and gains nothing for who is.
    #[default]
    UntilHalf,
    /// It is let through; the limits still hold.
    Admit,
    /// It is refused.
    Refuse,
}

impl CaptchaConfig {
    /// A provider, which is asked nothing yet.
    pub fn new(provider: impl Captcha) -> Self {
        Self { provider: Box::new(provider), asked: Vec::new(), outage: CaptchaOutage::default() }
    }

    /// Asks for a captcha before an action. What is said last of an action holds.
    pub fn on(mut self, action: Action, when: CaptchaWhen) -> Self {
        self.asked.retain(|(asked, _)| *asked != action);
        self.asked.push((action, when));
        self
    }

    /// What becomes of a request while tokens can't be judged; [`CaptchaOutage::UntilHalf`] unless set.
    pub fn outage(mut self, outage: CaptchaOutage) -> Self {
        self.outage = outage;
        self
    }
}

impl RecipeConfig for CaptchaConfig {
    type Recipe = CaptchaInstance;

    fn build(mut self, setup: &Setup<'_>) -> Result<CaptchaInstance, ConfigError> {
        if self.asked.is_empty() {
            return Err(ConfigError::new(
                "captcha.on",
                "no action asks for it",
                "at least one, such as `.on(Action::SignIn, CaptchaWhen::AfterHalf)`",
            ));
        }
        if self.asked.iter().any(|(action, _)| *action == Action::SignInAlert) {
            return Err(ConfigError::new(
                "captcha.on",
                "a mail about a sign-in is sent by itself, and nobody is there to solve one",
                "an action that somebody asks for, such as `Action::SignIn`",
            ));
        }
        self.provider.prepare(setup)?;
        Ok(CaptchaInstance::new(self))
    }
}

impl std::fmt::Debug for CaptchaConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaptchaConfig")
            .field("provider", &self.provider.widget().provider)
            .field("asked", &self.asked)
            .field("outage", &self.outage)
            .finish()
    }
}
