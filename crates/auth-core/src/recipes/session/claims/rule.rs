//! The validators of claims that are stored with the time of their last fetch.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde_json::{Value, json};

use super::{AnyClaim, ClaimValidation, ClaimValidator};
use crate::{Context, Result};

/// A claim, how old its value may be, and what it must be.
pub(super) struct Rule {
    pub(super) claim: Arc<dyn AnyClaim>,
    pub(super) id: String,
    pub(super) max_age: Option<Duration>,
    pub(super) expected: Expected,
}

/// What a value must be.
pub(super) enum Expected {
    Equal(Value),
    Include(Value),
    Exclude(Value),
    IncludeAll(Vec<Value>),
    IncludeAny(Vec<Value>),
    ExcludeAll(Vec<Value>),
}

impl Expected {
    fn is_met_by(&self, actual: &Value) -> bool {
        let includes = |value: &Value| actual.as_array().is_some_and(|list| list.contains(value));
        match self {
            Self::Equal(value) => actual == value,
            Self::Include(value) => includes(value),
            Self::Exclude(value) => !includes(value),
            Self::IncludeAll(values) => values.iter().all(includes),
            Self::IncludeAny(values) => values.iter().any(includes),
            Self::ExcludeAll(values) => !values.iter().any(includes),
        }
    }

    /// The name in the reason for a wrong value, and the one for a missing value where it
    /// differs: clients have come to know both.
    fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Equal(_) => ("expectedValue", "expectedValue"),
            Self::Include(_) | Self::IncludeAll(_) => ("expectedToInclude", "expectedToInclude"),
            Self::Exclude(_) | Self::ExcludeAll(_) => {
                ("expectedToNotInclude", "expectedToNotInclude")
            }
            Self::IncludeAny(_) => ("expectedToIncludeAtLeastOneOf", "expectedToNotInclude"),
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Equal(value) | Self::Include(value) | Self::Exclude(value) => value.clone(),
            Self::IncludeAll(values) | Self::IncludeAny(values) | Self::ExcludeAll(values) => {
                values.clone().into()
            }
        }
    }
}

impl Rule {
    /// The value's age in milliseconds, where it is above the limit.
    fn excessive_age_ms(&self, payload: &JsonObject, now_ms: i64) -> Option<(i64, u64)> {
        let max_age_secs = self.max_age?.as_secs();
        let fetched_ms = self.claim.refetch_time_ms(payload)?;
        let age_ms = now_ms.saturating_sub(fetched_ms);
        let limit_ms = i64::try_from(max_age_secs).unwrap_or(i64::MAX).saturating_mul(1000);
        (age_ms > limit_ms).then_some((age_ms, max_age_secs))
    }
}

#[async_trait]
impl ClaimValidator for Rule {
    fn id(&self) -> &str {
        &self.id
    }

    fn claim(&self) -> Option<&dyn AnyClaim> {
        Some(&*self.claim)
    }

    async fn should_refetch(&self, cx: &Context, payload: &JsonObject) -> Result<bool> {
        Ok(self.claim.json_from_payload(payload).is_none()
            || self.excessive_age_ms(payload, cx.core().now_ms()).is_some())
    }

    fn is_satisfied_by(&self, cx: &Context, payload: &JsonObject) -> bool {
        self.check(payload, cx.core().now_ms()) == ClaimValidation::Valid
    }

    async fn validate(&self, cx: &Context, payload: &JsonObject) -> Result<ClaimValidation> {
        Ok(self.check(payload, cx.core().now_ms()))
    }
}

impl Rule {
    fn check(&self, payload: &JsonObject, now_ms: i64) -> ClaimValidation {
        let (wrong, missing) = self.expected.names();
        let Some(actual) = self.claim.json_from_payload(payload) else {
            return invalid(json!({
                "message": "value does not exist",
                missing: self.expected.value(),
            }));
        };
        if let Some((age_ms, max_age_secs)) = self.excessive_age_ms(payload, now_ms) {
            return invalid(json!({
                "message": "expired",
                "ageInSeconds": seconds(age_ms),
                "maxAgeInSeconds": max_age_secs,
            }));
        }
        if self.expected.is_met_by(&actual) {
            return ClaimValidation::Valid;
        }
        invalid(json!({
            "message": "wrong value",
            wrong: self.expected.value(),
            "actualValue": actual,
        }))
    }
}

fn invalid(reason: Value) -> ClaimValidation {
    ClaimValidation::Invalid(Some(reason))
}

/// Milliseconds as seconds, with a fraction only where there is one.
fn seconds(ms: i64) -> Value {
    if ms % 1000 == 0 {
        return (ms / 1000).into();
    }
    #[allow(clippy::cast_precision_loss, reason = "exact below 2^53 ms")]
    let seconds = ms as f64 / 1000.0;
    seconds.into()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{PrimitiveArrayClaim, PrimitiveClaim},
        *,
    };

    const NOW_MS: i64 = 1_700_000_000_000;

    fn rule(claim: impl AnyClaim + 'static, expected: Expected, max_age: Option<u64>) -> Rule {
        Rule {
            id: claim.claim_key().to_owned(),
            claim: Arc::new(claim),
            max_age: max_age.map(Duration::from_secs),
            expected,
        }
    }

    fn number(expected: i64, max_age: Option<u64>) -> Rule {
        let claim = PrimitiveClaim::<i64>::new("n", |_, _| async { Ok(None) });
        rule(claim, Expected::Equal(json!(expected)), max_age)
    }

    fn roles(expected: Expected) -> Rule {
        rule(PrimitiveArrayClaim::<String>::new("r", |_, _| async { Ok(None) }), expected, None)
    }

    fn payload(key: &str, value: &Value) -> JsonObject {
        let mut payload = JsonObject::new();
        payload.insert(key.into(), json!({ "v": value, "t": NOW_MS }));
        payload
    }

    fn reason(verdict: ClaimValidation) -> Value {
        match verdict {
            ClaimValidation::Invalid(Some(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_value_is_named_with_the_expected_one() {
        assert_eq!(number(1, None).check(&payload("n", &json!(1)), NOW_MS), ClaimValidation::Valid);
        assert_eq!(
            reason(number(1, None).check(&payload("n", &json!(2)), NOW_MS)),
            json!({ "message": "wrong value", "expectedValue": 1, "actualValue": 2 })
        );
    }

    #[test]
    fn a_missing_value_is_told_from_a_wrong_one() {
        assert_eq!(
            reason(number(1, None).check(&JsonObject::new(), NOW_MS)),
            json!({ "message": "value does not exist", "expectedValue": 1 })
        );
    }

    #[test]
    fn a_value_is_expired_only_above_its_age_limit_and_the_age_has_a_fraction() {
        let payload = payload("n", &json!(1));
        let rule = number(1, Some(10));
        assert_eq!(rule.check(&payload, NOW_MS + 10_000), ClaimValidation::Valid);
        assert_eq!(
            reason(rule.check(&payload, NOW_MS + 10_001)),
            json!({ "message": "expired", "ageInSeconds": 10.001, "maxAgeInSeconds": 10 })
        );
        assert_eq!(
            reason(rule.check(&payload, NOW_MS + 11_000)),
            json!({ "message": "expired", "ageInSeconds": 11, "maxAgeInSeconds": 10 })
        );
    }

    #[test]
    fn array_rules_name_what_they_expected() {
        let actual = json!(["a", "b"]);
        let list = || vec![json!("a"), json!("c")];
        let cases = [
            (Expected::Include(json!("c")), "expectedToInclude", json!("c")),
            (Expected::Exclude(json!("a")), "expectedToNotInclude", json!("a")),
            (Expected::IncludeAll(list()), "expectedToInclude", json!(["a", "c"])),
            (Expected::IncludeAny(vec![json!("c")]), "expectedToIncludeAtLeastOneOf", json!(["c"])),
            (Expected::ExcludeAll(list()), "expectedToNotInclude", json!(["a", "c"])),
        ];
        for (expected, name, value) in cases {
            assert_eq!(
                reason(roles(expected).check(&payload("r", &actual), NOW_MS)),
                json!({ "message": "wrong value", name: value, "actualValue": actual })
            );
        }
    }

    #[test]
    fn array_rules_accept_what_they_should() {
        let payload = payload("r", &json!(["a", "b"]));
        for expected in [
            Expected::Include(json!("a")),
            Expected::Exclude(json!("c")),
            Expected::IncludeAll(vec![json!("b"), json!("a")]),
            Expected::IncludeAny(vec![json!("c"), json!("b")]),
            Expected::ExcludeAll(vec![json!("c"), json!("d")]),
        ] {
            assert_eq!(roles(expected).check(&payload, NOW_MS), ClaimValidation::Valid);
        }
    }

    #[test]
    fn a_missing_array_fails_every_rule_and_includes_any_then_names_not_include() {
        let list = || vec![json!("a")];
        let cases = [
            (Expected::Include(json!("a")), "expectedToInclude", json!("a")),
            (Expected::Exclude(json!("a")), "expectedToNotInclude", json!("a")),
            (Expected::IncludeAll(list()), "expectedToInclude", json!(["a"])),
            (Expected::IncludeAny(list()), "expectedToNotInclude", json!(["a"])),
            (Expected::ExcludeAll(list()), "expectedToNotInclude", json!(["a"])),
        ];
        for (expected, name, value) in cases {
            assert_eq!(
                reason(roles(expected).check(&JsonObject::new(), NOW_MS)),
                json!({ "message": "value does not exist", name: value })
            );
        }
    }
}
