//! What the access token says about factors (FDI §6.3).

use std::collections::BTreeMap;

use async_trait::async_trait;
use auth_protocol::{JsonObject, session::FACTORS_CLAIM};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FactorId, MultiFactorAuthValidators, info};
use crate::{
    Context, Error, Result,
    recipes::session::claims::{ClaimSubject, SessionClaim, member},
};

pub(super) const KEY: &str = FACTORS_CLAIM;

/// The claim `st-mfa`: which factors were completed when, and whether they are enough.
#[derive(Clone, Copy, Debug, Default)]
pub struct MultiFactorAuthClaim;

/// The value of the [`MultiFactorAuthClaim`]; on the wire
/// `{"c": {"<factor id>": <unix seconds>}, "v": <boolean>}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MultiFactorAuthClaimValue {
    /// When each factor was completed, in seconds since the epoch.
    #[serde(rename = "c")]
    pub completed_factors: BTreeMap<FactorId, i64>,
    /// Whether what is required for the application's routes is complete.
    #[serde(rename = "v")]
    pub is_satisfied: bool,
}

impl MultiFactorAuthClaimValue {
    /// `None` where the JSON isn't a value of the claim.
    pub(super) fn from_json(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }
}

impl MultiFactorAuthClaim {
    /// The claim's validators.
    pub fn validators() -> MultiFactorAuthValidators {
        MultiFactorAuthValidators
    }
}

#[async_trait]
impl SessionClaim for MultiFactorAuthClaim {
    type Value = MultiFactorAuthClaimValue;

    fn key(&self) -> &str {
        KEY
    }

    async fn fetch_value(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
    ) -> Result<Option<MultiFactorAuthClaimValue>> {
        info::for_subject(cx, subject).await.map(|info| Some(info.value))
    }

    fn add_to_payload(
        &self,
        payload: &mut JsonObject,
        value: &MultiFactorAuthClaimValue,
        _now_ms: i64,
    ) -> Result<()> {
        let mut merged = self.value_from_payload(payload).unwrap_or_default();
        merged.completed_factors.extend(value.completed_factors.clone());
        merged.is_satisfied = value.is_satisfied;
        let value = serde_json::to_value(merged).map_err(Error::other)?;
        payload.insert(KEY.to_owned(), value);
        Ok(())
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<MultiFactorAuthClaimValue> {
        MultiFactorAuthClaimValue::from_json(member(payload, KEY)?)
    }

    fn last_refetch_time_ms(&self, _payload: &JsonObject) -> Option<i64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> JsonObject {
        let Value::Object(object) = value else { panic!("an object") };
        object
    }

    #[test]
    fn completed_factors_are_merged_and_the_verdict_is_replaced() {
        let mut payload = object(json!({ "st-mfa": { "c": { "emailpassword": 1 }, "v": false } }));
        let value = MultiFactorAuthClaimValue {
            completed_factors: [(FactorId::TOTP, 2)].into(),
            is_satisfied: true,
        };
        MultiFactorAuthClaim.add_to_payload(&mut payload, &value, 0).unwrap();
        let merged = json!({ "st-mfa": { "c": { "emailpassword": 1, "totp": 2 }, "v": true } });
        assert_eq!(Value::Object(payload), merged);
    }

    #[test]
    fn a_value_of_another_form_is_no_value() {
        for value in [json!(1), json!({ "c": {} }), json!({ "c": { "a": "x" }, "v": true })] {
            let payload = object(json!({ "st-mfa": value }));
            assert_eq!(MultiFactorAuthClaim.value_from_payload(&payload), None);
        }
    }
}
