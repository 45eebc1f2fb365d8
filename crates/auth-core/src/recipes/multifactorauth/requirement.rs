//! What must be completed (FDI 6.4).

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
    let steps = list.iter().map(|step| step.unsatisfied(is_complete));
    steps.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default()
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
}
