//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::jwt::CreateJwtResponse;
use serde::Serialize;

use super::{super::jwt::CreateJwtInput, OpenIdInstance, default_issuer};
use crate::{
    Context, Result,
    overrides::{Overrides, overridable},
};

/// The metadata of the issuer (OpenID Connect Discovery 1.0 section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DiscoveryConfiguration {
    /// The issuer: the API's domain and base path.
    pub issuer: String,
    /// Where the public keys are.
    pub jwks_uri: String,
    /// Where a sign-in starts.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_endpoint: String,
    /// Where claims about the user are.
    pub userinfo_endpoint: String,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: String,
    /// Where tokens are looked into (RFC 7662).
    pub token_introspection_endpoint: String,
    /// Where a sign-out starts.
    pub end_session_endpoint: String,
    /// `public`: every client sees the same user id.
    pub subject_types_supported: Vec<String>,
    /// How id tokens are signed.
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// What the authorization endpoint can answer.
    pub response_types_supported: Vec<String>,
}

impl DiscoveryConfiguration {
    /// The metadata of an issuer whose endpoints lie below it.
    pub fn of_issuer(issuer: impl Into<String>) -> Self {
        let issuer = issuer.into();
        let list = |items: &[&str]| items.iter().map(|&item| item.to_owned()).collect();
        Self {
            jwks_uri: format!("{issuer}/jwt/jwks.json"),
            authorization_endpoint: format!("{issuer}/oauth/auth"),
            token_endpoint: format!("{issuer}/oauth/token"),
            userinfo_endpoint: format!("{issuer}/oauth/userinfo"),
            revocation_endpoint: format!("{issuer}/oauth/revoke"),
            token_introspection_endpoint: format!("{issuer}/oauth/introspect"),
            end_session_endpoint: format!("{issuer}/oauth/end_session"),
            subject_types_supported: list(&["public"]),
            id_token_signing_alg_values_supported: list(&["RS256"]),
            response_types_supported: list(&["code", "id_token", "id_token token"]),
            issuer,
        }
    }
}

overridable! {
    /// The recipe's functions.
    pub struct OpenIdFunctions;
    /// Replaces functions of [`OpenIdFunctions`].
    pub trait OpenIdOverride;
    trait OpenIdBase;
    handle OpenId by openid of OpenIdInstance;

    /// The issuer and the endpoints.
    async fn get_openid_discovery_configuration() -> Result<DiscoveryConfiguration>;

    /// Signs a token, with the issuer as `iss` unless its claims name one; a core that doesn't sign
    /// with RS256 can't.
    async fn create_jwt(input: CreateJwtInput) -> Result<CreateJwtResponse>;
}

pub(super) fn with_overrides(overrides: Overrides<OpenIdFunctions>) -> OpenIdFunctions {
    overrides.around(OpenIdFunctions::new(Base))
}

struct Base;

#[async_trait]
impl OpenIdBase for Base {
    async fn get_openid_discovery_configuration(
        &self,
        cx: &Context,
    ) -> Result<DiscoveryConfiguration> {
        Ok(DiscoveryConfiguration::of_issuer(default_issuer(cx.auth().app_info())))
    }

    async fn create_jwt(
        &self,
        cx: &Context,
        mut input: CreateJwtInput,
    ) -> Result<CreateJwtResponse> {
        if !input.payload.contains_key("iss") {
            let issuer = cx.openid()?.get_openid_discovery_configuration().await?.issuer;
            input.payload.insert("iss".to_owned(), issuer.into());
        }
        cx.jwt()?.create_jwt(input).await
    }
}
