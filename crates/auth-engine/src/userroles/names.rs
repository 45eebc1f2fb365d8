//! What roles, permissions and users may be called here.

use auth_protocol::UserId;

use crate::{
    EngineError,
    normalise::{trimmed, within},
};

/// What the columns hold.
const LONGEST_NAME: usize = 255;
const LONGEST_USER_ID: usize = 128;

/// A role or permission without surrounding white space.
pub(super) fn name(field: &str, text: &str) -> Result<String, EngineError> {
    trimmed(field, text, LONGEST_NAME)
}

/// Permissions, each like a role's name.
pub(super) fn permissions(texts: &[String]) -> Result<Vec<String>, EngineError> {
    let one = |text: &String| match text.trim().is_empty() {
        true => {
            let text = "Field name 'permissions' cannot contain an empty string";
            Err(EngineError::BadRequest(text.to_owned()))
        }
        false => name("permissions", text),
    };
    texts.iter().map(one).collect()
}

/// A user's id, which is kept as it is.
pub(super) fn user_id(id: &UserId) -> Result<UserId, EngineError> {
    within(id.to_string(), LONGEST_USER_ID, "userId").map(UserId::from)
}
