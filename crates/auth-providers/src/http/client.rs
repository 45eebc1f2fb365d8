//! The client, and where it may go.

use std::{error::Error, time::Duration};

use bytes::BytesMut;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Certificate, Client, redirect::Policy};
use url::{Host, Url};

use super::{
    address::is_public,
    request::{Answer, Request},
    resolver::{Lookup, NoPublicAddress, Resolver, by_the_system},
};
use crate::error::{ConfigError, Problem};

/// The longest answer that is read.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// How often a GET follows its own host.
const MAX_REDIRECTS: usize = 3;

const USER_AGENT: &str = concat!("auth-providers/", env!("CARGO_PKG_VERSION"));

/// What can be set.
pub(crate) struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) private_hosts: Vec<String>,
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) lookup: Option<Lookup>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            private_hosts: Vec::new(),
            certificates: Vec::new(),
            lookup: None,
        }
    }
}

/// Two clients: one for public addresses, one for hosts that are allowed by name.
pub(crate) struct Http {
    guarded: Client,
    unguarded: Client,
    private_hosts: Vec<String>,
    timeout: Duration,
}

impl Http {
    pub(crate) fn new(settings: HttpSettings) -> Result<Self, ConfigError> {
        for (name, timeout) in
            [("connect_timeout", settings.connect_timeout), ("timeout", settings.timeout)]
        {
            if timeout.is_zero() {
                return Err(ConfigError::new(name, "it is zero", "a time above zero"));
            }
        }
        let mut certificates = Vec::new();
        for pem in &settings.certificates {
            let read = Certificate::from_pem_bundle(pem).map_err(|_| wrong_certificate())?;
            if read.is_empty() {
                return Err(wrong_certificate());
            }
            certificates.extend(read);
        }
        let private_hosts = settings.private_hosts.iter().map(|host| private_host(host));
        let lookup = settings.lookup.unwrap_or_else(by_the_system);
        let client = |is_guarded| {
            Client::builder()
                .connect_timeout(settings.connect_timeout)
                .timeout(settings.timeout)
                .redirect(Policy::none())
                .no_proxy()
                .referer(false)
                .user_agent(USER_AGENT)
                .https_only(is_guarded)
                .dns_resolver(Resolver { lookup: lookup.clone(), is_guarded })
                .tls_certs_merge(certificates.clone())
                .build()
                .map_err(|_| {
                    ConfigError::new("http", "TLS can't be used", "a machine with certificates")
                })
        };
        Ok(Self {
            guarded: client(true)?,
            unguarded: client(false)?,
            private_hosts: private_hosts.collect::<Result<_, _>>()?,
            timeout: settings.timeout,
        })
    }

    /// Whether it may go there, as far as that shows before a name is resolved.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Problem> {
        self.client_for(url).map(drop)
    }

    /// Sends a request. A GET follows redirects on its own host.
    pub(crate) async fn send(&self, mut request: Request) -> Result<Answer, Problem> {
        for _ in 0..=MAX_REDIRECTS {
            let (answer, location) = self.send_once(&request).await?;
            if !answer.status.is_redirection() {
                return Ok(answer);
            }
            let target = location.and_then(|it| request.url.join(&it).ok());
            match target {
                Some(target)
                    if request.method == http::Method::GET
                        && target.origin() == request.url.origin() =>
                {
                    request.url = target;
                }
                _ => return Err(Problem::Redirected { host: answer.host }),
            }
        }
        Err(Problem::Redirected { host: host_of(&request.url) })
    }

    async fn send_once(&self, request: &Request) -> Result<(Answer, Option<String>), Problem> {
        let host = host_of(&request.url);
        let client = self.client_for(&request.url)?;
        let mut builder = client
            .request(request.method.clone(), request.url.clone())
            .header(ACCEPT, "application/json")
            .headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, body.media_type).body(body.bytes.clone());
        }
        let failed = |error: reqwest::Error| self.failed(&host, &error);
        let mut response = builder.send().await.map_err(failed)?;
        let too_large = || Problem::TooLarge { host: host.clone(), limit: MAX_ANSWER_BYTES };
        let is_long =
            |length: u64| usize::try_from(length).map_or(true, |it| it > MAX_ANSWER_BYTES);
        if response.content_length().is_some_and(is_long) {
            return Err(too_large());
        }
        let status = response.status();
        let location = response.headers().get(LOCATION).and_then(|it| it.to_str().ok());
        let location = location.map(ToOwned::to_owned);
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok((Answer { host, status, body: body.freeze() }, location))
    }

    /// The client that may go there. A host that is written as an address is never resolved, so it
    /// is looked at here.
    fn client_for(&self, url: &Url) -> Result<&Client, Problem> {
        if self.private_hosts.iter().any(|allowed| *allowed == host_and_port(url)) {
            return Ok(&self.unguarded);
        }
        let is_allowed = url.scheme() == "https"
            && match url.host() {
                Some(Host::Ipv4(address)) => is_public(address.into()),
                Some(Host::Ipv6(address)) => is_public(address.into()),
                Some(Host::Domain(_)) => true,
                None => false,
            };
        match is_allowed {
            true => Ok(&self.guarded),
            false => Err(Problem::BlockedAddress { host: host_of(url) }),
        }
    }

    fn failed(&self, host: &str, error: &reqwest::Error) -> Problem {
        let host = host.to_owned();
        let mut innermost: &dyn Error = error;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        if innermost.is::<NoPublicAddress>() {
            Problem::BlockedAddress { host }
        } else if error.is_timeout() {
            Problem::TimedOut { host, limit: self.timeout }
        } else if std::ptr::addr_eq(innermost, error) {
            // Its own text holds the URL, which may hold a token.
            Problem::Unreachable { host, reason: "the request failed".to_owned() }
        } else {
            Problem::Unreachable { host, reason: innermost.to_string() }
        }
    }
}

fn wrong_certificate() -> ConfigError {
    ConfigError::new("trust_certificates", "it can't be read", "certificates in PEM")
}

/// `localhost:9000` as in a URL; 443 where there is no port.
fn private_host(text: &str) -> Result<String, ConfigError> {
    let url = Url::parse(&format!("https://{text}")).ok();
    let url = url.filter(|url| {
        url.path() == "/"
            && url.query().is_none()
            && url.username().is_empty()
            && !text.contains('/')
    });
    url.map(|url| host_and_port(&url)).ok_or_else(|| {
        ConfigError::new(
            "allow_private_network_hosts",
            format!("`{text}` is no host"),
            "a name or an address, with a port where it isn't 443",
        )
    })
}

fn host_and_port(url: &Url) -> String {
    format!("{}:{}", host_of(url), url.port_or_known_default().unwrap_or_default())
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
