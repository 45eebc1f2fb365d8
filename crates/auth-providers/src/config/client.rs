//! A client at a provider.

use std::fmt;

use auth_protocol::{JsonObject, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::provider::is_development_client;

/// A client at a provider: what the provider's console calls an app.
///
/// ```
/// use auth_providers::ClientConfig;
///
/// let client = ClientConfig::new("1234.apps.example.com")
///     .client_type("web")
///     .client_secret("kJ3w9s")
///     .scopes(["openid", "email", "profile"]);
/// assert!(!format!("{client:?}").contains("kJ3w9s"));
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[must_use]
pub struct ClientConfig {
    /// Which client it is, where a provider has several, such as `web` and `ios`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_type: Option<String>,
    /// The id that the provider gave.
    pub client_id: String,
    /// The secret that the provider gave; none for a public client, which then uses PKCE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// Scopes in place of the built-in ones.
    #[serde(default, rename = "scope", skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// PKCE even where the provider isn't known to take it; `false` counts for nothing where it is.
    #[serde(default, rename = "forcePKCE", skip_serializing_if = "Option::is_none")]
    pub force_pkce: Option<bool>,
    /// What only some providers need, such as Okta's `oktaDomain`. For all providers there are
    /// `issuer` (who issues id tokens, where there is a `jwksURI` and no discovery),
    /// `authorizedParties` (other clients of the same provider, whose id tokens for this client are
    /// good), `skipNonce` (for authorization URLs that weren't made here) and
    /// `acceptUncheckedAccessTokens`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_config: Option<JsonObject>,
}

impl ClientConfig {
    /// A client by the id that the provider gave.
    pub fn new(client_id: impl Into<String>) -> Self {
        Self {
            client_type: None,
            client_id: client_id.into(),
            client_secret: None,
            scopes: None,
            force_pkce: None,
            additional_config: None,
        }
    }

    /// Names the client, where a provider has several.
    pub fn client_type(mut self, client_type: impl Into<String>) -> Self {
        self.client_type = Some(client_type.into());
        self
    }

    /// The secret that the provider gave.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Scopes in place of the built-in ones.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// PKCE even where the provider isn't known to take it.
    pub fn force_pkce(mut self) -> Self {
        self.force_pkce = Some(true);
        self
    }

    /// Sets a member of `additionalConfig`.
    pub fn additional(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.additional_config.get_or_insert_default().insert(name.into(), value.into());
        self
    }

    /// Whether it is one of the clients that SuperTokens keeps for trying out, whose secrets everybody
    /// knows: never for users of one's own.
    pub fn is_for_development(&self) -> bool {
        is_development_client(&self.client_id)
    }

    pub(crate) fn additional_value(&self, name: &str) -> Option<&Value> {
        self.additional_config.as_ref()?.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn additional_text(&self, name: &str) -> Option<&str> {
        self.additional_value(name)?.as_str()
    }

    pub(crate) fn additional_flag(&self, name: &str) -> bool {
        self.additional_value(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Apple's private key is in there.
        let names: Vec<&str> =
            self.additional_config.iter().flatten().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ClientConfig")
            .field("client_type", &self.client_type)
            .field("client_id", &self.client_id)
            .field("client_secret", &self.client_secret)
            .field("scopes", &self.scopes)
            .field("force_pkce", &self.force_pkce)
            .field("additional_config", &names)
            .finish()
    }
}
