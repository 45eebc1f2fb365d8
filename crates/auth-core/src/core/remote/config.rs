//! Where the core is, and how it is asked.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth_protocol::Secret;
use futures_util::future::{BoxFuture, FutureExt};
use http::HeaderValue;

use super::{CoreRequest, hosts::Hosts};
use crate::{ConfigError, Context};

pub(super) type Interceptor =
    Arc<dyn Fn(CoreRequest, Option<&Context>) -> CoreRequest + Send + Sync>;
pub(super) type Now = Arc<dyn Fn() -> i64 + Send + Sync>;
pub(super) type Wait = Arc<dyn Fn(Duration) -> BoxFuture<'static, ()> + Send + Sync>;

/// A core at the other end of a network: `auth-server`, or the reference system's own.
///
/// ```
/// use auth_core::core::RemoteConfig;
///
/// let core = RemoteConfig::new("https://one.example.com;https://two.example.com/appid-shop")
///     .api_key("kDsT3bA7xwWmQ0uR5vHy");
/// assert!(!format!("{core:?}").contains("kDsT"));
/// ```
#[derive(Clone)]
#[must_use]
pub struct RemoteConfig {
    connection_uri: String,
    api_key: Option<Secret>,
    interceptor: Option<Interceptor>,
    disable_core_call_cache: bool,
    connect_timeout: Duration,
    timeout: Duration,
    now_ms: Now,
    wait: Wait,
}

/// The settings, checked.
pub(super) struct Checked {
    pub(super) api_key: Option<HeaderValue>,
    pub(super) interceptor: Option<Interceptor>,
    pub(super) disable_call_cache: bool,
    pub(super) connect_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) now_ms: Now,
    pub(super) wait: Wait,
}

impl RemoteConfig {
    /// A core at an address, or at several with `;` between them, which then share the calls and
    /// stand in for each other. An address may have a path, and in it the app: `/appid-shop`.
    pub fn new(connection_uri: impl Into<String>) -> Self {
        Self {
            connection_uri: connection_uri.into(),
            api_key: None,
            interceptor: None,
            disable_core_call_cache: false,
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            now_ms: Arc::new(system_now_ms),
            wait: Arc::new(|time| tokio::time::sleep(time).boxed()),
        }
    }

    /// The key that the core wants; none unless set.
    pub fn api_key(mut self, api_key: impl Into<Secret>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Looks at every request to the core, and may change it. The context is that of the request
    /// that is being served, where there is one.
    pub fn network_interceptor(
        mut self,
        intercept: impl Fn(CoreRequest, Option<&Context>) -> CoreRequest + Send + Sync + 'static,
    ) -> Self {
        self.interceptor = Some(Arc::new(intercept));
        self
    }

    /// Asks the core each time. Unless set, what was read once is kept while a request is served,
    /// until that request writes.
    pub fn disable_core_call_cache(mut self) -> Self {
        self.disable_core_call_cache = true;
        self
    }

    /// How long a connection may take; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take; 30 s unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Where the time comes from, in milliseconds since the epoch; the system's clock unless set.
    /// It should be the core's time, as tokens expire by it.
    pub fn clock(mut self, now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        self.now_ms = Arc::new(now_ms);
        self
    }

    /// How time is let pass before a call is repeated that the core has no capacity for: by tokio's
    /// timer unless set. A test may note the time instead, and go on at once.
    pub fn wait_by<W>(mut self, wait: impl Fn(Duration) -> W + Send + Sync + 'static) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        self.wait = Arc::new(move |time| wait(time).boxed());
        self
    }

    pub(super) fn check(self) -> Result<(Hosts, Checked), ConfigError> {
        let hosts = Hosts::parse(&self.connection_uri)?;
        let key = self.api_key.map(|key| key_header(&key)).transpose()?;
        for (name, timeout) in
            [("core.connect_timeout", self.connect_timeout), ("core.timeout", self.timeout)]
        {
            if timeout.is_zero() {
                return Err(ConfigError::new(name, "it is zero", "a time above zero"));
            }
        }
        let checked = Checked {
            api_key: key,
            interceptor: self.interceptor,
            disable_call_cache: self.disable_core_call_cache,
            connect_timeout: self.connect_timeout,
            timeout: self.timeout,
            now_ms: self.now_ms,
            wait: self.wait,
        };
        Ok((hosts, checked))
    }
}

fn key_header(key: &Secret) -> Result<HeaderValue, ConfigError> {
    let wrong = |problem| ConfigError::new("core.api_key", problem, "letters, digits, `=` and `-`");
    let mut value = HeaderValue::from_str(key.expose_secret().trim())
        .map_err(|_| wrong("it holds a character that a header can't"))?;
    if value.is_empty() {
        return Err(wrong("it is empty"));
    }
    value.set_sensitive(true);
    Ok(value)
}

fn system_now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl fmt::Debug for RemoteConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Unchecked, it may hold a password.
        let hosts = Hosts::parse(&self.connection_uri);
        f.debug_struct("RemoteConfig")
            .field("hosts", &hosts.map_err(|error| error.to_string()))
            .field("api_key", &self.api_key)
            .field("disable_core_call_cache", &self.disable_core_call_cache)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
