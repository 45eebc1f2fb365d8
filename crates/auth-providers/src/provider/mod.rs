//! A provider in use.

mod addresses;
mod apple;
mod authorization;
mod calls;
mod development;
mod id_token;
mod identity;
mod live;
mod microsoft;
mod places;
mod settings;
mod tokens;
mod user_info;

use std::{fmt, sync::Arc};

pub use self::{
    authorization::{AuthorizationReturn, AuthorizationUrl},
    identity::{Email, Identity},
    tokens::Tokens,
};
pub(crate) use self::{development::is_development_client, settings::Settings};
use crate::{
    config::{ClientConfig, ProviderConfig},
    error::{Problem, ProviderError, Step},
    providers::{Shared, choose_client},
};

/// A provider and one of its clients, ready to sign users in. Clones share everything.
///
/// The browser's way is [`authorization_url`](Self::authorization_url), then
/// [`exchange_code`](Self::exchange_code), then [`identity`](Self::identity); tokens that an app
/// has brought go to [`identity`](Self::identity) at once.
#[derive(Clone)]
pub struct Provider {
    shared: Arc<Shared>,
    settings: Arc<Settings>,
}

impl Provider {
    pub(crate) fn new(shared: Arc<Shared>, settings: Arc<Settings>) -> Self {
        Self { shared, settings }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.settings.id()
    }

    /// What its button says: the configured name, the built-in one, or its id.
    pub fn name(&self) -> &str {
        let settings = &self.settings;
        let built_in = (!settings.row.name.is_empty()).then_some(settings.row.name);
        settings.config.name.as_deref().or(built_in).unwrap_or(settings.id())
    }

    /// Which of its clients this is.
    pub fn client_type(&self) -> Option<&str> {
        self.settings.client.client_type.as_deref()
    }

    /// Whether a user without an address can't sign in.
    pub fn requires_email(&self) -> bool {
        self.settings.requires_email()
    }

    /// What is configured, all clients included.
    pub fn config(&self) -> &ProviderConfig {
        &self.settings.config
    }

    /// The client among them that this is, by the id that the provider knows.
    pub fn client(&self) -> &ClientConfig {
        &self.settings.client
    }

    /// The same client of the provider, configured otherwise: for what differs from request to
    /// request.
    ///
    /// # Errors
    /// [`Problem::Config`], with the wrong field's name; [`Problem::UnknownClient`].
    pub fn with_config(&self, config: &ProviderConfig) -> Result<Self, ProviderError> {
        let index = choose_client(config, self.client_type())?;
        let settings = Settings::new(config, index)
            .map_err(|error| self.failed(Step::Configuration, error.into()))?;
        Ok(Self::new(self.shared.clone(), Arc::new(settings)))
    }

    fn failed(&self, step: Step, problem: Problem) -> ProviderError {
        ProviderError::new(self.id(), step, problem)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("id", &self.id())
            .field("client_type", &self.client_type())
            .finish_non_exhaustive()
    }
}
