//! Lists of factors, as tenants may have them (CDI §6.3).

use std::collections::HashSet;

use auth_protocol::multitenancy::FactorsChange;

use super::stored::{Stored, Switches};
use crate::EngineError;

const FIRST: &str = "firstFactors";
const REQUIRED: &str = "requiredSecondaryFactors";

/// The longest id of a factor that is kept.
const LONGEST: usize = 128;

/// What is to become of both lists, checked.
#[derive(Clone, Debug)]
pub(super) struct Factors {
    pub(super) first: FactorsChange,
    pub(super) required: FactorsChange,
}

impl Factors {
    /// Refuses factors that stand twice or that none can be called.
    pub(super) fn new(first: FactorsChange, required: FactorsChange) -> Result<Self, EngineError> {
        for (field, change) in [(FIRST, &first), (REQUIRED, &required)] {
            let FactorsChange::Set(factors) = change else { continue };
            let different: HashSet<&String> = factors.iter().collect();
            if different.len() != factors.len() {
                return Err(refused(format!("{field} input should not contain duplicate values")));
            }
        }
        for (field, change) in [(FIRST, &first), (REQUIRED, &required)] {
            let FactorsChange::Set(factors) = change else { continue };
            if !factors.iter().all(|factor| is_factor(factor)) {
                let text = "should contain only 0-9,a-z,A-Z,_,.,- characters";
                return Err(refused(format!("{field} {text}")));
            }
            if factors.iter().any(|factor| factor.len() > LONGEST) {
                let text = format!("{field} can have {LONGEST} characters each at most");
                return Err(refused(text));
            }
        }
        Ok(Self { first, required })
    }

    /// What is set once the lists have changed, as callers of CDI 5.1 and newer change them. A tenant
    /// that has switches gives them up for the factors that they stand for.
    pub(super) fn apply(self, mut stored: Stored) -> Stored {
        let Self { first, required } = self;
        if first == FactorsChange::Keep && required == FactorsChange::Keep {
            return stored;
        }
        if stored.first_factors.is_none() {
            stored.first_factors = stored.switches.factors();
        }
        stored.switches = Switches::ON;
        change(&mut stored.first_factors, first);
        change(&mut stored.required_secondary_factors, required);
        // No factor and nothing are the same here.
        stored.required_secondary_factors =
            stored.required_secondary_factors.filter(|factors| !factors.is_empty());
        stored
    }
}

fn change(factors: &mut Option<Vec<String>>, change: FactorsChange) {
    match change {
        FactorsChange::Keep => {}
        FactorsChange::Clear => *factors = None,
        FactorsChange::Set(list) => *factors = Some(list),
    }
}

fn is_factor(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.()-".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

fn refused(text: String) -> EngineError {
    EngineError::BadRequest(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cdi_6_3_factors_that_stand_twice_or_that_none_is_called_are_refused() {
        let one = |factors: &[&str]| FactorsChange::set(factors.iter().copied());
        let first = |factors: &[&str]| Factors::new(one(factors), FactorsChange::Keep);
        let required = |factors: &[&str]| Factors::new(FactorsChange::Keep, one(factors));
        assert!(first(&["emailpassword", "my.own_factor-1(a)"]).is_ok());
        assert!(first(&[]).is_ok());
        for (result, text) in [
            (first(&["a", "a"]), "firstFactors input should not contain duplicate values"),
            (
                required(&["a", "b", "a"]),
                "requiredSecondaryFactors input should not contain duplicate values",
            ),
            (first(&["a b"]), "firstFactors should contain only 0-9,a-z,A-Z,_,.,- characters"),
            (
                required(&[""]),
                "requiredSecondaryFactors should contain only 0-9,a-z,A-Z,_,.,- characters",
            ),
            (first(&[&"f".repeat(129)]), "firstFactors can have 128 characters each at most"),
        ] {
            assert_eq!(result.unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn cdi_6_3_switches_become_factors_once_factors_are_set() {
        let switches = Switches { third_party: false, passwordless: false, ..Switches::ON };
        let stored = || Stored { switches, ..Stored::default() };
        let required = FactorsChange::set(["totp"]);
        let changed = Factors::new(FactorsChange::Keep, required).unwrap().apply(stored());
        assert_eq!(changed.first_factors, Some(vec!["emailpassword".to_owned()]));
        assert_eq!(changed.required_secondary_factors, Some(vec!["totp".to_owned()]));
        assert_eq!(changed.switches, Switches::ON);
        let cleared = Factors::new(FactorsChange::Clear, FactorsChange::set([""; 0])).unwrap();
        assert_eq!(cleared.apply(stored()), Stored::default());
        let kept = Factors::new(FactorsChange::Keep, FactorsChange::Keep).unwrap();
        assert_eq!(kept.apply(stored()), stored());
    }
}
