//! Requests and answers.

use auth_protocol::JsonObject;
use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::error::Problem;

/// RFC 3986 section 2.3: what is never encoded. A space is `%20`, which all providers read.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Longer error codes aren't shown.
const LONGEST_CODE: usize = 64;

pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
}

pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) host: String,
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: None }
    }

    pub(crate) fn post(url: Url) -> Self {
        Self { method: Method::POST, ..Self::get(url) }
    }
}

impl Answer {
    /// The JSON object that it is. OAuth's errors are one, too, whatever the status.
    pub(crate) fn object(&self) -> Result<JsonObject, Problem> {
        let object = serde_json::from_slice::<JsonObject>(&self.body);
        if !self.status.is_success() {
            let code = object.ok().as_ref().and_then(error_code);
            return Err(match code {
                Some(code) if self.status.is_client_error() => Problem::Refused { code },
                _ => Problem::Status { host: self.host.clone(), status: self.status },
            });
        }
        object.map_err(|_| Problem::unreadable(format!("{}'s answer is no JSON object", self.host)))
    }

    /// The JSON that it is: an object, or a list as the member `values`.
    pub(crate) fn object_or_list(&self) -> Result<Value, Problem> {
        match self.status.is_success().then(|| serde_json::from_slice(&self.body)) {
            Some(Ok(list @ Value::Array(_))) => Ok(list),
            _ => self.object().map(Value::Object),
        }
    }
}

/// OAuth's error code (RFC 6749 section 5.2), where there is one that can be shown.
pub(crate) fn error_code(object: &JsonObject) -> Option<String> {
    let error = object.get("error")?;
    let code = match error {
        Value::String(code) => code,
        Value::Object(inner) => inner.get("code").or_else(|| inner.get("type"))?.as_str()?,
        _ => return None,
    };
    showable(code)
}

/// A code that can be shown: short, and of nothing but letters, digits and signs between them.
pub(crate) fn showable(code: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-. ".contains(&byte);
    let is_code = !code.is_empty() && code.len() <= LONGEST_CODE && code.bytes().all(is_plain);
    is_code.then(|| code.to_owned())
}

/// A form, or a query.
pub(crate) fn form<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in params {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, ENCODED));
        text.push('=');
        text.extend(utf8_percent_encode(value, ENCODED));
    }
    text
}

/// An address with these parameters after those that it has.
pub(crate) fn with_query<'a>(
    mut url: Url,
    params: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Url {
    let added = form(params);
    if !added.is_empty() {
        let query = match url.query() {
            Some(query) if !query.is_empty() => format!("{query}&{added}"),
            _ => added,
        };
        url.set_query(Some(&query));
    }
    url
}

/// A client's id and secret in a header (RFC 6749 section 2.3.1).
pub(crate) fn basic(client_id: &str, secret: &str) -> Result<HeaderValue, Problem> {
    let encode = |text| utf8_percent_encode(text, ENCODED).to_string();
    let pair = BASE64_STANDARD.encode(format!("{}:{}", encode(client_id), encode(secret)));
    sensitive(&format!("Basic {pair}"))
}

/// A header's value that isn't logged.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, Problem> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Problem::unreadable("a token holds a character that a header can't"))?;
    value.set_sensitive(true);
    Ok(value)
}
