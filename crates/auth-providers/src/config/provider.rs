//! A provider's settings, by the names that they have on the wire (FDI §1.2, CDI §6.4).

use std::{collections::BTreeMap, fmt, sync::Arc};

use auth_protocol::{JsonObject, Secret, normalise_email};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::ClientConfig;
use crate::error::ConfigError;

/// Parameters or headers by their names. One that is `None` takes a built-in one away.
pub(super) type Changes = BTreeMap<String, Option<String>>;

/// Makes an address of a user's id.
type FakeEmail = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Says what is wrong with the claims of an id token, if anything.
type CheckClaims = Arc<dyn Fn(&JsonObject) -> Result<(), &'static str> + Send + Sync>;

/// Says what is wrong with an access token, if anything.
type CheckToken = Arc<dyn Fn(Secret) -> BoxFuture<'static, Result<(), &'static str>> + Send + Sync>;

/// A provider: a built-in one with one's own clients, or any other with its endpoints.
///
/// ```
/// use auth_providers::{ClientConfig, ProviderConfig};
///
/// let google = ProviderConfig::new("google")
///     .client(ClientConfig::new("1234.apps.example.com").client_secret("kJ3w9s"));
/// let own = ProviderConfig::new("staff")
///     .name("Staff")
///     .discovery("https://login.example.com")
///     .client(ClientConfig::new("shop").client_secret("q8Zb2m").scopes(["openid", "email"]));
/// # let _ = (google, own);
/// ```
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[must_use]
pub struct ProviderConfig {
    /// The id by which front ends name it.
    pub third_party_id: String,
    /// The built-in provider that it is, where its id doesn't say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_implementation: Option<String>,
    /// What its button says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The clients at the provider, told apart by their `clientType`.
    #[serde(default)]
    pub clients: Vec<ClientConfig>,
    /// Where the browser goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// More of that address's query.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub authorization_endpoint_query_params: Changes,
    /// Where a code is exchanged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// More of that form.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub token_endpoint_body_params: Changes,
    /// Where the user is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_info_endpoint: Option<String>,
    /// More of that address's query.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub user_info_endpoint_query_params: Changes,
    /// More headers of that request; one that is `None` is left out, `authorization` too.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub user_info_endpoint_headers: Changes,
    /// The keys that sign id tokens.
    #[serde(default, rename = "jwksURI", skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The methods of PKCE that the provider takes, where discovery doesn't say so, or not rightly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// The discovery document, with or without `/.well-known/openid-configuration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc_discovery_endpoint: Option<String>,
    /// Where values stand in what the provider tells.
    #[serde(default, skip_serializing_if = "UserInfoMap::is_empty")]
    pub user_info_map: UserInfoMap,
    /// Whether a user without an address can't sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_email: Option<bool>,
    #[serde(skip)]
    pub(crate) fake_email: Option<FakeEmail>,
    #[serde(skip)]
    pub(crate) check_claims: Option<CheckClaims>,
    #[serde(skip)]
    pub(crate) check_token: Option<CheckToken>,
}

/// Where values stand in what a provider tells; see [`Path`](crate::Path).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UserInfoMap {
    /// In the id token, whose values count before the others.
    #[serde(skip_serializing_if = "UserInfoFields::is_empty")]
    pub from_id_token_payload: UserInfoFields,
    /// In user info.
    #[serde(rename = "fromUserInfoAPI", skip_serializing_if = "UserInfoFields::is_empty")]
    pub from_user_info_api: UserInfoFields,
}

/// Paths to the values that are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UserInfoFields {
    /// The user's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address is verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<String>,
}

impl UserInfoMap {
    fn is_empty(&self) -> bool {
        self.from_id_token_payload.is_empty() && self.from_user_info_api.is_empty()
    }
}

impl UserInfoFields {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ProviderConfig {
    /// A provider by its id, which chooses a built-in one
    /// ([`Description::of`](crate::description::Description::of)) or is of one's own.
    pub fn new(third_party_id: impl Into<String>) -> Self {
        Self { third_party_id: third_party_id.into(), ..Self::default() }
    }

    /// The built-in provider that it is, where its id doesn't say so.
    pub fn implementation(mut self, id: impl Into<String>) -> Self {
        self.third_party_implementation = Some(id.into());
        self
    }

    /// What its button says.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds a client.
    pub fn client(mut self, client: ClientConfig) -> Self {
        self.clients.push(client);
        self
    }

    /// The issuer, or its discovery document.
    pub fn discovery(mut self, url: impl Into<String>) -> Self {
        self.oidc_discovery_endpoint = Some(url.into());
        self
    }

    /// Where the browser goes, where a code is exchanged, and where the user is asked for.
    pub fn endpoints(
        mut self,
        authorization: impl Into<String>,
        token: impl Into<String>,
        user_info: impl Into<String>,
    ) -> Self {
        self.authorization_endpoint = Some(authorization.into());
        self.token_endpoint = Some(token.into());
        self.user_info_endpoint = Some(user_info.into());
        self
    }

    /// Sets or, by `None`, takes away a parameter of the authorization URL.
    pub fn authorization_param(mut self, name: impl Into<String>, value: Option<&str>) -> Self {
        self.authorization_endpoint_query_params.insert(name.into(), value.map(ToOwned::to_owned));
        self
    }

    /// Where values stand in what the provider tells.
    pub fn user_info_map(mut self, map: UserInfoMap) -> Self {
        self.user_info_map = map;
        self
    }

    /// Whether a user without an address can't sign in. Where it is `false`, such a user has a
    /// made-up address, which is marked and never verified.
    pub fn require_email(mut self, require_email: bool) -> Self {
        self.require_email = Some(require_email);
        self
    }

    /// How an address is made up of a user's id; `<user id>.<provider>@stfakeemail.supertokens.com`
    /// unless set. It must end in `@stfakeemail.supertokens.com` or `.fakeemail.com`, by which made-up
    /// addresses are told from others.
    pub fn generate_fake_email(
        mut self,
        generate: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        self.fake_email = Some(Arc::new(generate));
        self
    }

    /// Looks at the claims of an id token that is good otherwise, and names the one that isn't.
    pub fn validate_id_token_payload(
        mut self,
        check: impl Fn(&JsonObject) -> Result<(), &'static str> + Send + Sync + 'static,
    ) -> Self {
        self.check_claims = Some(Arc::new(check));
        self
    }

    /// Looks at each access token before the user is asked for, and says what is wrong with it. For a
    /// provider that has no check of its own, it stands for that: then it must make sure that the
    /// token was given to this client, as a client may bring any.
    pub fn validate_access_token<F>(
        mut self,
        check: impl Fn(Secret) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), &'static str>> + Send + 'static,
    {
        self.check_token = Some(Arc::new(move |token| Box::pin(check(token))));
        self
    }

    /// The address of a user who has none.
    pub(crate) fn made_up_email(&self, user_id: &str) -> Result<String, ConfigError> {
        let address = match &self.fake_email {
            Some(generate) => generate(user_id),
            None => format!("{user_id}.{}@stfakeemail.supertokens.com", self.third_party_id),
        };
        let domain = normalise_email(&address);
        let is_marked = ["@stfakeemail.supertokens.com", ".fakeemail.com"]
            .iter()
            .any(|ending| domain.ends_with(ending));
        match is_marked {
            true => Ok(address),
            false => Err(ConfigError::new(
                "generateFakeEmail",
                "it gives an address that may be somebody's",
                "one that ends in `@stfakeemail.supertokens.com` or `.fakeemail.com`",
            )),
        }
    }
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters and headers may hold keys.
        let names = |changes: &Changes| changes.keys().cloned().collect::<Vec<_>>();
        f.debug_struct("ProviderConfig")
            .field("third_party_id", &self.third_party_id)
            .field("third_party_implementation", &self.third_party_implementation)
            .field("name", &self.name)
            .field("clients", &self.clients)
            .field("authorization_endpoint", &self.authorization_endpoint)
            .field("authorization_params", &names(&self.authorization_endpoint_query_params))
            .field("token_endpoint", &self.token_endpoint)
            .field("token_params", &names(&self.token_endpoint_body_params))
            .field("user_info_endpoint", &self.user_info_endpoint)
            .field("user_info_params", &names(&self.user_info_endpoint_query_params))
            .field("user_info_headers", &names(&self.user_info_endpoint_headers))
            .field("jwks_uri", &self.jwks_uri)
            .field("code_challenge_methods_supported", &self.code_challenge_methods_supported)
            .field("oidc_discovery_endpoint", &self.oidc_discovery_endpoint)
            .field("user_info_map", &self.user_info_map)
            .field("require_email", &self.require_email)
            .finish_non_exhaustive()
    }
}
