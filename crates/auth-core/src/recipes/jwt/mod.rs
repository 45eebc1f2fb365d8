//! JSON Web Tokens of the application's own, and the keys to verify them and access tokens.

mod api;
mod functions;
mod signing_keys;

use std::{collections::HashSet, sync::Arc, time::Duration};

pub use api::{JwtApi, JwtApis, JwtApisOverride};
use auth_protocol::{Secret, jwt::GetJwksResponse};
pub use functions::{CreateJwtInput, JwtFunctions, JwtOverride};
use http::Method;

use crate::{
    Auth, ConfigError, Context, Recipe, RecipeConfig, Result, Route, Setup,
    overrides::override_methods,
};

const ID: &str = "jwt";
/// A hundred years of 365 days.
const DEFAULT_VALIDITY: Duration = Duration::from_secs(3_153_600_000);

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[must_use]
pub struct JwtRecipe {
    validity: Duration,
    overrides: Vec<Arc<dyn JwtOverride>>,
    api_overrides: Vec<Arc<dyn JwtApisOverride>>,
    disabled: HashSet<JwtApi>,
}

impl Default for JwtRecipe {
    fn default() -> Self {
        Self {
            validity: DEFAULT_VALIDITY,
            overrides: Vec::new(),
            api_overrides: Vec::new(),
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
    functions: Arc<dyn JwtFunctions>,
    apis: Arc<dyn JwtApis>,
    disabled: HashSet<JwtApi>,
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

/// The token functions, in a context; got by [`Context::jwt`] or [`Auth::jwt`].
#[derive(Clone, Debug)]
pub struct Jwt {
    cx: Context,
}

impl Context {
    /// The token functions in this context.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn jwt(&self) -> Result<Jwt> {
        self.auth().recipe::<JwtInstance>(ID)?;
        Ok(Jwt { cx: self.clone() })
    }
}

impl Auth {
    /// The token functions outside of a request.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn jwt(&self) -> Result<Jwt> {
        self.context().jwt()
    }
}

impl Jwt {
    fn instance(&self) -> Result<&JwtInstance> {
        self.cx.auth().recipe(ID)
    }

    /// Signs a token with the given claims; `None` where the core doesn't sign with RS256.
    pub async fn create_jwt(&self, input: CreateJwtInput) -> Result<Option<Secret>> {
        self.instance()?.functions.create_jwt(&self.cx, input).await
    }

    /// The public keys.
    pub async fn get_jwks(&self) -> Result<GetJwksResponse> {
        self.instance()?.functions.get_jwks(&self.cx).await
    }
}
