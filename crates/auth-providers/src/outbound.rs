//! Posts to where an application wants to be told something.

use std::{fmt, time::Duration};

use ::http::{HeaderMap, StatusCode};
use url::Url;

use crate::{
    error::{ConfigError, Problem},
    http::{Body, Http, HttpSettings, Request},
};

/// Posts to addresses that are configured, under the rules for providers' addresses: by https, to
/// public addresses, looked at after they are resolved, and to others by name alone; no redirect is
/// followed; an answer has a mebibyte, and the time-outs that are set.
///
/// ```
/// use auth_providers::Outbound;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let outbound = Outbound::builder().allow_private_network_hosts(["localhost:9000"]).build()?;
/// assert!(outbound.check(&"http://localhost:9000/events".parse()?).is_ok());
/// assert!(outbound.check(&"http://hooks.example.com/events".parse()?).is_err());
/// assert!(outbound.check(&"https://169.254.169.254/".parse()?).is_err());
/// # Ok(())
/// # }
/// ```
pub struct Outbound(Http);

/// The settings of [`Outbound`].
#[derive(Default)]
pub struct OutboundBuilder(HttpSettings);

impl Outbound {
    /// The defaults: 5 s to connect, 10 s for the whole, public addresses alone.
    pub fn builder() -> OutboundBuilder {
        OutboundBuilder::default()
    }

    /// Whether an address may be posted to, as far as it shows before it is resolved.
    ///
    /// # Errors
    /// [`Problem::BlockedAddress`].
    pub fn check(&self, url: &Url) -> Result<(), Problem> {
        self.0.check(url)
    }

    /// Posts JSON and gives the answer's status, of whichever kind.
    ///
    /// # Errors
    /// [`Problem`], where there is no answer, or one that leads elsewhere.
    pub async fn post_json(
        &self,
        url: Url,
        headers: HeaderMap,
        json: Vec<u8>,
    ) -> Result<StatusCode, Problem> {
        let body = Some(Body { media_type: "application/json", bytes: json });
        let answer = self.0.send(Request { headers, body, ..Request::post(url) }).await?;
        Ok(answer.status)
    }
}

impl OutboundBuilder {
    /// Allows hosts of private networks, and http for them: a name or an address, with a port where
    /// it isn't 443.
    #[must_use]
    pub fn allow_private_network_hosts(
        mut self,
        hosts: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.0.private_hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// How long a post may take, connecting included; 10 s unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.timeout = timeout;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the one that is wrong.
    pub fn build(self) -> Result<Outbound, ConfigError> {
        Ok(Outbound(Http::new(self.0)?))
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").finish_non_exhaustive()
    }
}
