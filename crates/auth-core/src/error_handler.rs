//! The one place where an error becomes a response.

use http::StatusCode;
use serde_json::json;

use crate::{Context, Error, Response};

/// Answers an error. What the response must carry besides (cleared tokens) goes into the
/// context's changes.
pub(crate) async fn respond(cx: &Context, error: Error) -> Response {
    match error {
        Error::BadInput(message) => Response::message(StatusCode::BAD_REQUEST, &message),
        Error::BodyTooLarge { .. } => {
            Response::message(StatusCode::PAYLOAD_TOO_LARGE, &error.to_string())
        }
        Error::Fields(fields) => {
            Response::ok(&json!({ "status": "FIELD_ERROR", "formFields": fields }))
        }
        Error::General(message) => {
            Response::ok(&json!({ "status": "GENERAL_ERROR", "message": message }))
        }
        Error::Session(error) => crate::recipes::session::respond_to_error(cx, error).await,
        Error::Core(_) | Error::RecipeMissing(_) | Error::Other(_) => {
            tracing::error!(%error, "a request failed");
            Response::message(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
        }
    }
}
