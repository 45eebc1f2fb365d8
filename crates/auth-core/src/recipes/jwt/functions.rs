//! What the recipe does.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, Secret, TenantId,
    jwt::{CreateJwt, CreateJwtResponse, GetJwks, GetJwksResponse},
};

use crate::{Context, Result, overrides::overridable};

/// A token to sign.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateJwtInput {
    /// The claims. `iss` is the API's domain unless they name it.
    pub payload: JsonObject,
    /// How long the token is valid; as the recipe's settings say when absent.
    pub validity: Option<Duration>,
    /// Whether the key that never rotates signs; `true` by default.
    pub use_static_signing_key: bool,
}

impl CreateJwtInput {
    /// A token with these claims.
    pub fn new(payload: JsonObject) -> Self {
        Self { payload, validity: None, use_static_signing_key: true }
    }

    /// How long the token is valid.
    #[must_use]
    pub fn validity(mut self, validity: Duration) -> Self {
        self.validity = Some(validity);
        self
    }

    /// Signs with a key that rotates: verifiers must reload the keys.
    #[must_use]
    pub fn use_dynamic_signing_key(mut self) -> Self {
        self.use_static_signing_key = false;
        self
    }
}

overridable! {
    /// The recipe's functions.
    pub trait JwtFunctions;
    /// Replaces functions of [`JwtFunctions`].
    pub trait JwtOverride;
    struct JwtLayer;

    /// Signs a token; `None` where the core doesn't sign with RS256
    /// (`UNSUPPORTED_ALGORITHM_ERROR`).
    async fn create_jwt(input: CreateJwtInput) -> Result<Option<Secret>>;

    /// The public keys.
    async fn get_jwks() -> Result<GetJwksResponse>;
}

pub(super) fn with_overrides(
    validity: Duration,
    overrides: Vec<Arc<dyn JwtOverride>>,
) -> Arc<dyn JwtFunctions> {
    JwtLayer::stack(Arc::new(Base { validity }), overrides)
}

struct Base {
    validity: Duration,
}

#[async_trait]
impl JwtFunctions for Base {
    async fn create_jwt(&self, cx: &Context, input: CreateJwtInput) -> Result<Option<Secret>> {
        let request = CreateJwt {
            algorithm: "RS256".to_owned(),
            jwks_domain: cx.auth().app_info().api_domain.clone(),
            payload: input.payload,
            validity_secs: input.validity.unwrap_or(self.validity).as_secs(),
            use_static_signing_key: input.use_static_signing_key,
        };
        Ok(match cx.core().call(&TenantId::default(), request).await? {
            CreateJwtResponse::Ok { jwt } => Some(jwt),
            CreateJwtResponse::UnsupportedAlgorithmError => None,
        })
    }

    async fn get_jwks(&self, cx: &Context) -> Result<GetJwksResponse> {
        Ok(cx.core().call(&TenantId::default(), GetJwks {}).await?)
    }
}
