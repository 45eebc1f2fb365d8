//! The captcha in use. It stands in the recipe list, because it has a route.

use super::{Captcha, CaptchaConfig, CaptchaOutage, CaptchaWhen};
use crate::{Recipe, Route, limits::Action};

/// The captcha in use, made of [`CaptchaConfig`].
pub struct CaptchaInstance {
    pub(super) provider: Box<dyn Captcha>,
    asked: Vec<(Action, CaptchaWhen)>,
    pub(super) outage: CaptchaOutage,
}

impl CaptchaInstance {
    pub(super) fn new(config: CaptchaConfig) -> Self {
        let CaptchaConfig { provider, asked, outage } = config;
        Self { provider, asked, outage }
    }

    /// When it is asked for before an action.
    pub(super) fn when(&self, action: Action) -> Option<CaptchaWhen> {
        self.asked.iter().find(|(asked, _)| *asked == action).map(|(_, when)| *when)
    }
}

impl Recipe for CaptchaInstance {
    fn id(&self) -> &'static str {
        "captcha"
    }

    fn routes(&self) -> Vec<Route> {
        self.provider.routes()
    }
}
