//! What the bodies of requests have alike.

use auth_protocol::{JsonObject, Secret};
use serde_json::Value;

use crate::{Error, Result};

/// A text that isn't empty.
pub(super) fn text(body: &JsonObject, name: &str) -> Option<String> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The options' id, and what the browser answered.
pub(super) fn answer(body: &mut JsonObject) -> Result<(String, JsonObject)> {
    let options_id = text(body, "webauthnGeneratedOptionsId")
        .ok_or_else(|| Error::bad_input("webauthnGeneratedOptionsId is required"))?;
    match body.remove("credential") {
        Some(Value::Object(credential)) => Ok((options_id, credential)),
        _ => Err(Error::bad_input("credential is required")),
    }
}

/// A recovery token, which may not be there.
pub(super) fn token(body: &JsonObject, name: &str) -> Result<Option<Secret>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(token)) => Ok(Some(Secret::from(token.as_str()))),
        Some(_) => Err(Error::bad_input("The recover account token must be a string")),
    }
}
