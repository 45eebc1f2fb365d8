//! What the recipe does.

use std::time::Duration;

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, TenantId,
    jwt::{CreateJwt, CreateJwtResponse, GetJwks, GetJwksResponse},
};

use super::JwtInstance;
use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
};

input! {
    /// A token to sign.
    pub struct CreateJwtInput from JsonObject {
        /// The claims. `iss` is the API's domain unless they name it.
        payload: JsonObject,
        ..
        /// How long the token is valid; as the recipe's settings say when absent.
        validity: Option<Duration>,
        /// Whether the key that never rotates signs; `true` by default. Otherwise verifiers must
        /// reload the keys.
        use_static_signing_key: bool = true,
    }
}

overridable! {
    /// The recipe's functions.
    pub struct JwtFunctions;
    /// Replaces functions of [`JwtFunctions`].
    pub trait JwtOverride;
    trait JwtBase;
    handle Jwt by jwt of JwtInstance;

    /// Signs a token, which a core that doesn't sign with RS256 can't.
    async fn create_jwt(input: CreateJwtInput) -> Result<CreateJwtResponse>;

    /// The public keys.
    async fn get_jwks() -> Result<GetJwksResponse>;
}

pub(super) fn with_overrides(
    validity: Duration,
    overrides: Overrides<JwtFunctions>,
) -> JwtFunctions {
    overrides.around(JwtFunctions::new(Base { validity }))
}

struct Base {
    validity: Duration,
}

#[async_trait]
impl JwtBase for Base {
    async fn create_jwt(&self, cx: &Context, input: CreateJwtInput) -> Result<CreateJwtResponse> {
        let request = CreateJwt {
            algorithm: "RS256".to_owned(),
            jwks_domain: cx.auth().app_info().api_domain.clone(),
            payload: input.payload,
            validity_secs: input.validity.unwrap_or(self.validity).as_secs(),
            use_static_signing_key: input.use_static_signing_key,
        };
        Ok(cx.core().call(&TenantId::default(), request).await?)
    }

    async fn get_jwks(&self, cx: &Context) -> Result<GetJwksResponse> {
        Ok(cx.core().call(&TenantId::default(), GetJwks {}).await?)
    }
}
