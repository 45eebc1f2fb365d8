//! What must be completed (FDI §6.4).

use std::{cmp::Reverse, collections::BTreeMap};

use super::FactorId;

/// One step of a list of requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorRequirement {
    /// This factor.
    Factor(FactorId),
    /// One of these factors; none where there are none.
    OneOf(Vec<FactorId>),
    /// All of these factors, in any order.
    AllOfInAnyOrder(Vec<FactorId>),
}

/// Requirements, in the order in which they are to be met.
pub type FactorRequirementList = Vec<FactorRequirement>;

impl From<FactorId> for FactorRequirement {
    fn from(id: FactorId) -> Self {
        Self::Factor(id)
    }
}

impl FactorRequirement {
    /// The factors that would bring this step further; none where it is met.
    pub(super) fn unsatisfied(&self, is_complete: &dyn Fn(&FactorId) -> bool) -> Vec<FactorId> {
        match self {
            Self::Factor(id) => match is_complete(id) {
                true => Vec::new(),
                false => vec![id.clone()],
            },
            Self::OneOf(ids) => match ids.iter().any(is_complete) {
                true => Vec::new(),
                false => ids.clone(),
            },
            Self::AllOfInAnyOrder(ids) => {
                ids.iter().filter(|id| !is_complete(id)).cloned().collect()
            }
        }
    }
}

/// The factors that would meet the first step that isn't met; none where all are.
pub(super) fn next_unsatisfied(
    list: &[FactorRequirement],
    is_complete: &dyn Fn(&FactorId) -> bool,
) -> Vec<FactorId> {
    first_unsatisfied(list, is_complete).1
}

/// The number of the first step that isn't met, and what would bring it further.
fn first_unsatisfied(
    list: &[FactorRequirement],
    is_complete: &dyn Fn(&FactorId) -> bool,
) -> (usize, Vec<FactorId>) {
    let steps = list.iter().map(|step| step.unsatisfied(is_complete)).enumerate();
    steps.into_iter().find(|(_, ids)| !ids.is_empty()).unwrap_or((list.len(), Vec::new()))
}

/// The factors that a session which has completed these is to complete next; none where it has
/// what is required.
///
/// What is required follows a first factor, and the same proof never counts as both: one of the
/// completed factors is the first, whichever leaves most of the list met by the others. A session
/// that was started by what is required therefore goes on with any other factor of the user, before
/// it may set up a new one.
pub(super) fn outstanding(
    list: &[FactorRequirement],
    completed: &BTreeMap<FactorId, i64>,
    set_up: &[FactorId],
    offered: &[FactorId],
    is_same_proof: &dyn Fn(&FactorId, &FactorId) -> bool,
) -> Vec<FactorId> {
    let readings = completed.keys().map(|first| {
        let is_complete = |id: &FactorId| completed.contains_key(id) && !is_same_proof(first, id);
        (first, first_unsatisfied(list, &is_complete))
    });
    let furthest = readings.max_by_key(|(_, (met, missing))| (*met, Reverse(missing.len())));
    let Some((first, (_, missing))) = furthest else {
        return next_unsatisfied(list, &|_| false);
    };
    let mut next: Vec<FactorId> =
        missing.iter().filter(|id| !is_same_proof(first, id)).cloned().collect();
    if next.len() < missing.len() {
        let is_new = |id: &&FactorId| !completed.keys().any(|done| is_same_proof(done, id));
        let mut others: Vec<FactorId> = set_up.iter().filter(is_new).cloned().collect();
        if next.is_empty() && others.is_empty() {
            others = offered.iter().filter(is_new).cloned().collect();
        }
        others.retain(|id| !next.contains(id));
        next.extend(others);
        if next.is_empty() {
            return missing;
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<const N: usize>(names: [&'static str; N]) -> Vec<FactorId> {
        names.into_iter().map(FactorId::from).collect()
    }

    #[test]
    fn the_first_step_that_is_not_met_says_what_is_next() {
        let list = [
            FactorRequirement::OneOf(Vec::new()),
            FactorRequirement::Factor("a".into()),
            FactorRequirement::OneOf(ids(["b", "c"])),
            FactorRequirement::AllOfInAnyOrder(ids(["d", "e"])),
        ];
        for (complete, next) in [
            (ids([]), ids(["a"])),
            (ids(["a"]), ids(["b", "c"])),
            (ids(["b", "d"]), ids(["a"])),
            (ids(["a", "c"]), ids(["d", "e"])),
            (ids(["a", "c", "d"]), ids(["e"])),
            (ids(["a", "c", "d", "e"]), ids([])),
        ] {
            assert_eq!(next_unsatisfied(&list, &|id| complete.contains(id)), next, "{complete:?}");
        }
        assert_eq!(next_unsatisfied(&[], &|_| false), ids([]));
    }

    fn next<const C: usize, const S: usize>(
        list: &[FactorRequirement],
        completed: [&'static str; C],
        set_up: [&'static str; S],
    ) -> Vec<FactorId> {
        let completed = ids(completed).into_iter().map(|id| (id, 1)).collect();
        let offered = ids(["emailpassword", "otp-phone", "totp"]);
        outstanding(list, &completed, &ids(set_up), &offered, &is_same_proof)
    }

    /// A code and a link to the same phone are.
    fn is_same_proof(one: &FactorId, other: &FactorId) -> bool {
        let by_phone = [FactorId::OTP_PHONE, FactorId::LINK_PHONE];
        one == other || (by_phone.contains(one) && by_phone.contains(other))
    }

    #[test]
    fn the_proof_that_was_the_first_factor_meets_no_requirement() {
        let phone = [FactorRequirement::OneOf(vec![FactorId::OTP_PHONE])];
        assert_eq!(next(&phone, ["emailpassword"], []), ids(["otp-phone"]));
        assert_eq!(next(&phone, ["emailpassword", "otp-phone"], []), ids([]));
        // The phone alone, by whichever of its ways: any other factor that is there comes next.
        for completed in [["otp-phone", "otp-phone"], ["link-phone", "otp-phone"]] {
            assert_eq!(
                next(&phone, completed, ["otp-phone", "emailpassword"]),
                ids(["emailpassword"])
            );
            assert_eq!(next(&phone, completed, ["otp-phone"]), ids(["emailpassword", "totp"]));
        }
        assert_eq!(next(&phone, ["link-phone"], ["otp-phone", "totp"]), ids(["totp"]));
        assert_eq!(next(&phone, ["otp-phone", "totp"], []), ids([]), "two proofs, one is required");
        assert_eq!(next(&[], ["otp-phone"], []), ids([]), "nothing is required");
        assert_eq!(next(&phone, [], []), ids(["otp-phone"]));
    }

    #[test]
    fn who_started_with_one_of_several_required_factors_goes_on_with_another() {
        let either = [FactorRequirement::OneOf(ids(["otp-phone", "totp"]))];
        // What is set up keeps the others from being set up.
        let set_up = ["emailpassword", "otp-phone"];
        assert_eq!(next(&either, ["otp-phone"], set_up), ids(["totp", "emailpassword"]));
        assert_eq!(next(&either, ["otp-phone", "totp"], []), ids([]));
        let both = [FactorRequirement::AllOfInAnyOrder(ids(["otp-phone", "totp"]))];
        assert_eq!(next(&both, ["otp-phone"], ["otp-phone", "totp"]), ids(["totp"]));
        assert_eq!(next(&both, ["otp-phone", "totp"], set_up), ids(["emailpassword"]));
        assert_eq!(next(&both, ["emailpassword", "otp-phone", "totp"], []), ids([]));
        let steps = [FactorId::TOTP.into(), FactorRequirement::Factor(FactorId::OTP_PHONE)];
        assert_eq!(next(&steps, ["emailpassword", "totp"], []), ids(["otp-phone"]));
    }
}
