//! Operations read from requests, as strictly as the reference core reads them.
//!
//! What a field may be follows from the operation's type; this module only decides how JSON and
//! query strings become such fields, and in which words a wrong field is refused
//! (CDI §0.5, 0.6).

mod error;
mod fields;
mod json;
mod query;
mod scalar;

use std::marker::PhantomData;

use auth_protocol::Operation;
use serde_json::{Map, Value};

pub(crate) use self::error::FieldError;

/// Reads an operation from a JSON object.
pub(crate) fn from_json<O: Operation>(object: &Map<String, Value>) -> Result<O, FieldError> {
    let form = json::Json { nullable: O::NULLABLE, of: PhantomData };
    let sent: Vec<_> = object.iter().map(|(name, value)| (name.as_str(), value)).collect();
    fields::read(form, &sent, |fields| O::deserialize(fields))
}

/// A field of a JSON object that is a text.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v str> {
    object.get(name).and_then(json::text)
}

/// Reads an operation from a query string; the first of several values of one field counts.
pub(crate) fn from_query<O: Operation>(query: &str) -> Result<O, FieldError> {
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let sent: Vec<_> = pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    fields::read(query::Query(PhantomData), &sent, |fields| O::deserialize(fields))
}
