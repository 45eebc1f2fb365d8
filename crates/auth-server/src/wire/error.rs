//! Why a field was refused.

use std::fmt;

/// A field that can't be read. Its text is the body of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldError {
    /// The field is missing; who reads the request says so in its own words.
    Missing(&'static str),
    /// The value isn't what the field takes; which field isn't known yet.
    Invalid,
    /// The complete text.
    Text(String),
}

impl FieldError {
    /// A field of a JSON object that is missing or has another type than it should.
    pub(crate) fn in_json(field: &str) -> Self {
        Self::Text(format!("Field name '{field}' is invalid in JSON input"))
    }

    /// A field of a query string that is missing.
    pub(crate) fn not_in_query(field: &str) -> Self {
        Self::Text(format!("Field name '{field}' is missing in GET request"))
    }

    /// Gives an error its text, where it has none yet.
    pub(crate) fn or(self, text: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Text(_) => self,
            Self::Missing(_) | Self::Invalid => text(),
        }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "Field name '{field}' is missing"),
            Self::Invalid => f.write_str("A field is invalid"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for FieldError {}

impl serde::de::Error for FieldError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Invalid
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}
