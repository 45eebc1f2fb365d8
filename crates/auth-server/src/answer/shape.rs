//! Answers in the form of older versions (CDI §0.4).

use auth_protocol::{CdiVersion, Operation, thirdparty::ListThirdPartyUsersByEmail};
use serde_json::{Map, Value, json};

/// What came with second factors.
const SINCE_5_0: [&str; 3] =
    ["consumedDevice", "currentNumberOfFailedAttempts", "maxNumberOfFailedAttempts"];

/// A list of users of one recipe.
const OF_ONE_RECIPE: &str = ListThirdPartyUsersByEmail::PATH;

/// Whether answers have to be reshaped for a version at all.
fn is_current(version: CdiVersion) -> bool {
    version >= CdiVersion::V5_3
}

/// Whether an operation came with login methods, or later than tenants.
fn is_since_4_0(path: &str) -> bool {
    ["/recipe/accountlinking/", "/recipe/multitenancy/", "/user/id", "/users/by-accountinfo"]
        .iter()
        .any(|start| path.starts_with(start))
}

/// Brings an operation's answer into the form that a version has for it. `None` where that is the
/// form in which it is written anyway.
pub(crate) fn shape(
    version: CdiVersion,
    path: &str,
    answer: impl FnOnce() -> Value,
) -> Option<Value> {
    if is_current(version) {
        return None;
    }
    let mut answer = answer();
    // What is newer than the version has only its own form.
    let version = if is_since_4_0(path) { version.max(CdiVersion::V4_0) } else { version };
    let Value::Object(fields) = &mut answer else { return Some(answer) };
    if let Some(user) = fields.get_mut("user") {
        shape_user(version, user);
    }
    if let Some(Value::Array(users)) = fields.get_mut("users") {
        for user in users {
            match path {
                OF_ONE_RECIPE => shape_user(version, user),
                _ => shape_listed_user(version, user),
            }
        }
    }
    if version < CdiVersion::V5_0 {
        fields.retain(|field, _| !SINCE_5_0.contains(&field.as_str()));
    }
    if version < CdiVersion::V4_0 {
        remove_recipe_user_id(fields);
    }
    if version < CdiVersion::V3_0 {
        remove_tenants(fields);
    }
    Some(answer)
}

/// Before account linking, a session and a sign-in knew only one id.
fn remove_recipe_user_id(fields: &mut Map<String, Value>) {
    fields.remove("recipeUserId");
    // A stolen session has it in every version.
    if fields.get("status").is_some_and(|status| status == "OK")
        && let Some(Value::Object(session)) = fields.get_mut("session")
    {
        session.remove("recipeUserId");
    }
}

/// Before there were tenants, nothing told of them.
fn remove_tenants(answer: &mut Map<String, Value>) {
    answer.remove("tenantId");
    for of in ["session", "user"] {
        if let Some(Value::Object(fields)) = answer.get_mut(of) {
            fields.remove("tenantId");
            fields.remove("tenantIds");
        }
    }
    if let Some(Value::Array(users)) = answer.get_mut("users") {
        for user in users.iter_mut().filter_map(|listed| listed.get_mut("user")) {
            if let Value::Object(user) = user {
                user.remove("tenantIds");
            }
        }
    }
}

/// A list names the recipe of each user beside it.
fn shape_listed_user(version: CdiVersion, user: &mut Value) {
    let recipe_id = user.pointer("/loginMethods/0/recipeId").cloned();
    shape_user(version, user);
    if version < CdiVersion::V4_0
        && let Some(recipe_id) = recipe_id
    {
        *user = json!({ "recipeId": recipe_id, "user": user.take() });
    }
}

fn shape_user(version: CdiVersion, user: &mut Value) {
    let Value::Object(fields) = user else { return };
    if !fields.contains_key("loginMethods") {
        return;
    }
    if version < CdiVersion::V4_0 {
        *user = without_login_methods(fields);
    } else {
        without_passkeys(fields);
    }
}

/// The user as its first login method alone.
fn without_login_methods(user: &mut Map<String, Value>) -> Value {
    let mut flat = Map::new();
    if let Some(id) = user.remove("id") {
        flat.insert("id".to_owned(), id);
    }
    let first = user.get_mut("loginMethods").and_then(|methods| methods.get_mut(0));
    if let Some(Value::Object(method)) = first {
        for field in ["timeJoined", "tenantIds", "email", "phoneNumber", "thirdParty"] {
            if let Some(value) = method.remove(field) {
                flat.insert(field.to_owned(), value);
            }
        }
    }
    flat.into()
}

/// Passkeys aren't told of, nor are addresses that only a passkey has.
fn without_passkeys(user: &mut Map<String, Value>) {
    user.remove("webauthn");
    let mut other_emails = Vec::new();
    if let Some(Value::Array(methods)) = user.get_mut("loginMethods") {
        for method in methods.iter_mut().filter_map(Value::as_object_mut) {
            method.remove("webauthn");
            if method.get("recipeId").is_some_and(|recipe| recipe != "webauthn") {
                other_emails.extend(method.get("email").cloned());
            }
        }
    }
    if let Some(Value::Array(emails)) = user.get_mut("emails") {
        emails.retain(|email| other_emails.contains(email));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> Value {
        json!({
            "id": "u", "isPrimaryUser": true, "tenantIds": ["public"], "timeJoined": 1,
            "emails": ["a@example.com", "key@example.com"], "phoneNumbers": [], "thirdParty": [],
            "webauthn": { "credentialIds": ["c"] },
            "loginMethods": [
                { "recipeUserId": "u", "recipeId": "emailpassword", "email": "a@example.com",
                  "tenantIds": ["public"], "timeJoined": 1, "verified": false },
                { "recipeUserId": "k", "recipeId": "webauthn", "email": "key@example.com",
                  "tenantIds": ["public"], "timeJoined": 2, "verified": true,
                  "webauthn": { "credentialIds": ["c"] } },
            ],
        })
    }

    #[test]
    fn cdi_5_1_passkeys_and_their_addresses_are_left_out_before_5_3() {
        let answer = || json!({ "status": "OK", "user": user() });
        assert_eq!(shape(CdiVersion::V5_3, "/users", answer), None);
        let shaped = shape(CdiVersion::V5_1, "/users", answer).unwrap();
        assert_eq!(shaped["user"]["emails"], json!(["a@example.com"]));
        assert_eq!(shaped["user"].get("webauthn"), None);
        assert_eq!(shaped["user"]["loginMethods"][1]["recipeId"], "webauthn");
        assert_eq!(shaped["user"]["loginMethods"][1].get("webauthn"), None);
    }

    #[test]
    fn cdi_0_4_users_are_their_first_login_method_before_4_0() {
        let answer = || json!({ "status": "OK", "user": user(), "recipeUserId": "u" });
        let flat = json!({
            "id": "u", "timeJoined": 1, "tenantIds": ["public"], "email": "a@example.com",
        });
        let expected = json!({ "status": "OK", "user": flat });
        assert_eq!(shape(CdiVersion::V3_0, "/users", answer), Some(expected));
        let list =
            shape(CdiVersion::V3_0, "/users", || json!({ "status": "OK", "users": [user()] }));
        let expected = json!({ "recipeId": "emailpassword", "user": flat });
        assert_eq!(list.unwrap()["users"], json!([expected]));
    }

    #[test]
    fn cdi_1_8_attempts_are_not_counted_before_5_0() {
        let answer =
            || json!({ "status": "INVALID_TOTP_ERROR", "currentNumberOfFailedAttempts": 1 });
        assert_eq!(shape(CdiVersion::V5_0, "/users", answer), Some(answer()));
        let expected = json!({ "status": "INVALID_TOTP_ERROR" });
        assert_eq!(shape(CdiVersion::V4_0, "/users", answer), Some(expected));
    }

    #[test]
    fn cdi_2_5_a_stolen_session_keeps_its_recipe_user_id() {
        let session = json!({ "handle": "h", "userId": "u", "recipeUserId": "u" });
        let theft = || json!({ "status": "TOKEN_THEFT_DETECTED", "session": session.clone() });
        assert_eq!(shape(CdiVersion::V3_0, "/users", theft), Some(theft()));
    }
}
