//! A third party as it is set up for a tenant (CDI §6.4).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::model::Names;
use crate::{JsonObject, Secret};

/// A third party with its clients and endpoints. What isn't set is the third party's own, where it is
/// a known one, or is found by its discovery document.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderConfig {
    /// The third party, such as `google` or `google-workspaces-acme`; 28 characters at most.
    pub third_party_id: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As whom the application is known there: one for each kind of program.
    #[serde(default, deserialize_with = "null_is_default")]
    pub clients: Vec<ProviderClientConfig>,
    /// Where people sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// Further parameters of that address; a `null` takes out one that would be there otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint_query_params: Option<JsonObject>,
    /// Where codes are exchanged for tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Further parameters of that request's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint_body_params: Option<JsonObject>,
    /// Where it is asked who somebody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_info_endpoint: Option<String>,
    /// Further parameters of that address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_info_endpoint_query_params: Option<JsonObject>,
    /// Further headers of that request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_info_endpoint_headers: Option<JsonObject>,
    /// Where the keys are by which its ID tokens are checked.
    #[serde(default, rename = "jwksURI", skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// Where its discovery document is, or its issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc_discovery_endpoint: Option<String>,
    /// Whether people without an address are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_email: Option<bool>,
    /// Where it tells who somebody is.
    #[serde(default, deserialize_with = "null_is_default")]
    pub user_info_map: UserInfoMapConfig,
}

/// As whom an application is known at a third party.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderClientConfig {
    /// The kind of program, such as `web` or `ios`, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_type: Option<String>,
    /// The client's id there.
    pub client_id: String,
    /// The client's secret there, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
    /// What is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Vec<String>>,
    /// Whether a proof key is used even with a secret.
    #[serde(default, rename = "forcePKCE", skip_serializing_if = "Option::is_none")]
    pub force_pkce: Option<bool>,
    /// What this third party alone needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_config: Option<JsonObject>,
}

/// Where a third party tells who somebody is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInfoMapConfig {
    /// In an ID token.
    #[serde(default, deserialize_with = "null_is_default")]
    pub from_id_token_payload: UserInfoFieldsConfig,
    /// In what its API answers.
    #[serde(default, rename = "fromUserInfoAPI", deserialize_with = "null_is_default")]
    pub from_user_info_api: UserInfoFieldsConfig,
}

/// The members that hold what is to be known, with dots between those within each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInfoFieldsConfig {
    /// The account's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address is proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<String>,
}

fn null_is_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a third party from an object of any content, as it comes from the wire: there a `null`
/// stands for what isn't set.
pub(super) fn from_object<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<ProviderConfig, D::Error> {
    let object = JsonObject::deserialize(deserializer)?;
    serde_json::from_value(object.into()).map_err(serde::de::Error::custom)
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("third_party_id", &self.third_party_id)
            .field("clients", &self.clients)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProviderClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderClientConfig")
            .field("client_type", &self.client_type)
            .field("client_id", &self.client_id)
            .field("additional_config", &self.additional_config.as_ref().map(Names))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cdi_6_4_a_provider_keeps_the_nulls_of_its_parameters_and_drops_its_own() {
        let read: ProviderConfig = serde_json::from_value(json!({
            "thirdPartyId": "acme", "name": null, "userInfoMap": null,
            "authorizationEndpointQueryParams": { "prompt": null, "audience": "a" },
            "clients": [{ "clientId": "c", "clientSecret": "s3cret", "forcePKCE": true,
                "additionalConfig": { "privateKey": "k3y" } }],
        }))
        .expect("well-formed");
        let shown = format!("{read:?}");
        assert!(!shown.contains("s3cret") && !shown.contains("k3y"), "{shown}");
        let expected = json!({
            "thirdPartyId": "acme",
            "authorizationEndpointQueryParams": { "prompt": null, "audience": "a" },
            "clients": [{ "clientId": "c", "clientSecret": "s3cret", "forcePKCE": true,
                "additionalConfig": { "privateKey": "k3y" } }],
            "userInfoMap": { "fromIdTokenPayload": {}, "fromUserInfoAPI": {} },
        });
        assert_eq!(serde_json::to_value(read).expect("serialises"), expected);
    }
}
