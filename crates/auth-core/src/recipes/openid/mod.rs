//! Discovery of the keys and endpoints (OpenID Connect Discovery 1.0).

mod api;
mod functions;

use std::collections::HashSet;

pub use api::{OpenIdApi, OpenIdApis, OpenIdApisOverride};
pub use functions::{DiscoveryConfiguration, OpenId, OpenIdFunctions, OpenIdOverride};
use http::Method;

use crate::{
    ConfigError, Context, NormalisedAppInfo, Recipe, RecipeConfig, Result, Route, Setup,
    overrides::{Overrides, override_methods},
};

const ID: &str = "openid";

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct OpenIdRecipe {
    overrides: Overrides<OpenIdFunctions>,
    api_overrides: Overrides<OpenIdApis>,
    disabled: HashSet<OpenIdApi>,
}

impl OpenIdRecipe {
    /// The recipe with its defaults.
    pub fn new() -> Self {
        Self::default()
    }
}

override_methods!(OpenIdRecipe: OpenIdOverride, OpenIdApisOverride, OpenIdApi);

impl RecipeConfig for OpenIdRecipe {
    type Recipe = OpenIdInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        Ok(OpenIdInstance {
            functions: functions::with_overrides(self.overrides),
            apis: api::with_overrides(self.api_overrides),
            disabled: self.disabled,
        })
    }
}

/// The recipe in use, made of [`OpenIdRecipe`].
pub struct OpenIdInstance {
    functions: OpenIdFunctions,
    apis: OpenIdApis,
    disabled: HashSet<OpenIdApi>,
}

impl OpenIdInstance {
    fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    fn functions(&self) -> &OpenIdFunctions {
        &self.functions
    }
}

impl Recipe for OpenIdInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn routes(&self) -> Vec<Route> {
        if self.disabled.contains(&OpenIdApi::GetOpenIdDiscoveryConfigurationGet) {
            return Vec::new();
        }
        vec![Route::new(
            "getOpenIdDiscoveryConfigurationGET",
            Method::GET,
            "/.well-known/openid-configuration",
            api::discovery,
        )]
    }
}

/// The issuer without overrides: the API's domain and base path.
fn default_issuer(app_info: &NormalisedAppInfo) -> String {
    format!("{}{}", app_info.api_domain, app_info.api_base_path)
}
