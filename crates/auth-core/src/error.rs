//! The errors of this crate.

use std::{fmt, time::Duration};

#[cfg(feature = "thirdparty")]
use auth_providers::Fault;
use http::StatusCode;
use serde::Serialize;

use crate::{captcha::CaptchaRefusal, core::CoreError, recipes::session::SessionError};

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong while a request is served or a function is called.
///
/// The error handler turns each into a response; see
/// [`Auth::error_response`](crate::AuthInContext::error_response).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The session check failed: 401 or 403, or 200 for duplicate cookies (FDI §2.4).
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The client sent something malformed: 400 with this message.
    #[error("{0}")]
    BadInput(String),
    /// A page of another site made a browser send the request with its cookies, or might have: 403
    /// with this message.
    #[error("{0}")]
    Forged(&'static str),
    /// The request's body is larger than the route takes: 413.
    #[error("the request body is larger than {limit_bytes} bytes")]
    BodyTooLarge {
        /// The route's limit.
        limit_bytes: usize,
    },
    /// Form fields that didn't validate: 200 with status `FIELD_ERROR`.
    #[error("form fields are invalid")]
    Fields(Vec<FormFieldError>),
    /// A message for the user from an overridden API: 200 with status `GENERAL_ERROR`.
    #[error("{0}")]
    General(String),
    /// More was tried than the [limits](crate::limits) permit: 429 with `Retry-After`, and a message for
    /// the user of status `GENERAL_ERROR`.
    #[error("a limit is reached, for another {} s", retry_after.as_secs())]
    LimitReached {
        /// When the same may be tried again.
        retry_after: Duration,
    },
    /// There is no such tenant: 400 with this message, in the reference's words.
    #[error("Tenant not found")]
    TenantNotFound,
    /// The core could not answer: 500; 400 where the request was at fault; 503 where the same request may
    /// succeed a little later. Made of a [`CoreError`] by `From`, which gives
    /// [`TenantNotFound`](Self::TenantNotFound) where the core has no such app or tenant.
    #[error(transparent)]
    Core(CoreError),
    /// Something went wrong between this program and a third party: `GENERAL_ERROR` where it said no,
    /// or a token isn't good; 400 where the request lacks something; 503 where it is down, slow or
    /// talks nonsense; 500 where it is configured wrongly.
    #[cfg(feature = "thirdparty")]
    #[error("sign-in by a third party: {0}")]
    Provider(#[from] auth_providers::ProviderError),
    /// No captcha was solved where one is asked for: 200 with status `GENERAL_ERROR`, which front ends
    /// show, and members that a page reads.
    #[error(transparent)]
    Captcha(#[from] CaptchaRefusal),
    /// A recipe was used that isn't in the recipe list: 500.
    #[error("the {0} recipe is not in the recipe list")]
    RecipeMissing(&'static str),
    /// Anything else, such as an error of the application's own override: 500.
    #[error("{0}")]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps an error of the application.
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }

    /// A message for the user: 200 with status `GENERAL_ERROR`.
    pub fn general(message: impl Into<String>) -> Self {
        Self::General(message.into())
    }

    /// Something malformed in the request: 400 with this message.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// A handler asked for what an adapter's middleware gives, and that isn't there; the hint, for
    /// the log, says how to add it.
    pub fn middleware_missing(hint: &'static str) -> Self {
        tracing::error!("sign-in's middleware is missing: {hint}");
        Self::other(hint)
    }

    /// The status that the wire defines for it. The answer may have another one, where the
    /// application configured statuses or error handlers of its own.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Session(SessionError::InvalidClaims(_)) | Self::Forged(_) => {
                StatusCode::FORBIDDEN
            }
            Self::Session(SessionError::ClearDuplicateSessionCookies)
            | Self::Fields(_)
            | Self::General(_)
            | Self::Captcha(_) => StatusCode::OK,
            Self::Session(_) => StatusCode::UNAUTHORIZED,
            Self::BadInput(_) | Self::TenantNotFound => StatusCode::BAD_REQUEST,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::LimitReached { .. } => StatusCode::TOO_MANY_REQUESTS,
            #[cfg(feature = "thirdparty")]
            Self::Provider(error) => match error.fault() {
                Fault::Request => StatusCode::BAD_REQUEST,
                Fault::Refusal | Fault::Forgery => StatusCode::OK,
                Fault::Provider => StatusCode::SERVICE_UNAVAILABLE,
                Fault::Configuration => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Core(core) if core.bad_request().is_some() => StatusCode::BAD_REQUEST,
            Self::Core(core) if core.is_unavailable() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Core(_) | Self::RecipeMissing(_) | Self::Other(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

impl From<CoreError> for Error {
    fn from(error: CoreError) -> Self {
        if error.is_tenant_not_found() {
            // It may be an app that the program names, and the core's words say which.
            tracing::debug!(%error, "the core has no such tenant");
            return Self::TenantNotFound;
        }
        Self::Core(error)
    }
}

/// A form field that didn't validate (FDI §1.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormFieldError {
    /// Why, for the user.
    pub error: String,
    /// The field.
    pub id: String,
}

/// A mistake in the configuration, found when the [`crate::Auth`] handle is built.
#[derive(Debug)]
pub struct ConfigError {
    field: String,
    problem: String,
    expected: String,
}

impl ConfigError {
    /// Names the field (such as `app_info.api_domain`), what is wrong, and what would be right.
    pub fn new(
        field: impl Into<String>,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), problem: problem.into(), expected: expected.into() }
    }

    /// The field that is wrong.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}; expected {}", self.field, self.problem, self.expected)
    }
}

impl std::error::Error for ConfigError {}
