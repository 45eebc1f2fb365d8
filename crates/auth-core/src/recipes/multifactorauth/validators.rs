//! Rules about completed factors (FDI §6.3).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde_json::{Value, json};

use super::{
    FactorId, FactorRequirement, FactorRequirementList, MultiFactorAuthClaim,
    MultiFactorAuthClaimValue, claim::KEY, requirement::next_unsatisfied,
};
use crate::{
    Context, Result,
    recipes::session::claims::{AnyClaim, ClaimValidation, ClaimValidator, member},
};

/// The validators of the [`MultiFactorAuthClaim`].
#[derive(Clone, Copy, Debug)]
pub struct MultiFactorAuthValidators;

impl MultiFactorAuthValidators {
    /// What the application requires of every session is complete. Every session check has it.
    pub fn has_completed_mfa_requirements_for_auth(&self) -> Arc<dyn ClaimValidator> {
        Arc::new(OnClaim(RequirementsForAuth))
    }

    /// Every one of these requirements is met, however long ago.
    pub fn has_completed_requirement_list(
        &self,
        list: impl Into<FactorRequirementList>,
    ) -> Arc<dyn ClaimValidator> {
        Arc::new(OnClaim(Requirements { list: list.into(), max_age: None }))
    }

    /// Step-up: every one of these requirements is met by factors that were completed within
    /// `max_age`, in whole seconds; however long ago without it.
    pub fn has_completed_factors(
        &self,
        list: impl Into<FactorRequirementList>,
        max_age: Option<Duration>,
    ) -> Arc<dyn ClaimValidator> {
        Arc::new(OnClaim(Requirements { list: list.into(), max_age }))
    }

    /// Step-up: what the application requires of every session is complete, and at least one
    /// factor was completed within `max_age`, in whole seconds. The user may enter any of them
    /// once more.
    pub fn has_completed_default_factors(
        &self,
        max_age: Option<Duration>,
    ) -> Arc<dyn ClaimValidator> {
        Arc::new(OnClaim(DefaultFactors { max_age }))
    }
}

fn not_satisfied() -> ClaimValidation {
    let message = "MFA requirement for auth is not satisfied";
    ClaimValidation::Invalid(Some(json!({ "message": message })))
}

/// A rule about the claim's value, as JSON where there is one.
trait Rule: Send + Sync {
    fn check(&self, claim: Option<&Value>, now: Now<'_>) -> ClaimValidation;
}

/// Tells the time, in milliseconds since the epoch, where a rule asks for it.
type Now<'a> = &'a dyn Fn() -> i64;

/// What the rules have in common: they work on the claim, and have it worked out where it is
/// missing.
struct OnClaim<R>(R);

impl<R: Rule> OnClaim<R> {
    fn check(&self, cx: &Context, claim: Option<&Value>) -> ClaimValidation {
        self.0.check(claim, &|| cx.core().now_ms())
    }
}

#[async_trait]
impl<R: Rule> ClaimValidator for OnClaim<R> {
    fn id(&self) -> &str {
        KEY
    }

    fn claim(&self) -> Option<&dyn AnyClaim> {
        Some(&MultiFactorAuthClaim)
    }

    async fn should_refetch(&self, _cx: &Context, payload: &JsonObject) -> Result<bool> {
        Ok(member(payload, KEY).is_none())
    }

    fn is_satisfied_by(&self, cx: &Context, payload: &JsonObject) -> bool {
        let claim = member(payload, KEY);
        claim.is_some() && self.check(cx, claim) == ClaimValidation::Valid
    }

    async fn validate(&self, cx: &Context, payload: &JsonObject) -> Result<ClaimValidation> {
        Ok(self.check(cx, member(payload, KEY)))
    }
}

struct RequirementsForAuth;

impl Rule for RequirementsForAuth {
    /// Stands in front of every protected route, so that it reads no more than it needs.
    fn check(&self, claim: Option<&Value>, _now: Now<'_>) -> ClaimValidation {
        let is_satisfied = claim.and_then(Value::as_object).and_then(|value| member(value, "v"));
        match is_satisfied.and_then(Value::as_bool) {
            Some(true) => ClaimValidation::Valid,
            _ => not_satisfied(),
        }
    }
}

/// Nothing is complete where the claim isn't there, or isn't one.
fn value(claim: Option<&Value>) -> MultiFactorAuthClaimValue {
    claim.and_then(MultiFactorAuthClaimValue::from_json).unwrap_or_default()
}

/// Whether a factor was completed, and lately where that matters.
fn is_complete(
    value: &MultiFactorAuthClaimValue,
    id: &FactorId,
    max_age: Option<Duration>,
    now: Now<'_>,
) -> bool {
    let Some(completed_secs) = value.completed_factors.get(id) else { return false };
    is_fresh(*completed_secs, max_age, now)
}

fn is_fresh(completed_secs: i64, max_age: Option<Duration>, now: Now<'_>) -> bool {
    let Some(max_age) = max_age else { return true };
    let max_age_secs = i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX);
    (now() / 1000).saturating_sub(completed_secs) <= max_age_secs
}

struct Requirements {
    list: FactorRequirementList,
    max_age: Option<Duration>,
}

impl Rule for Requirements {
    fn check(&self, claim: Option<&Value>, now: Now<'_>) -> ClaimValidation {
        let value = value(claim);
        let is_complete = |id: &FactorId| is_complete(&value, id, self.max_age, now);
        let next = next_unsatisfied(&self.list, &is_complete);
        if next.is_empty() {
            return ClaimValidation::Valid;
        }
        let step = self.list.iter().find(|step| !step.unsatisfied(&is_complete).is_empty());
        let names = next.iter().map(FactorId::as_str).collect::<Vec<_>>().join(", ");
        let mut reason = match step {
            Some(FactorRequirement::OneOf(_)) => json!({
                "message": format!("None of these factors are complete in the session: {names}"),
                "oneOf": next,
            }),
            Some(FactorRequirement::AllOfInAnyOrder(_)) => json!({
                "message":
                    format!("Some of the factors are not complete in the session: {names}"),
                "allOfInAnyOrder": next,
            }),
            _ => json!({
                "message": format!("Factor validation failed: {names} not completed"),
                "factorId": names,
            }),
        };
        add_max_age(&mut reason, self.max_age);
        ClaimValidation::Invalid(Some(reason))
    }
}

fn add_max_age(reason: &mut Value, max_age: Option<Duration>) {
    if let (Some(max_age), Some(reason)) = (max_age, reason.as_object_mut()) {
        reason.insert("maxAgeInSeconds".to_owned(), max_age.as_secs().into());
    }
}

struct DefaultFactors {
    max_age: Option<Duration>,
}

impl Rule for DefaultFactors {
    fn check(&self, claim: Option<&Value>, now: Now<'_>) -> ClaimValidation {
        let value = value(claim);
        if !value.is_satisfied {
            return not_satisfied();
        }
        let mut times = value.completed_factors.values();
        if times.any(|completed_secs| is_fresh(*completed_secs, self.max_age, now)) {
            return ClaimValidation::Valid;
        }
        let mut reason = json!({ "message": "No factor was completed lately enough" });
        add_max_age(&mut reason, self.max_age);
        ClaimValidation::Invalid(Some(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now<'static> = &|| 1_700_000_000_500;
    const NOW_SECS: i64 = 1_700_000_000;

    fn reason(verdict: ClaimValidation) -> Value {
        match verdict {
            ClaimValidation::Invalid(Some(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    fn list<const N: usize>(names: [&'static str; N]) -> Vec<FactorId> {
        names.into_iter().map(FactorId::from).collect()
    }

    #[test]
    fn each_kind_of_step_names_what_is_missing() {
        let claim = json!({ "c": { "a": 1 }, "v": true });
        let check = |step: FactorRequirement| {
            Requirements { list: vec![step], max_age: None }.check(Some(&claim), NOW)
        };
        assert_eq!(check(FactorRequirement::Factor("a".into())), ClaimValidation::Valid);
        assert_eq!(check(FactorRequirement::OneOf(list(["a", "b"]))), ClaimValidation::Valid);
        assert_eq!(
            reason(check(FactorRequirement::Factor("b".into()))),
            json!({ "message": "Factor validation failed: b not completed", "factorId": "b" })
        );
        assert_eq!(
            reason(check(FactorRequirement::OneOf(list(["b", "c"])))),
            json!({
                "message": "None of these factors are complete in the session: b, c",
                "oneOf": ["b", "c"],
            })
        );
        assert_eq!(
            reason(check(FactorRequirement::AllOfInAnyOrder(list(["a", "b"])))),
            json!({
                "message": "Some of the factors are not complete in the session: b",
                "allOfInAnyOrder": ["b"],
            })
        );
        let none = Requirements { list: Vec::new(), max_age: None };
        assert_eq!(none.check(Some(&claim), NOW), ClaimValidation::Valid);
    }

    #[test]
    fn a_factor_that_was_completed_too_long_ago_is_not_complete() {
        let check = |age_secs: i64| {
            let claim = json!({ "c": { "totp": NOW_SECS - age_secs }, "v": true });
            let max_age = Some(Duration::from_secs(300));
            Requirements { list: vec![FactorId::TOTP.into()], max_age }.check(Some(&claim), NOW)
        };
        assert_eq!(check(300), ClaimValidation::Valid);
        assert_eq!(
            reason(check(301)),
            json!({
                "message": "Factor validation failed: totp not completed",
                "factorId": "totp",
                "maxAgeInSeconds": 300,
            })
        );
    }

    #[test]
    fn the_default_factors_are_those_required_and_one_of_them_may_have_to_be_fresh() {
        let check = |claim: Value, max_age| {
            let max_age = Some(max_age).filter(|age| *age > 0).map(Duration::from_secs);
            DefaultFactors { max_age }.check(Some(&claim), NOW)
        };
        let old_and_new = json!({ "c": { "a": 1, "b": NOW_SECS - 10 }, "v": true });
        assert_eq!(check(old_and_new.clone(), 0), ClaimValidation::Valid);
        assert_eq!(check(old_and_new.clone(), 10), ClaimValidation::Valid);
        assert_eq!(reason(check(old_and_new, 9))["maxAgeInSeconds"], 9);
        let incomplete = json!({ "c": { "a": NOW_SECS }, "v": false });
        assert_eq!(check(incomplete, 10), not_satisfied());
    }
}
