//! Requests that were refused or couldn't be served (CDI §0.5).

use auth_engine::{EngineError, Missing};
use http::StatusCode;

use crate::wire::FieldError;

/// An answer other than 200: a status and a text.
#[derive(Debug)]
pub(crate) enum CdiError {
    /// The request is malformed.
    BadRequest(String),
    /// The request names an app or tenant that isn't there.
    NotThere(Missing),
    /// A key is needed, and none or a wrong one was sent.
    InvalidApiKey,
    /// The caller may not do this here.
    Forbidden(String),
    /// Nothing is served at this path.
    NotFound,
    /// Something is served at this path, but not by this method.
    MethodNotSupported,
    /// The body is larger than the server takes.
    BodyTooLarge,
    /// More of it was asked for than the settings permit.
    TooMany(EngineError),
    /// The body doesn't say that it is JSON.
    NotJson,
    /// The server is ending.
    ShuttingDown,
    /// The database is busy or was too slow: the same request may succeed later.
    Unavailable(EngineError),
    /// The engine couldn't do it, or its database is down.
    Failed(EngineError),
}

impl CdiError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::NotThere(_) => StatusCode::BAD_REQUEST,
            Self::InvalidApiKey => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotSupported => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::ShuttingDown | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The body. The engine's texts hold no secrets.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::BadRequest(text) | Self::Forbidden(text) => text.clone(),
            Self::NotThere(missing) => {
                EngineError::TenantOrAppNotFound(missing.clone()).to_string()
            }
            Self::InvalidApiKey => "Invalid API key".to_owned(),
            Self::NotFound => "Not found".to_owned(),
            Self::MethodNotSupported => "Method not supported".to_owned(),
            Self::BodyTooLarge => "The request body is too large".to_owned(),
            Self::NotJson => {
                "Without `api_keys` a body needs `Content-Type: application/json`".to_owned()
            }
            Self::ShuttingDown => "The core is shutting down".to_owned(),
            Self::TooMany(error) | Self::Unavailable(error) | Self::Failed(error) => {
                error.to_string()
            }
        }
    }

    /// When the same request may succeed, in seconds.
    pub(crate) fn retry_after_secs(&self) -> Option<u64> {
        match self {
            Self::TooMany(EngineError::LimitReached { retry_after, .. }) => {
                Some(retry_after.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
            }
            _ => (self.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(1),
        }
    }
}

impl From<EngineError> for CdiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::BadRequest(text) => Self::BadRequest(text),
            EngineError::TenantOrAppNotFound(missing) => Self::NotThere(missing),
            EngineError::Forbidden(text) => Self::Forbidden(text),
            EngineError::LimitReached { .. } => Self::TooMany(error),
            EngineError::ShuttingDown => Self::ShuttingDown,
            error if error.is_unavailable() && !error.is_unreachable() => Self::Unavailable(error),
            other => Self::Failed(other),
        }
    }
}

impl From<FieldError> for CdiError {
    fn from(error: FieldError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use auth_engine::StorageError;

    use super::*;

    #[test]
    fn cdi_0_5_a_database_that_is_down_is_500_and_one_that_is_busy_503() {
        let why = || "why".to_owned();
        for (error, status) in [
            (StorageError::Unreachable(why()), 500),
            (StorageError::Corrupt(why()), 500),
            (StorageError::Unavailable(why()), 503),
            (StorageError::Locked(why()), 503),
        ] {
            let text = error.to_string();
            let answer = CdiError::from(EngineError::Storage(error));
            assert_eq!((answer.status().as_u16(), answer.text()), (status, text));
        }
        assert_eq!(CdiError::from(EngineError::ShuttingDown).status().as_u16(), 503);
    }
}
