//! The rules of access token payloads.

use auth_protocol::JsonObject;
use serde_json::Value;

/// Names that the core sets and nobody else may (FDI §2.3).
const PROTECTED: [&str; 10] = [
    "sub",
    "iat",
    "exp",
    "sessionHandle",
    "parentRefreshTokenHash1",
    "refreshTokenHash1",
    "antiCsrfToken",
    "rsub",
    "tId",
    "stt",
];

pub(crate) fn remove_protected(payload: &mut JsonObject) {
    for name in PROTECTED {
        payload.shift_remove(name);
    }
}

/// What has to be [merged](auth_protocol::session::merge_claims) into the one payload to get the
/// other.
pub(crate) fn difference(before: &JsonObject, after: &JsonObject) -> JsonObject {
    let removed = before.keys().filter(|key| !after.contains_key(*key));
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    removed
        .map(|key| (key.clone(), Value::Null))
        .chain(changed.map(|(key, value)| (key.clone(), value.clone())))
        .collect()
}

/// Leaves nothing but what the core sets.
pub(crate) fn retain_protected(payload: &mut JsonObject) {
    payload.retain(|name, _| PROTECTED.contains(&name.as_str()));
}

#[cfg(test)]
mod tests {
    use auth_protocol::session::merge_claims;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> JsonObject {
        match value {
            Value::Object(object) => object,
            other => panic!("{other} is no object"),
        }
    }

    #[test]
    fn the_difference_of_two_payloads_makes_the_one_of_the_other_and_names_nothing_else() {
        let before = object(json!({ "a": 1, "b": { "x": 1 }, "c": 3 }));
        let after = object(json!({ "a": 1, "b": { "x": 2 }, "d": 4 }));
        let update = difference(&before, &after);
        assert_eq!(Value::Object(update.clone()), json!({ "b": { "x": 2 }, "c": null, "d": 4 }));
        let mut merged = before;
        merge_claims(&mut merged, update);
        assert_eq!(merged, after);
    }

    #[test]
    fn every_protected_name_is_removed_and_iss_is_kept() {
        let mut payload = object(json!({
            "sub": 1, "iat": 1, "exp": 1, "sessionHandle": 1, "parentRefreshTokenHash1": 1,
            "refreshTokenHash1": 1, "antiCsrfToken": 1, "rsub": 1, "tId": 1, "stt": 1,
            "iss": "kept", "own": true,
        }));
        remove_protected(&mut payload);
        assert_eq!(Value::Object(payload), json!({ "iss": "kept", "own": true }));
    }
}
