//! Discovery of the keys and endpoints (OpenID Connect Discovery 1.0).

mod api;
mod functions;

use std::{collections::HashSet, sync::Arc};

pub use api::{OpenIdApi, OpenIdApis, OpenIdApisOverride};
use auth_protocol::Secret;
pub use functions::{DiscoveryConfiguration, OpenIdFunctions, OpenIdOverride};
use http::Method;

use super::jwt::CreateJwtInput;
use crate::{
    Auth, ConfigError, Context, NormalisedAppInfo, Recipe, RecipeConfig, Result, Route, Setup,
    overrides::override_methods,
};

const ID: &str = "openid";

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct OpenIdRecipe {
    overrides: Vec<Arc<dyn OpenIdOverride>>,
    api_overrides: Vec<Arc<dyn OpenIdApisOverride>>,
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
    functions: Arc<dyn OpenIdFunctions>,
    apis: Arc<dyn OpenIdApis>,
    disabled: HashSet<OpenIdApi>,
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

/// The discovery functions, in a context; got by [`Context::openid`] or [`Auth::openid`].
#[derive(Clone, Debug)]
pub struct OpenId {
    cx: Context,
}

impl Context {
    /// The discovery functions in this context.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn openid(&self) -> Result<OpenId> {
        self.auth().recipe::<OpenIdInstance>(ID)?;
        Ok(OpenId { cx: self.clone() })
    }
}

impl Auth {
    /// The discovery functions outside of a request.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn openid(&self) -> Result<OpenId> {
        self.context().openid()
    }
}

impl OpenId {
    fn functions(&self) -> Result<&dyn OpenIdFunctions> {
        Ok(&*self.cx.auth().recipe::<OpenIdInstance>(ID)?.functions)
    }

    /// The issuer and the endpoints.
    pub async fn get_openid_discovery_configuration(&self) -> Result<DiscoveryConfiguration> {
        self.functions()?.get_openid_discovery_configuration(&self.cx).await
    }

    /// Signs a token whose `iss` is the issuer unless its claims name one; `None` where the core
    /// doesn't sign with RS256.
    pub async fn create_jwt(&self, input: CreateJwtInput) -> Result<Option<Secret>> {
        self.functions()?.create_jwt(&self.cx, input).await
    }
}
