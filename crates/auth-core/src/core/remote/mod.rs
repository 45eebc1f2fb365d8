//! A core at the other end of a network, asked over CDI.

mod cache;
mod config;
mod error;
mod hosts;
mod request;
mod send;
mod versions;

use std::{any::Any, fmt, sync::Arc};

use auth_protocol::{
    AppId, Method, Operation, Scope, TenantId,
    jwt::{GetJwks, GetJwksResponse},
};
use http::{HeaderMap, HeaderValue, header};
use reqwest::Client;

pub(crate) use self::cache::CallCache;
use self::{cache::Read, config::Checked, hosts::Hosts, versions::Negotiated};
pub use self::{config::RemoteConfig, error::RemoteError, request::CoreRequest};
use crate::{ConfigError, Context};

/// A core at the other end of a network. Clones share it.
#[derive(Clone)]
pub(crate) struct RemoteCore(Arc<Inner>);

struct Inner {
    config: Checked,
    hosts: Hosts,
    client: Client,
    negotiated: Negotiated,
}

impl RemoteCore {
    pub(crate) fn new(config: RemoteConfig, app: &AppId) -> Result<Self, ConfigError> {
        let (hosts, config) = config.check()?;
        let hosts = hosts.of_app(app)?;
        let client = Client::builder()
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| {
                ConfigError::new("core", error.to_string(), "a machine that can use TLS")
            })?;
        Ok(Self(Arc::new(Inner { config, hosts, client, negotiated: Negotiated::default() })))
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
        let version = self.version(cx).await?;
        let path = path::<O>(tenant);
        let (target, body) = if O::METHOD.has_query() {
            let query = request::query(&operation).ok_or(RemoteError::Unwritable(O::NAME))?;
            (if query.is_empty() { path } else { format!("{path}?{query}") }, None)
        } else {
            let body = serde_json::to_vec(&operation);
            (path, Some(body.map_err(|_| RemoteError::Unwritable(O::NAME))?.into()))
        };
        let call = request::Call {
            method: O::METHOD.as_str(),
            target: &target,
            body,
            rid: O::RID,
            version: Some(version),
        };
        let cache = cx.filter(|_| !self.0.config.disable_call_cache).map(Context::call_cache);
        // Keys have a cache of their own, which decides itself when to ask.
        let cache = cache.filter(|_| O::NAME != GetJwks::NAME);
        let answer = match cache {
            Some(cache) if O::METHOD == Method::Get => {
                return self.read_once::<O>(cx, cache, &call).await;
            }
            Some(cache) => {
                cache.clear();
                let answer = self.send(cx, &call).await;
                // What others read meanwhile may be from before, even where the call failed.
                cache.clear();
                answer?
            }
            None => self.send(cx, &call).await?,
        };
        read::<O>(&answer.headers, &answer.body)
    }

    async fn read_once<O: Operation>(
        &self,
        cx: Option<&Context>,
        cache: &CallCache,
        call: &request::Call<'_>,
    ) -> Result<O::Response, RemoteError> {
        let key = Read { rid: call.rid, target: call.target.to_owned() };
        if let Some(body) = cache.get(&key) {
            return read::<O>(&HeaderMap::new(), &body);
        }
        let writes = cache.writes();
        let answer = self.send(cx, call).await?;
        let response = read::<O>(&answer.headers, &answer.body)?;
        cache.put(key, answer.body, writes);
        Ok(response)
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

fn read<O: Operation>(headers: &HeaderMap, body: &[u8]) -> Result<O::Response, RemoteError> {
    let mut response: O::Response =
        serde_json::from_slice(body).map_err(|error| error::unreadable(O::NAME, &error))?;
    // How long keys may be kept travels beside the answer.
    let any: &mut dyn Any = &mut response;
    if let Some(jwks) = any.downcast_mut::<GetJwksResponse>() {
        jwks.max_age_secs = max_age_secs(headers.get(header::CACHE_CONTROL)).unwrap_or(0);
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
