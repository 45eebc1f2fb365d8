//! The recipe: what an application sets, and what is in use.

use std::{collections::HashSet, sync::Arc};

use auth_core::{
    ConfigError, Recipe, RecipeConfig, RequiredRecipe, Route, Setup,
    delivery::{EmailDelivery, LogDelivery},
    factors::Factors,
};
use http::Method;

use crate::{
    MagicWordApi, MagicWordFunctions, MagicWordOverride, api,
    functions::{Base, Layer},
};

/// The recipe's settings.
#[must_use]
pub struct MagicWordRecipe {
    functions: Arc<dyn MagicWordFunctions>,
    email_delivery: Arc<dyn EmailDelivery>,
    disabled: HashSet<MagicWordApi>,
}

impl Default for MagicWordRecipe {
    fn default() -> Self {
        Self {
            functions: Arc::new(Base),
            email_delivery: Arc::new(LogDelivery),
            disabled: HashSet::new(),
        }
    }
}

impl MagicWordRecipe {
    /// The recipe with its defaults: words go to the log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends the mails.
    pub fn email_delivery(mut self, delivery: impl EmailDelivery + 'static) -> Self {
        self.email_delivery = Arc::new(delivery);
        self
    }

    /// Replaces functions; a later call lies around the earlier ones.
    pub fn override_functions(mut self, functions: impl MagicWordOverride + 'static) -> Self {
        let layer = Layer { original: self.functions, replacement: Arc::new(functions) };
        self.functions = Arc::new(layer);
        self
    }

    /// Switches an API off: its requests pass on to the application.
    pub fn disable_api(mut self, api: MagicWordApi) -> Self {
        self.disabled.insert(api);
        self
    }
}

impl RecipeConfig for MagicWordRecipe {
    type Recipe = MagicWord;

    fn build(self, _setup: &Setup<'_>) -> Result<MagicWord, ConfigError> {
        let Self { functions, email_delivery, disabled } = self;
        Ok(MagicWord { functions, email_delivery, disabled })
    }
}

/// The recipe in use, made of [`MagicWordRecipe`]: `cx.recipe::<MagicWord>()?`.
pub struct MagicWord {
    /// The functions, overrides included.
    pub functions: Arc<dyn MagicWordFunctions>,
    pub(crate) email_delivery: Arc<dyn EmailDelivery>,
    disabled: HashSet<MagicWordApi>,
}

impl Recipe for MagicWord {
    fn id(&self) -> &'static str {
        "magicword"
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION, RequiredRecipe::MULTI_FACTOR_AUTH]
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }

    fn routes(&self) -> Vec<Route> {
        let send = Route::new("sendPOST", Method::POST, "/magicword/send", api::send);
        let verify = Route::new("verifyPOST", Method::POST, "/magicword/verify", api::verify);
        let routes = [(MagicWordApi::SendPost, send), (MagicWordApi::VerifyPost, verify)];
        let is_on = |(api, _): &(MagicWordApi, Route)| !self.disabled.contains(api);
        routes.into_iter().filter(is_on).map(|(_, route)| route).collect()
    }
}
