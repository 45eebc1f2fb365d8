//! Why a core at the other end of a network couldn't answer.

use http::{HeaderValue, StatusCode};

use super::hosts::Host;

/// How much of a core's words is shown: pages of a proxy are longer than any of them.
const LONGEST_TEXT: usize = 500;

/// What is wrong with a core at the other end of a network, or on the way to it. No text shows the
/// key, what was asked, or what was answered but for the core's words of refusal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// No connection could be made, to none of the hosts.
    #[error("the core can't be reached: {tried}")]
    Unreachable {
        /// Each host that was tried, and why it couldn't be reached.
        tried: String,
    },
    /// The answer took too long, or the connection broke. What was asked may have been done.
    #[error("the core at {host} gave no answer: {reason}")]
    NoAnswer {
        /// The host.
        host: String,
        /// Why.
        reason: String,
        /// Whether it took too long.
        is_timeout: bool,
    },
    /// The core speaks no version that is spoken here.
    #[error("the core at {host} speaks CDI {theirs}, and this program speaks {ours}")]
    NoCommonVersion {
        /// The host.
        host: String,
        /// The core's versions.
        theirs: String,
        /// This program's versions.
        ours: String,
    },
    /// The core wants a key, and none is set.
    #[error("the core at {host} wants a key, and `api_key` isn't set")]
    KeyMissing {
        /// The host.
        host: String,
    },
    /// The core doesn't know the key.
    #[error("the core at {host} doesn't accept the `api_key` that is set")]
    KeyRefused {
        /// The host.
        host: String,
    },
    /// The core refused the request.
    #[error("the core at {host} answered with {status}: {text}")]
    Refused {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
        /// The core's words, or how they begin.
        text: String,
    },
    /// The answer isn't what the operation answers with.
    #[error("the core's answer to {operation} can't be read: {reason}")]
    Unreadable {
        /// The operation.
        operation: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The operation can't be written as JSON.
    #[error("the operation {0} can't be written")]
    Unwritable(&'static str),
    /// The interceptor made a request of it that can't be sent.
    #[error("the network interceptor made a request that can't be sent")]
    Intercepted,
}

impl RemoteError {
    pub(super) fn from_http(host: &Host, error: &reqwest::Error) -> Self {
        let (host, reason) = (host.name(), reason(error));
        if error.is_builder() {
            Self::Intercepted
        } else if error.is_connect() {
            Self::Unreachable { tried: format!("{host}: {reason}") }
        } else {
            Self::NoAnswer { host, reason, is_timeout: error.is_timeout() }
        }
    }

    /// Whether another host can be tried: nothing was sent, or nothing but a read, whose connection
    /// broke. Who has waited for an answer in vain doesn't wait for another host, too.
    pub(super) fn lets_another_host_try(&self, is_read: bool) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::NoAnswer { is_timeout, .. } => is_read && !is_timeout,
            _ => false,
        }
    }

    /// The failures of all hosts in one.
    pub(super) fn of_all_hosts(mut failures: Vec<Self>) -> Self {
        if failures.len() == 1
            && let Some(only) = failures.pop()
        {
            return only;
        }
        let tried = failures.into_iter().map(|failure| match failure {
            Self::Unreachable { tried } => tried,
            Self::NoAnswer { host, reason, .. } => format!("{host}: {reason}"),
            other => other.to_string(),
        });
        Self::Unreachable { tried: tried.collect::<Vec<_>>().join("; ") }
    }

    /// What the caller did wrong, in the core's words.
    pub(crate) fn bad_request(&self) -> Option<String> {
        match self {
            Self::Refused { status: StatusCode::BAD_REQUEST, text, .. } => Some(text.clone()),
            _ => None,
        }
    }

    /// Whether the core has no such app or tenant (CDI §0.5).
    pub(crate) fn is_tenant_not_found(&self) -> bool {
        self.bad_request().is_some_and(|text| text.starts_with("AppId or tenantId not found"))
    }

    /// Whether more was asked for than the core permits for now.
    pub(crate) fn is_limit_reached(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::TOO_MANY_REQUESTS, .. })
    }

    /// Whether the core has nothing at the path.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::NOT_FOUND, .. })
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn is_unavailable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::NoAnswer { .. } => true,
            Self::Refused { status, .. } => matches!(
                *status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
            _ => false,
        }
    }
}

/// An answer with another status than 200.
pub(super) fn refused(
    host: &Host,
    key: Option<&HeaderValue>,
    status: StatusCode,
    body: &[u8],
) -> RemoteError {
    let host = host.name();
    match (status, key.map(HeaderValue::as_bytes)) {
        (StatusCode::UNAUTHORIZED, None) => RemoteError::KeyMissing { host },
        (StatusCode::UNAUTHORIZED, Some(_)) => RemoteError::KeyRefused { host },
        (_, key) => {
            let mut text = String::from_utf8_lossy(body).into_owned();
            // Some proxies repeat what they were sent.
            if let Some(key) =
                key.and_then(|key| str::from_utf8(key).ok()).filter(|it| !it.is_empty())
            {
                text = text.replace(key, "[api_key]");
            }
            RemoteError::Refused { host, status, text: shortened(&text) }
        }
    }
}

/// An answer that isn't what the operation answers with. It may hold tokens, so that only the place
/// is told.
pub(super) fn unreadable(operation: &'static str, error: &serde_json::Error) -> RemoteError {
    let problem = match error.is_data() {
        true => "a field is missing or isn't what it should be",
        false => "it isn't complete JSON",
    };
    let reason = match error.line() {
        0 => problem.to_owned(),
        line => format!("{problem} (line {line}, column {})", error.column()),
    };
    RemoteError::Unreadable { operation, reason }
}

/// The beginning of a text from outside.
pub(super) fn shortened(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The innermost cause: the others only repeat that a request failed, with its address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match std::ptr::eq(cause, std::ptr::from_ref(error) as *const dyn std::error::Error) {
        true => "the request failed".to_owned(),
        false => cause.to_string(),
    }
}
