//! Settings of the core that differ for a tenant (CDI §6.2).

use auth_protocol::JsonObject;

use crate::{EngineError, placement};

/// Changes settings: a `null` takes one back.
pub(super) fn merge(settings: &mut JsonObject, update: &JsonObject) {
    for (key, value) in update {
        match value.is_null() {
            true => settings.shift_remove(key),
            false => settings.insert(key.clone(), value.clone()),
        };
    }
}

/// Refuses settings that a tenant can't have.
pub(super) fn check(settings: &JsonObject) -> Result<(), EngineError> {
    placement::validate(settings)
        .map_err(|error| EngineError::BadRequest(format!("Invalid core config: {error}")))
}
