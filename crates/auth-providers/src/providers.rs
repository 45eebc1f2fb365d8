//! All providers of an application.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    config::{ClientConfig, ProviderConfig},
    error::{ConfigError, Problem, ProviderError, Step},
    http::{Http, HttpSettings},
    openid::{Cached, Document, KeySet},
    provider::{Provider, Settings},
};

type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// All providers of an application, checked. Clones share everything.
///
/// ```
/// use auth_providers::{ClientConfig, ProviderConfig, Providers};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let providers = Providers::builder()
///     .provider(
///         ProviderConfig::new("github")
///             .client(ClientConfig::new("Iv1.8a61f9b3").client_secret("kJ3w9s")),
///     )
///     .build()?;
/// assert_eq!(providers.provider("github", None)?.name(), "Github");
///
/// let error = Providers::builder().provider(ProviderConfig::new("okta").client(ClientConfig::new("a")));
/// assert_eq!(error.build().unwrap_err().field(), "okta.clients[0].additionalConfig.oktaDomain");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Providers {
    shared: Arc<Shared>,
    configured: Arc<Vec<Configured>>,
}

struct Configured {
    config: ProviderConfig,
    /// One for each client.
    settings: Vec<Arc<Settings>>,
}

/// What all providers use.
pub(crate) struct Shared {
    pub(crate) http: Http,
    pub(crate) documents: Cached<Document>,
    pub(crate) keys: Cached<KeySet>,
    clock: Clock,
}

impl Shared {
    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }
}

/// Settings of [`Providers`].
#[must_use]
pub struct ProvidersBuilder {
    configs: Vec<ProviderConfig>,
    http: HttpSettings,
    clock: Clock,
}

impl Providers {
    /// Starts with no provider.
    pub fn builder() -> ProvidersBuilder {
        ProvidersBuilder {
            configs: Vec::new(),
            http: HttpSettings::default(),
            clock: Arc::new(SystemTime::now),
        }
    }

    /// What the program says about its providers, in its order.
    pub fn configs(&self) -> impl Iterator<Item = &ProviderConfig> {
        self.configured.iter().map(|configured| &configured.config)
    }

    /// One of the program's providers, and one of its clients: that of the type, or the only one.
    ///
    /// # Errors
    /// [`Problem::UnknownProvider`], [`Problem::UnknownClient`].
    pub fn provider(
        &self,
        third_party_id: &str,
        client_type: Option<&str>,
    ) -> Result<Provider, ProviderError> {
        let configured = self.configured(third_party_id).ok_or_else(|| {
            let problem = Problem::UnknownProvider(third_party_id.to_owned());
            ProviderError::new(third_party_id, Step::Configuration, problem)
        })?;
        let index = choose_client(&configured.config, client_type)?;
        let settings = configured.settings[index].clone();
        Ok(Provider::new(self.shared.clone(), settings))
    }

    /// A provider that a core stores, over what the program says about the one of the same id. A
    /// stored address is spoken to in the name of a stored client only, so that whoever may store
    /// providers doesn't see the program's secrets.
    ///
    /// # Errors
    /// [`Problem::Config`], with the wrong field's name; [`Problem::UnknownClient`].
    pub fn stored_provider(
        &self,
        stored: &ProviderConfig,
        client_type: Option<&str>,
    ) -> Result<Provider, ProviderError> {
        let id = &stored.third_party_id;
        let merged = match self.configured(id) {
            Some(configured) => configured.config.with_stored(stored),
            None => stored.clone(),
        };
        let index = choose_client(&merged, client_type)?;
        let failed = |error| ProviderError::new(id, Step::Configuration, error);
        let has = |client: &&ClientConfig| client.client_type == merged.clients[index].client_type;
        if stored.leads_elsewhere() && !stored.clients.iter().any(|client| has(&client)) {
            let problem = "the program's client doesn't go to a stored address";
            let error = ConfigError::new("clients", problem, "a stored client");
            return Err(failed(error.of(id)));
        }
        let settings = Settings::new(&merged, index).map_err(failed)?;
        Ok(Provider::new(self.shared.clone(), Arc::new(settings)))
    }

    fn configured(&self, third_party_id: &str) -> Option<&Configured> {
        self.configured.iter().find(|it| it.config.third_party_id == third_party_id)
    }
}

/// Without a type, there must be exactly one client (FDI §1.2).
pub(crate) fn choose_client(
    config: &ProviderConfig,
    client_type: Option<&str>,
) -> Result<usize, ProviderError> {
    let refused = |text: String| {
        let id = &config.third_party_id;
        Err(ProviderError::new(id, Step::Configuration, Problem::UnknownClient(text)))
    };
    match (client_type, config.clients.len()) {
        (None, 1) => Ok(0),
        (None, _) => refused("please provide exactly one client config or pass clientType".into()),
        (Some(wanted), _) => {
            let mut clients = config.clients.iter();
            match clients.position(|client| client.client_type.as_deref() == Some(wanted)) {
                Some(index) => Ok(index),
                None => refused(format!("could not find client config for clientType: {wanted}")),
            }
        }
    }
}

impl ProvidersBuilder {
    /// Adds a provider.
    pub fn provider(mut self, config: ProviderConfig) -> Self {
        self.configs.push(config);
        self
    }

    /// Hosts that may be in a private network, and that may be spoken to without TLS: a name or an
    /// address, with a port where it isn't 443, such as `localhost:9000`. No others are.
    pub fn allow_private_network_hosts(
        mut self,
        hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.http.private_hosts.extend(hosts.into_iter().map(Into::into));
        self
    }

    /// Certificates in PEM that are trusted beside the system's, such as a company's own.
    pub fn trust_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.certificates.push(pem.into());
        self
    }

    /// How long a connection may take; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// How long a provider may take to answer, all of it; 10 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.http.timeout = timeout;
        self
    }

    /// How names are resolved; by the system unless set. What is resolved is looked at before it is
    /// connected to, whoever resolves it. A port other than 0 counts where the URL names none.
    pub fn resolve_names_by<F>(
        mut self,
        resolve: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'static,
    {
        self.http.lookup = Some(Arc::new(move |name| Box::pin(resolve(name))));
        self
    }

    /// Where the time comes from; the system's clock unless set.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(now);
        self
    }

    /// Checks everything that can be known without asking a provider.
    ///
    /// # Errors
    /// [`ConfigError`], with the wrong field's name.
    pub fn build(self) -> Result<Providers, ConfigError> {
        let mut configured: Vec<Configured> = Vec::new();
        for config in self.configs {
            let id = config.third_party_id.clone();
            if id.is_empty() {
                return Err(ConfigError::new("thirdPartyId", "it is empty", "an id"));
            }
            if configured.iter().any(|it| it.config.third_party_id == id) {
                let problem = format!("there are two providers `{id}`");
                return Err(ConfigError::new("thirdPartyId", problem, "each id once"));
            }
            let types: Vec<_> = config.clients.iter().map(|it| &it.client_type).collect();
            if types.is_empty() {
                return Err(ConfigError::new("clients", "there is none", "a client").of(&id));
            }
            if (1..types.len()).any(|index| types[..index].contains(&types[index])) {
                let problem = "two clients have the same `clientType`";
                return Err(ConfigError::new("clients", problem, "each type once").of(&id));
            }
            let settings =
                (0..config.clients.len()).map(|index| Settings::new(&config, index).map(Arc::new));
            let settings = settings.collect::<Result<_, _>>()?;
            configured.push(Configured { config, settings });
        }
        let shared = Shared {
            http: Http::new(self.http)?,
            documents: Cached::new(),
            keys: Cached::new(),
            clock: self.clock,
        };
        Ok(Providers { shared: Arc::new(shared), configured: Arc::new(configured) })
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.configs()).finish()
    }
}

impl fmt::Debug for ProvidersBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.configs).finish()
    }
}
