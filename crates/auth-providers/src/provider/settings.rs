//! A provider and one of its clients, as they are in the end: what is known of the provider, with
//! the configuration over it, checked.

use std::collections::BTreeMap;

use auth_protocol::Secret;
use http::{HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use super::{
    addresses::{Filler, parse_url},
    apple::AppleKey,
    calls::{MoreCall, ReadyCall},
    development::known_id,
    places::ReadyPlaces,
};
use crate::{
    config::{ClientConfig, ProviderConfig},
    description::{Call, CallAuth, CallKind, Description, IdTokenKeys, Issuer, Params, Quirk},
    error::ConfigError,
    openid::{IssuerRule, well_known},
};

/// Parameters by name, each once.
pub(crate) type Values = Vec<(String, String)>;

pub(crate) struct Settings {
    pub(crate) config: ProviderConfig,
    /// With the id that the provider knows.
    pub(crate) client: ClientConfig,
    pub(crate) is_for_development: bool,
    pub(crate) row: &'static Description,
    pub(crate) scopes: Vec<String>,
    /// The document, and the issuer that it must name.
    pub(crate) discovery: Option<(Url, String)>,
    pub(crate) authorization: Option<Url>,
    pub(crate) token: Option<Url>,
    pub(crate) jwks: Option<Url>,
    /// Where it is known without discovery.
    pub(crate) issuer: Option<IssuerRule>,
    pub(crate) authorization_params: Vec<(String, Option<String>)>,
    pub(crate) token_params: Vec<(String, Option<String>)>,
    /// Without an address, it is at that of discovery.
    pub(crate) user_info: ReadyCall,
    pub(crate) more_user_info: Vec<MoreCall>,
    pub(crate) token_check: Option<ReadyCall>,
    pub(crate) in_id_token: ReadyPlaces,
    pub(crate) in_user_info: ReadyPlaces,
    /// Other clients whose tokens for this one are good.
    pub(crate) authorized_parties: Vec<String>,
    pub(crate) apple: Option<AppleKey>,
}

impl Settings {
    /// Checks the `index`th client of a provider.
    pub(crate) fn new(config: &ProviderConfig, index: usize) -> Result<Self, ConfigError> {
        Self::checked(config, index).map_err(|error| error.of(&config.third_party_id))
    }

    fn checked(config: &ProviderConfig, index: usize) -> Result<Self, ConfigError> {
        let implementation =
            config.third_party_implementation.as_ref().unwrap_or(&config.third_party_id);
        let row = Description::of(implementation);
        let configured = &config.clients[index];
        let known = ClientConfig {
            client_id: known_id(&configured.client_id).to_owned(),
            ..configured.clone()
        };
        let client = &known;
        let field = |name: &str| format!("clients[{index}].{name}");
        if client.client_id.is_empty() {
            return Err(ConfigError::new(field("clientId"), "it is empty", "the provider's id"));
        }
        if !config.require_email.unwrap_or(row.requires_email) {
            config.made_up_email("1")?;
        }
        let apple = match row.quirk {
            Quirk::Apple => Some(AppleKey::new(client, index)?),
            _ => None,
        };
        let filler = Filler::new(row, client, index)?;
        let url = |name: &str, own: Option<&String>, known: Option<&str>| {
            let text = own.cloned().or_else(|| known.map(|known| filler.fill(known)));
            text.map(|text| parse_url(name, &text)).transpose()
        };
        let discovery =
            url("oidcDiscoveryEndpoint", config.oidc_discovery_endpoint.as_ref(), row.discovery)?;
        let authorization = url(
            "authorizationEndpoint",
            config.authorization_endpoint.as_ref(),
            row.authorization,
        )?;
        let token = url("tokenEndpoint", config.token_endpoint.as_ref(), row.token)?;
        let jwks = url("jwksURI", config.jwks_uri.as_ref(), None)?;
        let discovery = discovery.map(|discovery| well_known(&discovery));
        for (name, is_missing) in
            [("authorizationEndpoint", authorization.is_none()), ("tokenEndpoint", token.is_none())]
        {
            if is_missing && discovery.is_none() {
                let expected = "an address, or `oidcDiscoveryEndpoint`";
                return Err(ConfigError::new(name, "it is missing", expected));
            }
        }
        let issuer = issuer(row, client, index, jwks.is_some() && discovery.is_none())?;
        let user_info = user_info(config, row, client, &filler)?;
        let in_user_info = ReadyPlaces::new(
            "fromUserInfoAPI",
            &row.in_user_info,
            &config.user_info_map.from_user_info_api,
        )?;
        let has_user_info = user_info.url.is_some();
        if row.is_custom() && !has_user_info && discovery.is_none() && jwks.is_none() {
            let expected = "an address, or `oidcDiscoveryEndpoint`";
            return Err(ConfigError::new("userInfoEndpoint", "it is missing", expected));
        }
        let more = row.more_user_info.iter().map(|more| {
            let call = ReadyCall::new(&more.call, &filler)?;
            Ok(MoreCall { call, member: more.member, is_optional: more.is_optional })
        });
        let check = row.token_check.as_ref().map(|check| ReadyCall::new(&check.call, &filler));
        let mut authorized_parties = text_list(client, "authorizedParties", index)?;
        let own = config.clients.iter().map(|client| known_id(&client.client_id).to_owned());
        authorized_parties.extend(own);
        text_list(client, "allowedTenants", index)?;
        let scopes = client
            .scopes
            .clone()
            .unwrap_or_else(|| row.scopes.iter().map(|scope| (*scope).to_owned()).collect());
        Ok(Self {
            row,
            scopes,
            discovery,
            authorization,
            token,
            jwks,
            issuer,
            authorization_params: changed(
                &filler,
                row.authorization_params,
                &config.authorization_endpoint_query_params,
            ),
            token_params: changed(&filler, &[], &config.token_endpoint_body_params),
            user_info,
            more_user_info: more.collect::<Result<_, ConfigError>>()?,
            token_check: check.transpose()?,
            in_id_token: ReadyPlaces::new(
                "fromIdTokenPayload",
                &row.in_id_token,
                &config.user_info_map.from_id_token_payload,
            )?,
            in_user_info,
            authorized_parties,
            apple,
            config: config.clone(),
            is_for_development: configured.is_for_development(),
            client: known,
        })
    }

    pub(crate) fn id(&self) -> &str {
        &self.config.third_party_id
    }

    pub(crate) fn client_secret(&self) -> Option<&Secret> {
        self.client.client_secret.as_ref().filter(|secret| !secret.is_empty())
    }

    /// Whether id tokens are asked for, and read.
    pub(crate) fn wants_id_token(&self) -> bool {
        self.row.id_token_keys != IdTokenKeys::Unread
            && self.scopes.iter().any(|scope| scope == "openid")
    }

    /// Whether a user without an address can't sign in.
    pub(crate) fn requires_email(&self) -> bool {
        self.config.require_email.unwrap_or(self.row.requires_email)
    }
}

/// Who issues id tokens, where it is known without discovery; it must be where only keys are.
fn issuer(
    row: &Description,
    client: &ClientConfig,
    index: usize,
    has_keys_alone: bool,
) -> Result<Option<IssuerRule>, ConfigError> {
    let field = |name: &str| format!("clients[{index}].{name}");
    let has_secret = client.client_secret.as_ref().is_some_and(|secret| !secret.is_empty());
    if row.id_token_keys == IdTokenKeys::ClientSecret && !has_secret {
        let expected = "the secret by which id tokens are signed";
        return Err(ConfigError::new(field("clientSecret"), "it is missing", expected));
    }
    match (client.additional_text("issuer"), row.issuer) {
        (Some(own), _) => Ok(Some(IssuerRule::Exactly(own.to_owned()))),
        (None, Issuer::Exactly(known)) => Ok(Some(IssuerRule::Exactly(known.to_owned()))),
        _ if has_keys_alone => Err(ConfigError::new(
            field("additionalConfig.issuer"),
            "it is missing, so that nothing says who issues the tokens of `jwksURI`",
            "the `iss` of id tokens, or `oidcDiscoveryEndpoint` in place of `jwksURI`",
        )),
        _ => Ok(None),
    }
}

fn user_info(
    config: &ProviderConfig,
    row: &Description,
    client: &ClientConfig,
    filler: &Filler,
) -> Result<ReadyCall, ConfigError> {
    const STANDARD: Call =
        Call { kind: CallKind::Get, url: "", params: &[], headers: &[], auth: CallAuth::Bearer };
    let mut call = ReadyCall::new(row.user_info.as_ref().unwrap_or(&STANDARD), filler)?;
    if let Some(own) = &config.user_info_endpoint {
        call.url = Some(parse_url("userInfoEndpoint", own)?);
    }
    if row.quirk == Quirk::Facebook {
        let scopes = client.scopes.as_deref();
        call.params
            .push(("fields".to_owned(), facebook_fields(scopes.unwrap_or(&["email".to_owned()]))));
    }
    for (name, value) in &config.user_info_endpoint_query_params {
        call.params.retain(|(known, _)| known != name);
        call.params.extend(value.clone().map(|value| (name.clone(), value)));
    }
    for (name, value) in &config.user_info_endpoint_headers {
        let field = || format!("userInfoEndpointHeaders.{name}");
        let wrong = || ConfigError::new(field(), "it is no header", "a header");
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
        call.headers.remove(&name);
        if name == http::header::AUTHORIZATION {
            call.auth = CallAuth::Nothing;
        }
        if let Some(value) = value {
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            value.set_sensitive(true);
            call.headers.insert(name, value);
        }
    }
    Ok(call)
}

/// Facebook gives what is asked for by name, and only what a scope permits.
fn facebook_fields(scopes: &[String]) -> String {
    let mut fields = vec!["id"];
    for scope in scopes {
        match scope.as_str() {
            "email" => fields.push("email"),
            "public_profile" => fields.extend(["name", "picture"]),
            scope => fields.extend(scope.strip_prefix("user_")),
        }
    }
    fields.join(",")
}

/// The row's parameters, with the configuration's over them; `None` takes one away.
fn changed(
    filler: &Filler,
    known: Params,
    own: &BTreeMap<String, Option<String>>,
) -> Vec<(String, Option<String>)> {
    let known = known.iter().filter(|(name, _)| !own.contains_key(*name));
    known
        .map(|(name, value)| ((*name).to_owned(), Some(filler.fill(value))))
        .chain(own.iter().map(|(name, value)| (name.clone(), value.clone())))
        .collect()
}

/// A list of texts in `additionalConfig`.
pub(crate) fn text_list(
    client: &ClientConfig,
    name: &str,
    index: usize,
) -> Result<Vec<String>, ConfigError> {
    let wrong = || {
        let field = format!("clients[{index}].additionalConfig.{name}");
        ConfigError::new(field, "it is no list of texts", "a list of texts")
    };
    match client.additional_value(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => list
            .iter()
            .map(|value| value.as_str().map(ToOwned::to_owned).ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}
