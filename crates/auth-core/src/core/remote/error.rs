//! Why a core at the other end of a network couldn't answer.

use http::StatusCode;

use super::hosts::Host;

/// What is wrong with a core at the other end of a network, or on the way to it. No text shows the
/// key, or what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// No connection could be made.
    #[error("the core at {host} can't be reached: {reason}")]
    Unreachable {
        /// The last host that was tried.
        host: String,
        /// Why.
        reason: String,
    },
    /// The answer took too long, or the connection broke. What was asked may have been done.
    #[error("the core at {host} gave no answer: {reason}")]
    NoAnswer {
        /// The host.
        host: String,
        /// Why.
        reason: String,
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
    /// The core refused the request.
    #[error("the core at {host} answered with {status}: {text}")]
    Refused {
        /// The host.
        host: String,
        /// The status.
        status: StatusCode,
        /// The core's words.
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
    /// There is no host to ask.
    #[error("the core has no host")]
    NoHost,
}

impl RemoteError {
    pub(super) fn from_http(host: &Host, error: &reqwest::Error) -> Self {
        let (is_connect, reason) = (error.is_connect(), reason(error));
        let host = host.name();
        match is_connect {
            true => Self::Unreachable { host, reason },
            false => Self::NoAnswer { host, reason },
        }
    }

    /// Whether another host can be tried: nothing was sent.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// What the caller did wrong, in the core's words.
    pub(crate) fn bad_request(&self) -> Option<String> {
        match self {
            Self::Refused { status: StatusCode::BAD_REQUEST, text, .. } => Some(text.clone()),
            _ => None,
        }
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
