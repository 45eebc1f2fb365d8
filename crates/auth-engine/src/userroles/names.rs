//! What roles, permissions and users may be called here.

use auth_protocol::UserId;

use crate::EngineError;

/// What the columns hold.
const LONGEST_NAME: usize = 255;
const LONGEST_USER_ID: usize = 128;

/// A role or permission without surrounding white space.
pub(super) fn name(field: &str, text: &str) -> Result<String, EngineError> {
    checked(field, text, LONGEST_NAME)
}

/// Permissions, each like a role's name.
pub(super) fn permissions(texts: &[String]) -> Result<Vec<String>, EngineError> {
    texts.iter().map(|text| name("permissions", text)).collect()
}

/// A user's id without surrounding white space.
pub(super) fn user_id(id: &UserId) -> Result<UserId, EngineError> {
    checked("userId", id.as_str(), LONGEST_USER_ID).map(UserId::from)
}

fn checked(field: &str, text: &str, longest: usize) -> Result<String, EngineError> {
    let text = text.trim();
    if text.is_empty() {
        let refusal = format!("Field name '{field}' cannot be an empty String");
        return Err(EngineError::BadRequest(refusal));
    }
    if text.chars().count() > longest {
        let refusal = format!("Field name '{field}' is invalid in JSON input");
        return Err(EngineError::BadRequest(refusal));
    }
    Ok(text.to_owned())
}
