//! JSON Web Tokens of the application's own, and the keys to verify them and access tokens.

mod api;
mod functions;
mod signing_keys;

use std::{collections::HashSet, time::Duration};

pub use api::{JwtApi, JwtApis, JwtApisOverride};
pub use functions::{CreateJwtInput, Jwt, JwtFunctions, JwtOverride};
use http::Method;

use crate::{
    ConfigError, Context, Recipe, RecipeConfig, Result, Route, Setup,
    overrides::{Overrides, override_methods},
};

const ID: &str = "jwt";
/// A hundred years of 365 days.
const DEFAULT_VALIDITY: Duration = Duration::from_secs(3_153_600_000);

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[must_use]
pub struct JwtRecipe {
    validity: Duration,
    overrides: Overrides<JwtFunctions>,
    api_overrides: Overrides<JwtApis>,
    disabled: HashSet<JwtApi>,
}

impl Default for JwtRecipe {
    fn default() -> Self {
        Self {
            validity: DEFAULT_VALIDITY,
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl JwtRecipe {
    /// The recipe with its defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long a token is valid unless its creation says otherwise; a hundred years by default.
    pub fn jwt_validity(mut self, validity: Duration) -> Self {
        self.validity = validity;
        self
    }
}

override_methods!(JwtRecipe: JwtOverride, JwtApisOverride, JwtApi);

impl RecipeConfig for JwtRecipe {
    type Recipe = JwtInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        if self.validity.as_secs() == 0 {
            return Err(ConfigError::new(
                "jwt.jwt_validity",
                "it is shorter than a second",
                "a second or more",
            ));
        }
        Ok(JwtInstance {
            functions: functions::with_overrides(self.validity, self.overrides),
            apis: api::with_overrides(self.api_overrides),
            disabled: self.disabled,
        })
    }
}

/// The recipe in use, made of [`JwtRecipe`].
pub struct JwtInstance {
    functions: JwtFunctions,
    apis: JwtApis,
    disabled: HashSet<JwtApi>,
}

impl JwtInstance {
    fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    fn functions(&self) -> &JwtFunctions {
        &self.functions
    }
}

impl Recipe for JwtInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn routes(&self) -> Vec<Route> {
        if self.disabled.contains(&JwtApi::GetJwksGet) {
            return Vec::new();
        }
        vec![Route::new("getJWKSGET", Method::GET, "/jwt/jwks.json", api::get_jwks)]
    }
}
