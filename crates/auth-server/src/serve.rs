//! From a request to its answer.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use auth_engine::EngineError;
use auth_protocol::{Caller, CdiVersion, TenantScope};
use auth_serve::{Ended, Limits};
use axum::{
    body::HttpBody,
    extract::{ConnectInfo, Request},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, Method, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::net::TcpListener;

use crate::{
    Server,
    answer::{CdiError, Reply},
    request::{Address, ApiKeys, Call, local, negotiate, resolve, rules},
    routes::{Route, Routes},
    server::Inner,
};

/// How long requests that are under way may take once the server is to end.
const DRAIN: Duration = Duration::from_secs(5);

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

const DEFAULT_BODY_LIMIT_BYTES: usize = 10 * 1024 * 1024;

impl Server {
    /// Serves on a listener until `stop` is done, and then lets what is under way finish for five
    /// seconds. Heads have 10 s to arrive, bodies 60 s, and so long may a connection be idle. The
    /// engine stays open; [`auth_engine::Engine::shutdown`] closes it.
    ///
    /// # Errors
    /// None so far; those of a listener that can't go on.
    pub async fn serve(
        &self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let router = self.router();
        let limits = Limits::default().shutdown(DRAIN);
        let service_for = |_| router.clone();
        if auth_serve::serve_with(listener, limits, service_for, stop).await == Ended::CutOff {
            tracing::warn!("requests that took longer than {DRAIN:?} were cut off");
        }
        Ok(())
    }
}

/// What is known of a request once it has been answered, for logs and figures.
#[derive(Default)]
struct Seen {
    operation: Option<&'static str>,
    scope: Option<TenantScope>,
}

/// Answers a request.
pub(crate) async fn handle(server: Arc<Inner>, request: Request) -> Response {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let mut seen = Seen::default();
    let answer = answer(&server, &head, body, &mut seen).await;
    let error = answer.as_ref().err().map(CdiError::text);
    let response = answer.map_or_else(CdiError::into_response, Reply::into_response);
    let status = response.status().as_u16();
    let operation = seen.operation.unwrap_or("unknown");
    let duration = start.elapsed();
    metrics::counter!("cdi_requests_total", "operation" => operation, "status" => status.to_string())
        .increment(1);
    metrics::histogram!("cdi_request_duration_seconds", "operation" => operation)
        .record(duration.as_secs_f64());
    let (method, path) = (head.method.as_str(), head.uri.path());
    let duration_ms = duration.as_secs_f64() * 1000.0;
    match error {
        None => tracing::info!(operation, method, path, status, duration_ms, "answered"),
        Some(error) if status >= 500 => {
            tracing::error!(operation, method, path, status, duration_ms, error, "failed");
        }
        Some(error) => {
            tracing::info!(operation, method, path, status, duration_ms, error, "refused");
        }
    }
    if let Some(scope) = seen.scope.filter(|_| status != 401 && status != 403) {
        server.stats.count(&scope.app);
    }
    response
}

async fn answer(
    server: &Arc<Inner>,
    head: &Parts,
    body: axum::body::Body,
    seen: &mut Seen,
) -> Result<Reply, CdiError> {
    let path = below_base_path(&server.config.base_path, head.uri.path());
    let found = path.and_then(|path| resolve(path, |path| server.routes.at(path)));
    let Some(mut found) = found else {
        return answer_there(server, head, body, seen, None).await;
    };
    let domain = server.engine.domain_of(host(head)).await?;
    let is_served = |only: &String| domain.is_empty() || *only == domain;
    if !server.config.only_domain.as_ref().is_none_or(is_served) {
        return Err(CdiError::BadRequest("Connection URI domain is disallowed".to_owned()));
    }
    let named = found.scope.app.clone();
    let stored = server.engine.app_of(host(head), &named).await?;
    found.scope.app = stored.clone();
    let answer = answer_there(server, head, body, seen, Some(found)).await;
    answer.map_err(|error| match error {
        CdiError::NotThere(missing) => CdiError::NotThere(missing.called(&stored, &domain, &named)),
        error => error,
    })
}

/// Answers a request to an app and tenant, whose app is the one of the host that it was sent to; `None`
/// where nothing is served at its path.
async fn answer_there(
    server: &Arc<Inner>,
    head: &Parts,
    body: axum::body::Body,
    seen: &mut Seen,
    found: Option<Address<&Routes>>,
) -> Result<Reply, CdiError> {
    // What isn't there is nobody's.
    let scope = found.as_ref().map_or_else(TenantScope::default, |found| found.scope.clone());
    let clients = server.tenant_rules.clients(&server.engine, &server.config, &scope).await?;
    if !clients.admit(client(head)) {
        return Err(CdiError::Forbidden("Forbidden".to_owned()));
    }
    let is_open = found.as_ref().is_none_or(|found| found.target.is_open());
    if !is_open {
        let keys = rules::api_keys(&server.engine, &scope).await?;
        let keys = keys.as_ref().unwrap_or(&server.config.api_keys);
        match keys.is_empty() {
            true => local::check(head)?,
            false => check_key(server, keys, head)?,
        }
    }
    let versions = rules::versions(&server.engine, &server.config, &scope).await?;
    let version = negotiate(header(&head.headers, "cdi-version"), versions)?;
    let found = found.ok_or(CdiError::NotFound)?;
    if version < CdiVersion::V3_0 && !found.scope.tenant.is_public() {
        return Err(CdiError::NotFound);
    }
    // What `GET` answers, `HEAD` answers without a body, which isn't sent (RFC 9110, section 9.3.2).
    let method = if head.method == Method::HEAD { &Method::GET } else { &head.method };
    let route = found.target.route(method, header(&head.headers, "rid"));
    let route: &Route = route.ok_or(CdiError::MethodNotSupported)?;
    seen.operation = Some(route.name());
    let body = match head.method {
        Method::GET | Method::HEAD | Method::DELETE => Bytes::new(),
        _ => read(body, server.config.body_limit_bytes.unwrap_or(DEFAULT_BODY_LIMIT_BYTES)).await?,
    };
    let query = head.uri.query().unwrap_or_default().to_owned();
    // Only who may ask for anything may say whom it is for.
    let caller = header(&head.headers, Caller::HEADER).filter(|_| !is_open);
    let caller = caller.and_then(Caller::from_header).unwrap_or_default();
    let call = Call { scope: found.scope, version, query, body, caller };
    let reply = route.run(Arc::clone(server), call).await?;
    // Only apps that are there have figures.
    seen.scope = Some(scope);
    Ok(reply)
}

/// Checks the key of a request. Who has sent many wrong ones isn't told whether the next is right.
fn check_key(server: &Inner, keys: &ApiKeys, head: &Parts) -> Result<(), CdiError> {
    let (client, now_ms) = (client(head), server.engine.clock().now_ms());
    let checked = keys.check(&head.headers);
    let counted = match checked {
        Ok(()) => server.key_guesses.check(client, now_ms),
        Err(_) => server.key_guesses.count(client, now_ms),
    };
    counted.map_err(|empty| {
        let what = "Too many wrong API keys came from this address";
        CdiError::TooMany(EngineError::LimitReached { what, retry_after: empty.retry_after })
    })?;
    checked
}

/// The name of the host that a request was sent to, without its port; empty where it has none.
fn host(head: &Parts) -> &str {
    let named = head.uri.host().or_else(|| header(&head.headers, "host"));
    let named = named.unwrap_or_default();
    named.split_once(':').map_or(named, |(host, _)| host)
}

/// The path without the base path; `None` where it lies elsewhere.
fn below_base_path<'p>(base_path: &str, path: &'p str) -> Option<&'p str> {
    let (start, rest) = path.split_at_checked(base_path.len())?;
    let is_below = start.eq_ignore_ascii_case(base_path);
    (is_below && (rest.is_empty() || rest.starts_with('/'))).then_some(rest)
}

/// The address at the other end of the socket; a version 4 one never within version 6.
fn client(head: &Parts) -> Option<IpAddr> {
    let told = head.extensions.get().map(|ConnectInfo(client)| client);
    told.or_else(|| head.extensions.get()).map(|client: &SocketAddr| client.ip().to_canonical())
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    // A value that isn't text is none that the wire knows.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

async fn read(body: axum::body::Body, limit: usize) -> Result<Bytes, CdiError> {
    // What says itself that it is too large isn't read at all.
    if usize::try_from(body.size_hint().lower()).map_or(true, |announced| announced > limit) {
        return Err(CdiError::BodyTooLarge);
    }
    let reading = Limited::new(body, limit).collect();
    let Ok(read) = tokio::time::timeout(BODY_TIMEOUT, reading).await else {
        return Err(CdiError::BadRequest("The request body took too long to arrive".to_owned()));
    };
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(CdiError::BodyTooLarge),
        Err(_) => Err(CdiError::BadRequest("The request body ended early".to_owned())),
    }
}
