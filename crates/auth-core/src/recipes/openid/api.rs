//! `GET /.well-known/openid-configuration`

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderValue, header};

use super::{DiscoveryConfiguration, ID, OpenIdInstance};
use crate::{ApiCall, Context, Response, Result, overrides::overridable};

overridable! {
    /// The recipe's APIs.
    pub trait OpenIdApis;
    /// Replaces APIs of [`OpenIdApis`].
    pub trait OpenIdApisOverride;
    struct OpenIdApisLayer;

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

pub(super) fn with_overrides(overrides: Vec<Arc<dyn OpenIdApisOverride>>) -> Arc<dyn OpenIdApis> {
    OpenIdApisLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl OpenIdApis for Base {
    async fn get_openid_discovery_configuration_get(
        &self,
        cx: &Context,
    ) -> Result<DiscoveryConfiguration> {
        cx.openid()?.get_openid_discovery_configuration().await
    }
}

pub(super) async fn discovery(call: ApiCall) -> Result<Response> {
    let instance: &OpenIdInstance = call.cx.auth().recipe(ID)?;
    let configuration = instance.apis.get_openid_discovery_configuration_get(&call.cx).await?;
    let mut response = Response::ok(&configuration);
    response.headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}
