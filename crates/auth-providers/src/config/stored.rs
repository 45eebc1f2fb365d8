//! A provider as a core stores it for a tenant (CDI §6.4).

use auth_protocol::{
    JsonObject,
    multitenancy::{self, ProviderClientConfig, UserInfoFieldsConfig, UserInfoMapConfig},
};
use serde_json::Value;

use super::{ClientConfig, ProviderConfig, UserInfoFields, UserInfoMap, provider::Changes};

impl From<multitenancy::ProviderConfig> for ProviderConfig {
    fn from(stored: multitenancy::ProviderConfig) -> Self {
        Self {
            third_party_id: stored.third_party_id,
            name: stored.name,
            clients: stored.clients.into_iter().map(Into::into).collect(),
            authorization_endpoint: stored.authorization_endpoint,
            authorization_endpoint_query_params: changes(
                stored.authorization_endpoint_query_params,
            ),
            token_endpoint: stored.token_endpoint,
            token_endpoint_body_params: changes(stored.token_endpoint_body_params),
            user_info_endpoint: stored.user_info_endpoint,
            user_info_endpoint_query_params: changes(stored.user_info_endpoint_query_params),
            user_info_endpoint_headers: changes(stored.user_info_endpoint_headers),
            jwks_uri: stored.jwks_uri,
            oidc_discovery_endpoint: stored.oidc_discovery_endpoint,
            require_email: stored.require_email,
            user_info_map: UserInfoMap {
                from_id_token_payload: fields(stored.user_info_map.from_id_token_payload),
                from_user_info_api: fields(stored.user_info_map.from_user_info_api),
            },
            ..Self::default()
        }
    }
}

/// What a core doesn't store isn't there any more: the implementation that the id doesn't name, the
/// methods of PKCE, and functions of the program.
impl From<ProviderConfig> for multitenancy::ProviderConfig {
    fn from(config: ProviderConfig) -> Self {
        Self {
            third_party_id: config.third_party_id,
            name: config.name,
            clients: config.clients.into_iter().map(Into::into).collect(),
            authorization_endpoint: config.authorization_endpoint,
            authorization_endpoint_query_params: object(config.authorization_endpoint_query_params),
            token_endpoint: config.token_endpoint,
            token_endpoint_body_params: object(config.token_endpoint_body_params),
            user_info_endpoint: config.user_info_endpoint,
            user_info_endpoint_query_params: object(config.user_info_endpoint_query_params),
            user_info_endpoint_headers: object(config.user_info_endpoint_headers),
            jwks_uri: config.jwks_uri,
            oidc_discovery_endpoint: config.oidc_discovery_endpoint,
            require_email: config.require_email,
            user_info_map: UserInfoMapConfig {
                from_id_token_payload: stored_fields(config.user_info_map.from_id_token_payload),
                from_user_info_api: stored_fields(config.user_info_map.from_user_info_api),
            },
        }
    }
}

impl From<ProviderClientConfig> for ClientConfig {
    fn from(stored: ProviderClientConfig) -> Self {
        Self {
            client_type: stored.client_type,
            client_id: stored.client_id,
            client_secret: stored.client_secret,
            scopes: stored.scope,
            force_pkce: stored.force_pkce,
            additional_config: stored.additional_config,
        }
    }
}

impl From<ClientConfig> for ProviderClientConfig {
    fn from(client: ClientConfig) -> Self {
        Self {
            client_type: client.client_type,
            client_id: client.client_id,
            client_secret: client.client_secret,
            scope: client.scopes,
            force_pkce: client.force_pkce,
            additional_config: client.additional_config,
        }
    }
}

/// What isn't a text is written as one.
fn changes(stored: Option<JsonObject>) -> Changes {
    let text = |value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    stored.unwrap_or_default().into_iter().map(|(name, value)| (name, text(value))).collect()
}

fn object(changes: Changes) -> Option<JsonObject> {
    let object: JsonObject =
        changes.into_iter().map(|(name, value)| (name, value.into())).collect();
    Some(object).filter(|it| !it.is_empty())
}

fn fields(stored: UserInfoFieldsConfig) -> UserInfoFields {
    let UserInfoFieldsConfig { user_id, email, email_verified } = stored;
    UserInfoFields { user_id, email, email_verified }
}

fn stored_fields(fields: UserInfoFields) -> UserInfoFieldsConfig {
    let UserInfoFields { user_id, email, email_verified } = fields;
    UserInfoFieldsConfig { user_id, email, email_verified }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cdi_6_4_what_is_stored_comes_back_as_it_was() {
        let config = ProviderConfig::new("staff")
            .name("Staff")
            .discovery("https://login.example.com")
            .endpoints("https://a.example/1", "https://a.example/2", "https://a.example/3")
            .authorization_param("prompt", None)
            .authorization_param("audience", Some("shop"))
            .require_email(false)
            .client(
                ClientConfig::new("shop")
                    .client_type("web")
                    .client_secret("kJ3w9s")
                    .scopes(["openid"])
                    .force_pkce()
                    .additional("issuer", "https://a.example"),
            );
        let stored = multitenancy::ProviderConfig::from(config.clone());
        let wire = serde_json::to_value(&stored).unwrap();
        let read: multitenancy::ProviderConfig = serde_json::from_value(wire).unwrap();
        let back = ProviderConfig::from(read);
        assert_eq!(serde_json::to_value(back).unwrap(), serde_json::to_value(config).unwrap());
    }

    #[test]
    fn cdi_6_4_parameters_that_are_no_texts_become_some() {
        let stored: multitenancy::ProviderConfig = serde_json::from_value(json!({
            "thirdPartyId": "staff",
            "tokenEndpointBodyParams": { "a": 1, "b": true, "c": null, "d": "x", "e": [2] },
        }))
        .unwrap();
        let read = serde_json::to_value(ProviderConfig::from(stored)).unwrap();
        let params = json!({ "a": "1", "b": "true", "c": null, "d": "x", "e": "[2]" });
        assert_eq!(read["tokenEndpointBodyParams"], params);
    }
}
