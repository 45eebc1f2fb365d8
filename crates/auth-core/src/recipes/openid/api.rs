//! `GET /.well-known/openid-configuration`

use async_trait::async_trait;
use http::{HeaderValue, header};

use super::{DiscoveryConfiguration, OpenIdInstance};
use crate::{
    ApiCall, Context, Response, Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The recipe's APIs.
    pub struct OpenIdApis;
    /// Replaces APIs of [`OpenIdApis`].
    pub trait OpenIdApisOverride;
    trait OpenIdApisBase;

    /// The issuer and the endpoints.
    async fn get_openid_discovery_configuration_get() -> Result<DiscoveryConfiguration>;
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpenIdApi {
    /// `getOpenIdDiscoveryConfigurationGET`: `GET /.well-known/openid-configuration`.
    GetOpenIdDiscoveryConfigurationGet,
}

pub(super) fn with_overrides(overrides: Overrides<OpenIdApis>) -> OpenIdApis {
    overrides.around(OpenIdApis::new(Base))
}

struct Base;

#[async_trait]
impl OpenIdApisBase for Base {
    async fn get_openid_discovery_configuration_get(
        &self,
        cx: &Context,
    ) -> Result<DiscoveryConfiguration> {
        cx.openid()?.get_openid_discovery_configuration().await
    }
}

pub(super) async fn discovery(call: ApiCall) -> Result<Response> {
    let apis = &OpenIdInstance::of(&call.cx)?.apis;
    let configuration = apis.get_openid_discovery_configuration_get(&call.cx).await?;
    let mut response = Response::ok(&configuration);
    response.headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
