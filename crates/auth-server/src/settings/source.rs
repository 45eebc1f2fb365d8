//! Where settings come from.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    SettingError,
    key::Key,
    keys::{self, KEYS},
};

/// Settings as they were written.
#[derive(Clone, Default)]
#[must_use]
pub struct SettingsSource(HashMap<&'static str, String>);

impl SettingsSource {
    /// No settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the settings of a file: YAML, one setting a line. A name that isn't known is an
    /// error, and so is a value that isn't a single one.
    pub fn with_file(mut self, yaml: &str) -> Result<Self, SettingError> {
        if yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(self);
        }
        let read: HashMap<String, Value> = serde_saphyr::from_str(yaml).map_err(|error| {
            // The error's own text repeats the line, in which a key may stand.
            let place = error
                .location()
                .map(|it| format!(" at line {}, column {}", it.line(), it.column()));
            let problem = format!("it can't be read{}", place.unwrap_or_default());
            SettingError::new(
                "the configuration file",
                problem,
                "YAML with one `name: value` a line",
            )
        })?;
        for (name, value) in read {
            let key = find(&name)?;
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Bool(flag) => flag.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(SettingError::new(name, "it holds several values", "one value"));
                }
            };
            self.0.insert(key.name, text);
        }
        Ok(self)
    }

    /// Takes the settings of an environment over those there are; what else is in it is left
    /// alone. A variable that is empty is none: it mustn't take away the file's `api_keys`.
    pub fn with_environment(mut self, environment: impl Fn(&str) -> Option<String>) -> Self {
        for key in KEYS.iter() {
            if let Some(text) = environment(&key.env_name()).filter(|text| !text.trim().is_empty())
            {
                self.0.insert(key.name, text);
            }
        }
        self
    }

    /// Takes one setting over the one there is.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Result<Self, SettingError> {
        self.0.insert(find(name)?.name, value.into());
        Ok(self)
    }

    /// A setting's text, if it is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

fn find(name: &str) -> Result<&'static Key, SettingError> {
    keys::find(name).ok_or_else(|| {
        SettingError::new(name, "there is no such setting", "a name of the reference's config.yaml")
    })
}

impl std::fmt::Debug for SettingsSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names: Vec<_> = self.0.keys().collect();
        names.sort_unstable();
        f.debug_tuple("SettingsSource").field(&names).finish()
    }
}
