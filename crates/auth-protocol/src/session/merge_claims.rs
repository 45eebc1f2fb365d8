//! `POST /recipe/session/claims/merge` (extension)

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{JsonObject, SessionHandle, operation::operation};

/// Merges claims into those that go into the session's next access token, in one step and as
/// [`merge_claims`] does: what others write at the same time, and claims that aren't named, stay as
/// they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MergeSessionClaims {
    /// The session.
    pub session_handle: SessionHandle,
    /// What to write; a null removes its key.
    pub update: JsonObject,
}

/// The answer to [`MergeSessionClaims`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MergeSessionClaimsResponse {
    /// It is written.
    Ok {
        /// All the application's claims for the next access token.
        #[serde(rename = "userDataInJWT")]
        user_data_in_jwt: JsonObject,
    },
    /// There is no such session, or it has ended.
    Unauthorised {
        /// Why, for people.
        message: String,
    },
}

/// The claim that says which factors a session has completed, and when (FDI §6.3).
pub const FACTORS_CLAIM: &str = "st-mfa";

/// Merges claims one level deep; a null removes its claim.
///
/// Of [`FACTORS_CLAIM`] the completed factors (`c`) are merged one by one, because of two requests
/// that complete one each neither knows the other's: the later time of a factor stays, and a null
/// removes it.
///
/// ```
/// use auth_protocol::session::merge_claims;
/// use serde_json::json;
///
/// let mut claims = json!({ "role": "admin", "st-mfa": { "c": { "totp": 7 }, "v": false } });
/// let update = json!({ "role": null, "st-mfa": { "c": { "otp-phone": 8 }, "v": true } });
/// if let (Some(claims), Some(update)) = (claims.as_object_mut(), update.as_object()) {
///     merge_claims(claims, update.clone());
/// }
/// assert_eq!(claims, json!({ "st-mfa": { "c": { "totp": 7, "otp-phone": 8 }, "v": true } }));
/// ```
pub fn merge_claims(claims: &mut JsonObject, update: JsonObject) {
    for (name, mut value) in update {
        if value.is_null() {
            claims.shift_remove(&name);
            continue;
        }
        if name == FACTORS_CLAIM {
            merge_factors(claims.get(&name), &mut value);
        }
        claims.insert(name, value);
    }
}

fn merge_factors(before: Option<&Value>, after: &mut Value) {
    const COMPLETED: &str = "c";
    let Some(completed) = after.get_mut(COMPLETED).and_then(Value::as_object_mut) else { return };
    let before = before.and_then(|it| it.get(COMPLETED)).and_then(Value::as_object);
    let given = std::mem::replace(completed, before.cloned().unwrap_or_default());
    for (factor, time) in given {
        let known = completed.get(&factor).and_then(Value::as_i64);
        if time.is_null() {
            completed.shift_remove(&factor);
        } else if known.is_none() || known < time.as_i64() {
            completed.insert(factor, time);
        }
    }
}

operation!(
    MergeSessionClaims => MergeSessionClaimsResponse,
    "merge_session_claims", Post "/recipe/session/claims/merge", App
);
