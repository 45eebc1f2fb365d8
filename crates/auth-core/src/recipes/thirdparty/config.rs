//! What the application may set.

use std::{collections::HashSet, future::Future, io, net::SocketAddr, time::Duration};

use auth_providers::{ClientConfig, ProviderConfig, Providers, ProvidersBuilder};

use super::{
    ProviderFunctions, ProviderOverride, ThirdPartyApis, ThirdPartyApisOverride,
    ThirdPartyFunctions, ThirdPartyInstance, ThirdPartyOverride, instance::OwnProvider, provider,
};
use crate::{
    ConfigError, RecipeConfig, Setup,
    overrides::{Overrides, override_methods},
};

/// What a core keeps of a provider's id.
const LONGEST_ID: usize = 28;

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThirdPartyApi {
    /// `authorisationUrlGET`.
    AuthorisationUrlGet,
    /// `signInUpPOST`.
    SignInUpPost,
    /// `appleRedirectHandlerPOST`.
    AppleRedirectHandlerPost,
}

/// A provider with more than its configuration; a [`ProviderConfig`] alone is one, too.
#[must_use]
pub struct ProviderInput {
    config: ProviderConfig,
    in_all_tenants: bool,
    overrides: Overrides<ProviderFunctions>,
}

impl ProviderInput {
    /// A provider by its configuration.
    pub fn new(config: ProviderConfig) -> Self {
        Self { config, in_all_tenants: false, overrides: Overrides::default() }
    }

    /// Offers it in tenants other than `public` too, as long as they have no providers of their own.
    pub fn include_in_non_public_tenants_by_default(mut self, include: bool) -> Self {
        self.in_all_tenants = include;
        self
    }

    /// Replaces steps of a sign-in by this provider; a later call lies around the earlier ones.
    pub fn override_functions(mut self, functions: impl ProviderOverride + 'static) -> Self {
        self.overrides.push(|original| original.overridden_by(functions));
        self
    }
}

impl From<ProviderConfig> for ProviderInput {
    fn from(config: ProviderConfig) -> Self {
        Self::new(config)
    }
}

/// The recipe's settings.
///
/// ```
/// use auth_core::recipes::thirdparty::{ClientConfig, ProviderConfig, ThirdPartyRecipe};
///
/// let recipe = ThirdPartyRecipe::new()
///     .provider(
///         ProviderConfig::new("google")
///             .client(ClientConfig::new("1234.apps.example.com").client_secret("kJ3w9s")),
///     )
///     .provider(
///         ProviderConfig::new("staff")
///             .name("Staff")
///             .discovery("https://login.example.com")
///             .client(ClientConfig::new("shop").scopes(["openid", "email"])),
///     );
/// ```
#[must_use]
pub struct ThirdPartyRecipe {
    providers: ProvidersBuilder,
    own: Vec<OwnProvider>,
    overrides: Overrides<ThirdPartyFunctions>,
    api_overrides: Overrides<ThirdPartyApis>,
    disabled: HashSet<ThirdPartyApi>,
}

impl ThirdPartyRecipe {
    /// The recipe without a provider.
    pub fn new() -> Self {
        Self {
            providers: Providers::builder(),
            own: Vec::new(),
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }

    /// Adds a provider: a [`ProviderConfig`], or a [`ProviderInput`] with overrides of its own.
    pub fn provider(mut self, provider: impl Into<ProviderInput>) -> Self {
        let ProviderInput { config, in_all_tenants, overrides } = provider.into();
        self.own.push(OwnProvider {
            id: config.third_party_id.clone(),
            functions: provider::with_overrides(overrides),
            in_all_tenants,
        });
        self.providers = self.providers.provider(config);
        self
    }

    /// Hosts of providers that may be in a private network, and spoken to without TLS: a name or an
    /// address, with a port where it isn't 443, such as `localhost:9000`. No others are.
    pub fn allow_private_network_hosts(
        mut self,
        hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.providers = self.providers.allow_private_network_hosts(hosts);
        self
    }

    /// Certificates in PEM that are trusted beside the system's, such as a company's own.
    pub fn trust_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.providers = self.providers.trust_certificates(pem);
        self
    }

    /// How long a connection to a provider may take; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.providers = self.providers.connect_timeout(timeout);
        self
    }

    /// How long a provider may take to answer, all of it; 10 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.providers = self.providers.timeout(timeout);
        self
    }

    /// How providers' names are resolved; by the system unless set. What is resolved is looked at
    /// before it is connected to, whoever resolves it. A port other than 0 counts where the address
    /// names none.
    pub fn resolve_names_by<F>(
        mut self,
        resolve: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'static,
    {
        self.providers = self.providers.resolve_names_by(resolve);
        self
    }
}

impl Default for ThirdPartyRecipe {
    fn default() -> Self {
        Self::new()
    }
}

override_methods!(
    ThirdPartyRecipe: ThirdPartyOverride, ThirdPartyApisOverride, ThirdPartyApi
);

impl RecipeConfig for ThirdPartyRecipe {
    type Recipe = ThirdPartyInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        let Self { providers, own, overrides, api_overrides, disabled } = self;
        let providers: Providers = providers.build().map_err(|error| {
            ConfigError::new(
                format!("thirdparty.{}", error.field()),
                error.problem(),
                error.expected(),
            )
        })?;
        if let Some(own) = own.iter().find(|own| own.id.chars().count() > LONGEST_ID) {
            let problem = format!("`{}` is longer than a core keeps", own.id);
            let expected = format!("{LONGEST_ID} characters at most");
            return Err(ConfigError::new("thirdparty.thirdPartyId", problem, expected));
        }
        for config in providers.configs() {
            if config.clients.iter().any(ClientConfig::is_for_development) {
                tracing::warn!(
                    provider = config.third_party_id,
                    "this client is one that SuperTokens keeps for trying out, whose secret everybody \
                     knows: before there are users, put one of your own in its place"
                );
            }
        }
        Ok(ThirdPartyInstance::new(providers, own, disabled, overrides, api_overrides))
    }
}
