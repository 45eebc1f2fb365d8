//! Where a tenant's data is.

use auth_protocol::JsonObject;

use crate::ConfigError;

/// Refuses settings of a tenant's database that can't be used.
///
/// # Errors
/// The first one that is no text and no number.
pub(crate) fn validate(settings: &JsonObject) -> Result<(), ConfigError> {
    for (key, value) in settings.iter().filter(|(key, _)| key.starts_with("postgresql_")) {
        if !value.is_string() && !value.is_number() {
            let problem = format!("`{key}` is neither a text nor a number");
            return Err(ConfigError::new("postgresql", problem, "one of them"));
        }
    }
    Ok(())
}
