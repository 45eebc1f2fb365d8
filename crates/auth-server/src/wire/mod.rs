//! Operations read from requests, as strictly as the reference core reads them.
//!
//! What a field may be follows from the operation's type; this module only decides how JSON and
//! query strings become such fields, and in which words a wrong field is refused (CDI: error
//! bodies, parser quirks).

mod error;
mod fields;
mod json;
mod query;
mod scalar;

use auth_protocol::Operation;
use serde_json::{Map, Value};

pub(crate) use self::error::FieldError;

/// Reads an operation from a JSON object.
pub(crate) fn from_json<O: Operation>(fields: Map<String, Value>) -> Result<O, FieldError> {
    O::deserialize(json::fields(fields, O::NULLABLE))
}

/// Reads an operation from a query string; the first of several values of one field counts.
pub(crate) fn from_query<O: Operation>(query: &str) -> Result<O, FieldError> {
    O::deserialize(query::fields(query))
}
