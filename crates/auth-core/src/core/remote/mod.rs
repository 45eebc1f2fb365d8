//! A core at the other end of a network, asked over CDI.

mod cache;
mod config;
mod error;
mod hosts;
mod request;
mod versions;

use std::{any::Any, fmt, sync::Arc, time::Duration};

use auth_protocol::{CdiVersion, Operation, Scope, TenantId, jwt::GetJwksResponse};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use reqwest::Client;
use tokio::sync::OnceCell;

pub(crate) use self::cache::CallCache;
use self::{
    config::Checked,
    hosts::{Host, Hosts},
};
pub use self::{config::RemoteConfig, error::RemoteError, request::CoreRequest};
use crate::{ConfigError, Context};

/// How often a call is repeated that the core has no capacity for.
const REPETITIONS: u32 = 5;

/// A core at the other end of a network. Clones share it.
#[derive(Clone)]
pub(crate) struct RemoteCore(Arc<Inner>);

struct Inner {
    config: Checked,
    hosts: Hosts,
    client: Client,
    /// Found out at the first use.
    version: OnceCell<CdiVersion>,
}

/// An answer with status 200.
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl RemoteCore {
    pub(crate) fn new(config: RemoteConfig) -> Result<Self, ConfigError> {
        let (hosts, config) = config.check()?;
        let client = Client::builder()
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| {
                ConfigError::new("core", error.to_string(), "a machine that can use TLS")
            })?;
        Ok(Self(Arc::new(Inner { config, hosts, client, version: OnceCell::new() })))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.0.config.now_ms)()
    }

    /// Asks for one operation, in the context of a request where there is one.
    pub(crate) async fn call<O: Operation>(
        &self,
        cx: Option<&Context>,
        tenant: &TenantId,
        operation: O,
    ) -> Result<O::Response, RemoteError> {
        let version = *self.0.version.get_or_try_init(|| self.negotiate(cx)).await?;
        let path = path::<O>(tenant);
        let target = if O::METHOD.has_query() {
            let query = request::query(&operation).ok_or(RemoteError::Unwritable(O::NAME))?;
            if query.is_empty() { path } else { format!("{path}?{query}") }
        } else {
            path
        };
        let body = if O::METHOD.has_query() {
            None
        } else {
            let body = serde_json::to_vec(&operation);
            Some(Bytes::from(body.map_err(|_| RemoteError::Unwritable(O::NAME))?))
        };
        let cache = cx.filter(|_| !self.0.config.disable_call_cache).map(Context::call_cache);
        // Keys have a cache of their own, which decides itself when to ask.
        let is_cached = O::METHOD.has_query() && O::SCOPE != Scope::App;
        if let Some(cache) = cache {
            if is_cached && let Some(body) = cache.get(&target) {
                return read::<O>(&Answer { headers: HeaderMap::new(), body });
            }
            if !O::METHOD.has_query() {
                cache.clear();
            }
        }
        let call = request::Call {
            method: O::METHOD.as_str(),
            target: &target,
            body,
            rid: O::RID,
            version: Some(version),
        };
        let answer = self.send(cx, &call).await?;
        let response = read::<O>(&answer)?;
        if let Some(cache) = cache {
            match is_cached {
                true => cache.put(target, answer.body),
                false => cache.clear(),
            }
        }
        Ok(response)
    }

    /// Sends a call to one host after the other until one takes it, and again where that one has no
    /// capacity.
    async fn send(
        &self,
        cx: Option<&Context>,
        call: &request::Call<'_>,
    ) -> Result<Answer, RemoteError> {
        let mut unreachable = None;
        for host in self.0.hosts.in_turn() {
            match self.send_to(host, cx, call).await {
                Err(error) if error.is_unreachable() => unreachable = Some(error),
                result => return result,
            }
        }
        Err(unreachable.unwrap_or(RemoteError::NoHost))
    }

    async fn send_to(
        &self,
        host: &Host,
        cx: Option<&Context>,
        call: &request::Call<'_>,
    ) -> Result<Answer, RemoteError> {
        let mut attempts = 0;
        loop {
            let request = request::build(&self.0.config, host, cx, call)?;
            let sent = self.0.client.execute(request).await;
            let response = sent.map_err(|error| RemoteError::from_http(host, &error))?;
            let (status, headers) = (response.status(), response.headers().clone());
            if status == StatusCode::TOO_MANY_REQUESTS && attempts < REPETITIONS {
                tokio::time::sleep(Duration::from_millis(10 + 250 * u64::from(attempts))).await;
                attempts += 1;
                continue;
            }
            let body = response.bytes().await;
            let body = body.map_err(|error| RemoteError::from_http(host, &error))?;
            if status != StatusCode::OK {
                let text = String::from_utf8_lossy(&body).trim().to_owned();
                return Err(RemoteError::Refused { host: host.name(), status, text });
            }
            return Ok(Answer { headers, body });
        }
    }
}

/// The path of an operation, with the tenant where the operation is about one.
fn path<O: Operation>(tenant: &TenantId) -> String {
    match O::SCOPE {
        Scope::Tenant | Scope::TenantOrApp if !tenant.is_public() => {
            format!("/{tenant}{}", O::PATH)
        }
        _ => O::PATH.to_owned(),
    }
}

fn read<O: Operation>(answer: &Answer) -> Result<O::Response, RemoteError> {
    let mut response: O::Response =
        serde_json::from_slice(&answer.body).map_err(|error| RemoteError::Unreadable {
            operation: O::NAME,
            // The error names a field and a place, and shows nothing of the answer.
            reason: error.to_string(),
        })?;
    // How long keys may be kept travels beside the answer.
    let any: &mut dyn Any = &mut response;
    if let Some(jwks) = any.downcast_mut::<GetJwksResponse>() {
        jwks.max_age_secs = max_age_secs(answer.headers.get(header::CACHE_CONTROL)).unwrap_or(0);
    }
    Ok(response)
}

fn max_age_secs(header: Option<&HeaderValue>) -> Option<u64> {
    let mut directives = header?.to_str().ok()?.split(',').map(str::trim);
    directives.find_map(|directive| directive.strip_prefix("max-age=")?.parse().ok())
}

impl fmt::Debug for RemoteCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteCore").field("hosts", &self.0.hosts).finish_non_exhaustive()
    }
}
