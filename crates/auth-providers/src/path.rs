//! Where a value stands in an answer.

use std::{fmt, str::FromStr};

use auth_protocol::JsonObject;
use serde_json::Value;

/// The way to a value in JSON: keys and indexes with dots between them, such as `data.0.id`. A key
/// that holds a dot stands in quotation marks, and `[primary=true]` takes the first element of a
/// list whose member has this value.
///
/// ```
/// use auth_providers::Path;
///
/// let answer = serde_json::json!({ "emails": [
///     { "email": "old@example.com", "primary": false },
///     { "email": "ada@example.com", "primary": true },
/// ] });
/// let answer = answer.as_object().unwrap();
/// let primary: Path = "emails[primary=true].email".parse().unwrap();
/// assert_eq!(primary.text(answer).as_deref(), Some("ada@example.com"));
/// let second: Path = "emails.1.email".parse().unwrap();
/// assert_eq!(second.text(answer), primary.text(answer));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// A member of an object, or an index where it is a list.
    Key(String),
    /// The element of a list whose member, as text, is this.
    Where { key: String, value: String },
}

/// Text that is no [`Path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keys and indexes with dots between them")]
pub struct PathError;

impl Path {
    /// The value, where there is one other than `null`.
    pub fn find<'a>(&self, root: &'a JsonObject) -> Option<&'a Value> {
        let mut segments = self.0.iter();
        let first = match segments.next()? {
            Segment::Key(key) => root.get(key)?,
            Segment::Where { .. } => return None,
        };
        let found = segments.try_fold(first, |value, segment| segment.step(value))?;
        (!found.is_null()).then_some(found)
    }

    /// The value as text: a string that isn't empty, or a whole number in digits.
    pub fn text(&self, root: &JsonObject) -> Option<String> {
        text(self.find(root)?)
    }

    /// Whether the value says yes: `true`, `"true"` in any case, or 1.
    pub fn is_true(&self, root: &JsonObject) -> bool {
        match self.find(root) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(value)) => value.eq_ignore_ascii_case("true") || value == "1",
            Some(Value::Number(value)) => value.as_u64() == Some(1),
            _ => false,
        }
    }
}

/// A string that isn't empty, or a whole number in digits.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

impl Segment {
    fn step<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match (self, value) {
            (Self::Key(key), Value::Object(object)) => object.get(key),
            (Self::Key(key), Value::Array(list)) => list.get(key.parse::<usize>().ok()?),
            (Self::Where { key, value }, Value::Array(list)) => {
                list.iter().find(|element| match element.get(key) {
                    Some(Value::String(text)) => text == value,
                    Some(Value::Bool(is_so)) => value.parse() == Ok(*is_so),
                    Some(Value::Number(number)) => number.to_string() == value.as_str(),
                    _ => false,
                })
            }
            _ => None,
        }
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut rest = text;
        loop {
            let (key, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or(PathError)?,
                None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
            };
            if key.is_empty() || key.contains(['"', ']', '=']) && !rest.starts_with('"') {
                return Err(PathError);
            }
            segments.push(Segment::Key(key.to_owned()));
            rest = after;
            while let Some(inside) = rest.strip_prefix('[') {
                let (inside, after) = inside.split_once(']').ok_or(PathError)?;
                segments.push(bracket(inside)?);
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(next) => rest = next,
                None if rest.is_empty() => return Ok(Self(segments)),
                None => return Err(PathError),
            }
        }
    }
}

fn bracket(inside: &str) -> Result<Segment, PathError> {
    match inside.split_once('=') {
        Some((key, value)) if !key.is_empty() && !inside.contains(['[', '"']) => {
            Ok(Segment::Where { key: key.to_owned(), value: value.to_owned() })
        }
        None if inside.parse::<usize>().is_ok_and(|index| index.to_string() == inside) => {
            Ok(Segment::Key(inside.to_owned()))
        }
        _ => Err(PathError),
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Where { key, value } => write!(f, "[{key}={value}]")?,
                Segment::Key(key) => {
                    let dot = if position == 0 { "" } else { "." };
                    match key.contains(['.', '[', ']', '=']) {
                        true => write!(f, "{dot}\"{key}\"")?,
                        false => write!(f, "{dot}{key}")?,
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> JsonObject {
        serde_json::from_value(value).unwrap()
    }

    fn path(text: &str) -> Path {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_ids_and_fractions_are_not() {
        let root = object(json!({ "id": 18_446_744_073_709_551_615_u64, "half": 0.5, "no": "" }));
        assert_eq!(path("id").text(&root).as_deref(), Some("18446744073709551615"));
        assert_eq!(path("half").text(&root), None);
        assert_eq!(path("no").text(&root), None);
    }

    #[test]
    fn a_key_with_dots_is_quoted() {
        let root = object(json!({ "https://slack.com/user_id": "U1" }));
        assert_eq!(path("\"https://slack.com/user_id\"").text(&root).as_deref(), Some("U1"));
    }

    #[test]
    fn an_element_is_found_by_its_member() {
        let root = object(json!({ "l": [{ "kind": "a", "v": 1 }, { "kind": "b", "v": 2 }] }));
        assert_eq!(path("l[kind=b].v").text(&root).as_deref(), Some("2"));
        assert_eq!(path("l[1].v").text(&root).as_deref(), Some("2"));
        assert_eq!(path("l[kind=c].v").text(&root), None);
        assert_eq!(path("l.kind").text(&root), None);
    }

    #[test]
    fn what_is_true() {
        let root = object(json!({ "a": true, "b": "TRUE", "c": 1, "d": "yes", "e": 2, "f": null }));
        let is_true = |key: &str| path(key).is_true(&root);
        assert!(is_true("a") && is_true("b") && is_true("c"));
        assert!(!is_true("d") && !is_true("e") && !is_true("f") && !is_true("g"));
    }

    #[test]
    fn what_is_no_path() {
        for text in
            ["", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[01]", "\"a", "a\"b", "[0]"]
        {
            assert_eq!(text.parse::<Path>(), Err(PathError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(path) = text.parse::<Path>() {
                prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
            }
        }

        #[test]
        fn a_value_is_found_where_it_was_put(keys in prop::collection::vec("[a-z./:_]{1,8}", 1..5), list in any::<bool>()) {
            let mut value = json!("here");
            let mut text = Vec::new();
            for key in keys.iter().rev() {
                value = json!({ key.clone(): value });
                text.insert(0, format!("\"{key}\""));
            }
            if list {
                value = json!({ "list": [null, value] });
                text.insert(0, "list.1".to_owned());
            }
            let found = path(&text.join(".")).text(&object(value));
            prop_assert_eq!(found.as_deref(), Some("here"));
        }
    }
}
