//! Requests to the core.

use std::fmt;

use auth_protocol::{Caller, CdiVersion, Operation};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{RemoteError, config::Checked, hosts::Host};
use crate::Context;

/// A request on its way to the core, as a network interceptor sees it. Its `Debug` shows neither the
/// key nor what is asked.
#[derive(Clone)]
#[non_exhaustive]
pub struct CoreRequest {
    /// The method.
    pub method: Method,
    /// The address, with the query.
    pub url: Url,
    /// The headers, the key among them.
    pub headers: HeaderMap,
    /// The body, where there is one.
    pub body: Option<Bytes>,
}

impl fmt::Debug for CoreRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoreRequest")
            .field("method", &self.method)
            .field("origin", &self.url.origin().ascii_serialization())
            .field("path", &self.url.path())
            .field("headers", &self.headers.keys())
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish_non_exhaustive()
    }
}

/// What is sent to whichever host.
pub(super) struct Call<'c> {
    pub(super) method: &'static str,
    /// Path and query, below the base path.
    pub(super) target: &'c str,
    pub(super) body: Option<Bytes>,
    pub(super) rid: Option<&'static str>,
    pub(super) version: Option<CdiVersion>,
}

impl Call<'_> {
    /// Whether it changes nothing, so that it can be sent again.
    pub(super) fn is_read(&self) -> bool {
        self.method == "GET"
    }
}

pub(super) fn build(
    config: &Checked,
    host: &Host,
    cx: Option<&Context>,
    call: &Call<'_>,
) -> Result<reqwest::Request, RemoteError> {
    let mut headers = HeaderMap::new();
    if let Some(key) = &config.api_key {
        headers.insert("api-key", key.clone());
    }
    if let Some(version) = call.version
        && let Ok(version) = HeaderValue::try_from(version.to_string())
    {
        headers.insert("cdi-version", version);
    }
    if let Some(cx) = cx
        && let Ok(caller) = HeaderValue::try_from(cx.caller().to_header())
    {
        headers.insert(Caller::HEADER, caller);
    }
    if let Some(rid) = call.rid {
        headers.insert("rid", HeaderValue::from_static(rid));
    }
    if call.body.is_some() {
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, json);
    }
    let mut request = CoreRequest {
        method: call.method.parse().map_err(|_| RemoteError::Intercepted)?,
        url: host.url(call.target).ok_or(RemoteError::Intercepted)?,
        headers,
        body: call.body.clone(),
    };
    if let Some(intercept) = &config.interceptor {
        request = intercept(request, cx);
    }
    let mut sent = reqwest::Request::new(request.method, request.url);
    *sent.headers_mut() = request.headers;
    *sent.body_mut() = request.body.map(Into::into);
    Ok(sent)
}

/// An operation's fields as a query string: lists with commas, and nothing for what is absent.
pub(super) fn query(operation: &impl Operation) -> Option<String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(operation) else { return None };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Array(elements) => {
                let elements: Vec<String> = elements.iter().map(text).collect();
                query.append_pair(&name, &elements.join(","));
            }
            value => {
                query.append_pair(&name, &text(&value));
            }
        }
    }
    Some(query.finish())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
