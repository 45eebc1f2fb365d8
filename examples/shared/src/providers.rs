//! The third parties that users may sign in by.
//!
//! By default one that runs beside the example, so that there is something to try at once. Google and
//! GitHub are added where the environment has an application's credentials there.

use std::{convert::Infallible, env, error::Error, net::Ipv4Addr, str::FromStr};

use auth_core::recipes::thirdparty::{
    ClientConfig, ProviderConfig, ProviderInput, ThirdPartyRecipe,
};
use local_provider::{Client, LocalProvider};
use serde::Serialize;

use crate::Options;

/// The OpenID provider that is always offered.
#[derive(Clone, Debug)]
pub enum ProviderFlag {
    /// One of the example's own, which believes everybody.
    Local,
    /// None.
    None,
    /// The one with this issuer; `OIDC_CLIENT_ID` and `OIDC_CLIENT_SECRET` are the application's
    /// credentials there.
    Issuer(String),
}

impl FromStr for ProviderFlag {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "local" => Self::Local,
            "none" => Self::None,
            issuer => Self::Issuer(issuer.to_owned()),
        })
    }
}

/// A provider, for the front ends.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct NamedProvider {
    id: String,
    name: String,
}

/// The providers of the example.
pub(crate) struct Providers {
    pub(crate) recipe: ThirdPartyRecipe,
    pub(crate) named: Vec<NamedProvider>,
    /// Runs as long as it is kept.
    pub(crate) local: Option<LocalProvider>,
}

impl Providers {
    /// Starts the example's own, if that is wanted, and reads the credentials of the others.
    pub(crate) async fn start(options: &Options) -> Result<Self, Box<dyn Error>> {
        let mut providers =
            Self { recipe: ThirdPartyRecipe::new(), named: Vec::new(), local: None };
        match &options.provider {
            ProviderFlag::Local => {
                let local = start_local(options).await?;
                let client = ClientConfig::new("example").client_secret(SECRET);
                providers.add_issuer("local", "Local account", local.issuer(), client);
                providers.local = Some(local);
            }
            ProviderFlag::None => {}
            ProviderFlag::Issuer(issuer) => {
                let client = credentials("OIDC")?
                    .ok_or("--provider with an issuer needs OIDC_CLIENT_ID in the environment")?;
                providers.add_issuer("openid", "OpenID", issuer, client);
            }
        }
        for (id, name, variables) in
            [("google", "Google", "GOOGLE"), ("github", "GitHub", "GITHUB")]
        {
            if let Some(client) = credentials(variables)? {
                providers.add(ProviderConfig::new(id).client(client), id, name);
            }
        }
        Ok(providers)
    }

    fn add(&mut self, config: ProviderConfig, id: &str, name: &str) {
        // Tenants that have no third parties of their own have these.
        let provider = ProviderInput::new(config).include_in_non_public_tenants_by_default(true);
        self.recipe = std::mem::take(&mut self.recipe).provider(provider);
        self.named.push(NamedProvider { id: id.to_owned(), name: name.to_owned() });
    }

    fn add_issuer(&mut self, id: &str, name: &str, issuer: &str, client: ClientConfig) {
        let config = ProviderConfig::new(id)
            .name(name)
            .discovery(issuer)
            .client(client.scopes(["openid", "email"]));
        self.add(config, id, name);
        // Whoever wrote the flag may reach what is on this machine; nobody else makes the server do so.
        if let Some(host) = issuer.strip_prefix("http://") {
            let host = host.split('/').next().unwrap_or(host).to_owned();
            self.recipe = std::mem::take(&mut self.recipe).allow_private_network_hosts([host]);
        }
    }
}

/// The local provider listens on loopback alone, and knows one client: this is no secret.
const SECRET: &str = "of the example";

async fn start_local(options: &Options) -> Result<LocalProvider, Box<dyn Error>> {
    let website_domain = options.website_domain();
    let paths = ["/auth/callback/local", "/web-js.html"].map(str::to_owned).into_iter();
    let paths_of_tenants =
        options.tenants.iter().map(|tenant| format!("/t/{}/auth/callback/local", tenant.name));
    let redirect_uris = paths.chain(paths_of_tenants).map(|path| format!("{website_domain}{path}"));
    let client = Client {
        id: "example".to_owned(),
        secret: SECRET.to_owned(),
        redirect_uris: redirect_uris.collect(),
    };
    Ok(LocalProvider::start((Ipv4Addr::LOCALHOST, 0), client).await?)
}

/// An application's credentials at a provider, from `…_CLIENT_ID` and `…_CLIENT_SECRET`.
fn credentials(variables: &str) -> Result<Option<ClientConfig>, Box<dyn Error>> {
    let read = |name: String| match env::var(&name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!("{name} isn't Unicode")),
    };
    let Some(id) = read(format!("{variables}_CLIENT_ID"))? else { return Ok(None) };
    let client = ClientConfig::new(id);
    Ok(Some(match read(format!("{variables}_CLIENT_SECRET"))? {
        Some(secret) => client.client_secret(secret),
        None => client,
    }))
}
