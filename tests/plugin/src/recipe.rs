//! The recipe: what an application sets, and what is in use.

use std::collections::HashSet;

use auth_core::{
    ConfigError, Context, Recipe, RecipeConfig, RequiredRecipe, Result, Route, Setup,
    delivery::{EmailDeliveryConfig, EmailSender, email_delivery_methods},
    factors::Factors,
    overrides::{Overrides, override_methods},
};
use http::Method;

use crate::{
    MagicWordApi, MagicWordApis, MagicWordApisOverride, MagicWordFunctions, MagicWordOverride, api,
    functions,
};

/// The recipe's settings.
#[derive(Default)]
#[must_use]
pub struct MagicWordRecipe {
    email_delivery: EmailDeliveryConfig,
    overrides: Overrides<MagicWordFunctions>,
    api_overrides: Overrides<MagicWordApis>,
    disabled: HashSet<MagicWordApi>,
}

impl MagicWordRecipe {
    /// The recipe with its defaults: words go to the log.
    pub fn new() -> Self {
        Self::default()
    }
}

email_delivery_methods!(MagicWordRecipe);
override_methods!(MagicWordRecipe: MagicWordOverride, MagicWordApisOverride, MagicWordApi);

impl RecipeConfig for MagicWordRecipe {
    type Recipe = MagicWord;

    fn build(self, _setup: &Setup<'_>) -> Result<MagicWord, ConfigError> {
        Ok(MagicWord {
            functions: functions::with_overrides(self.overrides),
            apis: api::with_overrides(self.api_overrides),
            email_delivery: self.email_delivery.build(),
            disabled: self.disabled,
        })
    }
}

/// The recipe in use, made of [`MagicWordRecipe`].
pub struct MagicWord {
    functions: MagicWordFunctions,
    pub(crate) apis: MagicWordApis,
    pub(crate) email_delivery: EmailSender,
    disabled: HashSet<MagicWordApi>,
}

impl MagicWord {
    pub(crate) fn of(cx: &Context) -> Result<&Self> {
        cx.recipe()
    }

    /// The outermost layer of the functions.
    pub(crate) fn functions(&self) -> &MagicWordFunctions {
        &self.functions
    }
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
