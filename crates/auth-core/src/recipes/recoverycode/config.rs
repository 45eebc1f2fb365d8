//! What an application sets.

use std::{collections::HashSet, time::Duration};

use super::{
    RecoveryCodeApis, RecoveryCodeApisOverride, RecoveryCodeFunctions, RecoveryCodeInstance,
    RecoveryCodeOverride, api, functions,
};
use crate::{
    ConfigError, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
};

/// An API of this recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecoveryCodeApi {
    /// `generateCodesPOST`: `POST /recoverycode/generate`.
    GenerateCodesPost,
    /// `consumeCodePOST`: `POST /recoverycode/consume`.
    ConsumeCodePost,
    /// `countCodesGET`: `GET /recoverycode/count`.
    CountCodesGet,
}

/// The recipe's settings.
#[must_use]
pub struct RecoveryCodeRecipe {
    fresh_factor_max_age: Duration,
    overrides: Overrides<RecoveryCodeFunctions>,
    api_overrides: Overrides<RecoveryCodeApis>,
    disabled: HashSet<RecoveryCodeApi>,
}

impl Default for RecoveryCodeRecipe {
    fn default() -> Self {
        Self {
            fresh_factor_max_age: Duration::from_secs(5 * 60),
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl RecoveryCodeRecipe {
    /// The recipe with its defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long after a factor was completed a user may have codes generated, in whole seconds;
    /// 5 minutes by default.
    pub fn fresh_factor_max_age(mut self, max_age: Duration) -> Self {
        self.fresh_factor_max_age = max_age;
        self
    }
}

override_methods!(
    RecoveryCodeRecipe: RecoveryCodeOverride, RecoveryCodeApisOverride, RecoveryCodeApi
);

impl RecipeConfig for RecoveryCodeRecipe {
    type Recipe = RecoveryCodeInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        Ok(RecoveryCodeInstance::new(
            self.fresh_factor_max_age,
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
