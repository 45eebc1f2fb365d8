//! `GET /jwt/jwks.json`

use async_trait::async_trait;
use auth_protocol::jwt::GetJwksResponse;
use http::{HeaderValue, header};

use super::JwtInstance;
use crate::{
    ApiCall, Context, Response, Result,
    overrides::{Overrides, overridable},
};

/// How long keys may be cached where the core doesn't say.
const DEFAULT_MAX_AGE_SECS: u64 = 60;

overridable! {
    /// The recipe's APIs.
    pub struct JwtApis;
    /// Replaces APIs of [`JwtApis`].
    pub trait JwtApisOverride;
    trait JwtApisBase;

    /// Lists the public keys (RFC 7517 section 5).
    async fn get_jwks_get() -> Result<GetJwksResponse>;
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JwtApi {
    /// `getJWKSGET`: `GET /jwt/jwks.json`.
    GetJwksGet,
}

pub(super) fn with_overrides(overrides: Overrides<JwtApis>) -> JwtApis {
    overrides.around(JwtApis::new(Base))
}

struct Base;

#[async_trait]
impl JwtApisBase for Base {
    async fn get_jwks_get(&self, cx: &Context) -> Result<GetJwksResponse> {
        cx.jwt()?.get_jwks().await
    }
}

pub(super) async fn get_jwks(call: ApiCall) -> Result<Response> {
    let jwks = JwtInstance::of(&call.cx)?.apis.get_jwks_get(&call.cx).await?;
    let mut response = Response::ok(&jwks);
    let max_age = match jwks.max_age_secs {
        0 => DEFAULT_MAX_AGE_SECS,
        secs => secs,
    };
    if let Ok(value) = HeaderValue::try_from(format!("max-age={max_age}, must-revalidate")) {
        response.headers.insert(header::CACHE_CONTROL, value);
    }
    response.headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
