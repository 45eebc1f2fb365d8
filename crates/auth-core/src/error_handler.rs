//! The one place where an error becomes a response.

use std::time::Duration;

#[cfg(feature = "thirdparty")]
use auth_providers::Fault;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::{Context, Error, Response, recipes::session};

/// Answers an error. What the response must carry besides (cleared tokens) goes into the
/// context's changes.
pub(crate) async fn respond(cx: &Context, error: &Error) -> Response {
    match error {
        Error::BadInput(message) => Response::message(error.status(), message),
        Error::Forged(message) => Response::message(error.status(), message),
        Error::BodyTooLarge { .. } | Error::TenantNotFound => {
            Response::message(error.status(), &error.to_string())
        }
        Error::Fields(fields) => {
            Response::ok(&json!({ "status": "FIELD_ERROR", "formFields": fields }))
        }
        Error::General(message) => {
            Response::ok(&json!({ "status": "GENERAL_ERROR", "message": message }))
        }
        Error::LimitReached { retry_after } => {
            cx.changes().forbid_storing();
            limit_reached(error, *retry_after)
        }
        Error::Captcha(refusal) => Response::ok(&refusal.body(cx)),
        Error::Session(error) => match session::respond_to_error(cx, error).await {
            Ok(response) => response,
            Err(error) => internal_error(&error),
        },
        Error::Core(core) => match core.bad_request() {
            Some(message) => Response::message(StatusCode::BAD_REQUEST, &message),
            None if core.is_unavailable() => unavailable(error),
            None => internal_error(error),
        },
        #[cfg(feature = "thirdparty")]
        Error::Provider(problem) => provider_error(error, problem),
        Error::RecipeMissing(_) | Error::Other(_) => internal_error(error),
    }
}

/// What a client can bring about is never a server's error.
#[cfg(feature = "thirdparty")]
fn provider_error(error: &Error, about: &auth_providers::ProviderError) -> Response {
    match about.fault() {
        Fault::Request => Response::message(error.status(), &about.problem().to_string()),
        Fault::Refusal | Fault::Forgery => {
            tracing::warn!(%error, "a sign-in was refused");
            let message = format!("Sign-in with {} failed. Please try again.", about.provider());
            Response::ok(&json!({ "status": "GENERAL_ERROR", "message": message }))
        }
        Fault::Provider => unavailable(error),
        Fault::Configuration => internal_error(error),
    }
}

/// As the prebuilt pages show it to the user; other clients look at the status and the header.
fn limit_reached(error: &Error, retry_after: Duration) -> Response {
    let seconds = retry_after.as_millis().div_ceil(1000).max(1);
    let wait = match seconds {
        ..=90 => "a minute".to_owned(),
        91..=5400 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3600)),
    };
    let message = format!("Too many attempts. Please try again in {wait}.");
    let body = json!({ "status": "GENERAL_ERROR", "message": message });
    let mut response = Response::json(error.status(), &body);
    let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
    response.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The core's database can't be reached or is overloaded: the client may try again.
fn unavailable(error: &Error) -> Response {
    tracing::warn!(%error, "a request can't be served now");
    let message = "the service is temporarily unavailable";
    let mut response = Response::message(StatusCode::SERVICE_UNAVAILABLE, message);
    response.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// What went wrong is for the log, not for the client.
fn internal_error(error: &Error) -> Response {
    tracing::error!(%error, "a request failed");
    Response::message(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
}
