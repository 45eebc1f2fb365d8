//! Recipes that are switched on and off, as callers before CDI 5.1 do it (CDI §6.3).

use auth_protocol::{CdiVersion, multitenancy::FactorsChange};

use super::{
    factors::Factors,
    stored::{CODES, Stored, Switches},
    write::Edit,
};
use crate::EngineError;

/// A recipe that has a switch.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Recipe {
    /// As refusals name it.
    name: &'static str,
    factors: &'static [&'static str],
}

const RECIPES: [Recipe; 3] = [
    Recipe { name: "emailPassword", factors: &["emailpassword"] },
    Recipe { name: "thirdParty", factors: &["thirdparty"] },
    Recipe { name: "passwordless", factors: &CODES },
];

impl Recipe {
    fn has(self, factor: &str) -> bool {
        self.factors.contains(&factor)
    }

    fn is_in(self, factors: &[String]) -> bool {
        factors.iter().any(|factor| self.has(factor))
    }
}

/// What is asked of a tenant's switches and factors.
#[derive(Clone, Debug)]
pub(super) struct Switching {
    pub(super) version: CdiVersion,
    /// What is asked of each switch, if anything, in the order of [`RECIPES`].
    pub(super) asked: [Option<bool>; 3],
    pub(super) factors: Factors,
}

impl Switching {
    /// Reads what is asked. Factors are no matter of callers before CDI 5.0.
    pub(super) fn new(
        version: CdiVersion,
        asked: [Option<bool>; 3],
        first: FactorsChange,
        required: FactorsChange,
    ) -> Result<Self, EngineError> {
        if version < CdiVersion::V5_0 {
            let factors = Factors { first: FactorsChange::Keep, required: FactorsChange::Keep };
            return Ok(Self { version, asked, factors });
        }
        for (field, what, change) in [
            ("firstFactors", "first factors", &first),
            ("requiredSecondaryFactors", "required secondary factors", &required),
        ] {
            if matches!(change, FactorsChange::Set(factors) if factors.is_empty()) {
                let text =
                    format!("{field} cannot be empty. Set null instead to remove all {what}.");
                return Err(EngineError::BadRequest(text));
            }
        }
        let factors = Factors::new(first, required)?;
        for (recipe, _) in RECIPES.iter().zip(asked).filter(|(_, asked)| *asked == Some(false)) {
            for (field, change) in
                [("firstFactors", &factors.first), ("requiredSecondaryFactors", &factors.required)]
            {
                let FactorsChange::Set(list) = change else { continue };
                if let Some(factor) = list.iter().find(|factor| recipe.has(factor)) {
                    let name = recipe.name;
                    return Err(EngineError::BadRequest(format!(
                        "Invalid core config: {field} should not contain '{factor}' because {name} \
                         is disabled for the tenant."
                    )));
                }
            }
        }
        Ok(Self { version, asked, factors })
    }

    fn asks(&self, recipe: usize, for_what: bool) -> bool {
        self.asked.get(recipe).copied().flatten() == Some(for_what)
    }

    /// As callers before CDI 5.0: the switches are told by the factors alone.
    fn before_5_0(&self, mut stored: Stored) -> Stored {
        let mut on = stored.switches.to_array();
        let mut factors = stored.first_factors.take();
        let were_on = enabled(on, |recipe| factors.as_ref().is_none_or(|it| recipe.is_in(it)));
        for (index, recipe) in RECIPES.into_iter().enumerate() {
            if self.asks(index, true) && !is(were_on, index) {
                set(&mut on, index, true);
                if let Some(factors) = &mut factors {
                    add(factors, recipe);
                }
            }
        }
        let is_off = |index| !is(on, index) || self.asks(index, false);
        if factors.is_none() && (0..RECIPES.len()).any(is_off) {
            let mut all = Vec::new();
            for recipe in RECIPES {
                add(&mut all, recipe);
            }
            factors = Some(all);
        }
        for (index, recipe) in RECIPES.into_iter().enumerate() {
            if is_off(index)
                && let Some(factors) = &mut factors
            {
                factors.retain(|factor| !recipe.has(factor));
            }
        }
        stored.first_factors = factors;
        stored.switches = Switches::from_array(on);
        stored
    }

    /// As callers since CDI 5.0, who know both.
    fn in_5_0(&self, mut stored: Stored) -> Stored {
        let has_some =
            |stored: &Stored| stored.first_factors.as_ref().is_none_or(|it| !it.is_empty());
        let were_on = |stored: &Stored| {
            let has_some = has_some(stored);
            enabled(stored.switches.to_array(), |_| has_some)
        };
        let on = were_on(&stored);
        let turns_on = (0..RECIPES.len()).any(|index| self.asks(index, true) && !is(on, index));
        if turns_on && !has_some(&stored) {
            stored.switches = Switches::from_array([false; 3]);
            stored.first_factors = None;
        }
        let (before, were_on) = (stored.clone(), were_on(&stored));
        let mut on = stored.switches.to_array();
        for index in 0..RECIPES.len() {
            if let Some(Some(asked)) = self.asked.get(index) {
                set(&mut on, index, *asked);
            }
        }
        for (change, list) in [
            (&self.factors.first, &mut stored.first_factors),
            (&self.factors.required, &mut stored.required_secondary_factors),
        ] {
            match change {
                FactorsChange::Keep => {
                    // What is off is no factor any more.
                    for (index, recipe) in RECIPES.into_iter().enumerate() {
                        if self.asks(index, false)
                            && let Some(list) = list
                        {
                            list.retain(|factor| !recipe.has(factor));
                        }
                    }
                }
                FactorsChange::Clear => *list = None,
                FactorsChange::Set(factors) => *list = Some(factors.clone()),
            }
        }
        if let FactorsChange::Set(required) = &self.factors.required
            && self.factors.first == FactorsChange::Keep
            && before.first_factors.is_none()
            && RECIPES.into_iter().enumerate().any(|(index, recipe)| {
                recipe.is_in(required) && !is(were_on, index) && !self.asks(index, true)
            })
        {
            // A recipe that comes for the second factor isn't one to begin with.
            stored.first_factors = Switches::from_array(on).factors();
        }
        for list in [&stored.first_factors, &stored.required_secondary_factors] {
            let list = list.as_deref().unwrap_or_default();
            for (index, recipe) in RECIPES.into_iter().enumerate() {
                if recipe.is_in(list) {
                    set(&mut on, index, true);
                }
            }
        }
        stored.switches = Switches::from_array(on);
        stored.required_secondary_factors =
            stored.required_secondary_factors.filter(|factors| !factors.is_empty());
        stored
    }
}

/// Which recipes are on, and told so.
fn enabled(on: [bool; 3], is_told: impl Fn(Recipe) -> bool) -> [bool; 3] {
    let [email_password, third_party, passwordless] = RECIPES.map(is_told);
    let [a, b, c] = on;
    [a && email_password, b && third_party, c && passwordless]
}

fn is(on: [bool; 3], recipe: usize) -> bool {
    on.get(recipe).copied().unwrap_or_default()
}

fn set(on: &mut [bool; 3], recipe: usize, value: bool) {
    if let Some(on) = on.get_mut(recipe) {
        *on = value;
    }
}

fn add(factors: &mut Vec<String>, recipe: Recipe) {
    for factor in recipe.factors {
        if !factors.iter().any(|other| other == factor) {
            factors.push((*factor).to_owned());
        }
    }
}

impl Edit for Switching {
    /// A tenant has nothing on until it is switched on; an app has everything.
    fn new_tenant(&self, is_public: bool) -> Stored {
        if is_public {
            return Stored::default();
        }
        let first_factors = (self.version < CdiVersion::V5_0).then(Vec::new);
        Stored { switches: Switches::from_array([false; 3]), first_factors, ..Stored::default() }
    }

    fn edit(&self, stored: Stored) -> Result<Stored, EngineError> {
        Ok(match self.version < CdiVersion::V5_0 {
            true => self.before_5_0(stored),
            false => self.in_5_0(stored),
        })
    }
}

/// Which recipes a tenant tells to be on, in a version.
pub(super) fn told(stored: &Stored, version: CdiVersion) -> [bool; 3] {
    let factors = stored.first_factors.as_deref();
    enabled(stored.switches.to_array(), |recipe| match version < CdiVersion::V5_0 {
        true => factors.is_none_or(|factors| recipe.is_in(factors)),
        false => factors.is_none_or(|factors| !factors.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const V4: CdiVersion = CdiVersion::V4_0;
    const V5: CdiVersion = CdiVersion::V5_0;

    fn asked(version: CdiVersion, asked: [Option<bool>; 3]) -> Switching {
        Switching::new(version, asked, FactorsChange::Keep, FactorsChange::Keep).unwrap()
    }

    fn owned(factors: &[&str]) -> Vec<String> {
        factors.iter().map(|factor| (*factor).to_owned()).collect()
    }

    #[test]
    fn cdi_6_3_before_5_0_switches_are_lists_of_factors() {
        let turn_on = asked(V4, [Some(true), None, None]);
        let tenant = turn_on.edit(turn_on.new_tenant(false)).unwrap();
        assert_eq!(tenant.first_factors, Some(owned(&["emailpassword"])));
        assert_eq!(told(&tenant, V4), [true, false, false]);
        let codes_too = asked(V4, [None, None, Some(true)]).edit(tenant.clone()).unwrap();
        assert_eq!(told(&codes_too, V4), [true, false, true]);
        let off = asked(V4, [Some(false), None, None]).edit(codes_too).unwrap();
        assert_eq!(off.first_factors, Some(owned(&CODES)));
        // An app has everything until something is off.
        let app = asked(V4, [None, Some(false), None]);
        let app = app.edit(app.new_tenant(true)).unwrap();
        assert_eq!(told(&app, V4), [true, false, true]);
        assert_eq!(asked(V4, [None; 3]).edit(Stored::default()).unwrap(), Stored::default());
    }

    #[test]
    fn cdi_6_3_in_5_0_switches_and_factors_are_kept_beside_each_other() {
        let turn_on = asked(V5, [Some(true), Some(true), None]);
        let tenant = turn_on.edit(turn_on.new_tenant(false)).unwrap();
        assert_eq!((told(&tenant, V5), &tenant.first_factors), ([true, true, false], &None));
        let set = |first, required| Switching::new(V5, [None; 3], first, required).unwrap();
        let codes = FactorsChange::set(["otp-email"]);
        let second = set(FactorsChange::Keep, codes.clone()).edit(tenant.clone()).unwrap();
        // Codes are on now, and no sign-in begins with one.
        assert_eq!(second.first_factors, Some(owned(&["emailpassword", "thirdparty"])));
        assert_eq!(told(&second, V5), [true; 3]);
        let first = set(codes, FactorsChange::Keep).edit(tenant).unwrap();
        assert_eq!(
            (told(&first, V5), first.first_factors),
            ([true; 3], Some(owned(&["otp-email"])))
        );
        let off = asked(V5, [None, None, Some(false)]).edit(second).unwrap();
        assert_eq!((told(&off, V5), off.required_secondary_factors), ([true, true, false], None));
        // Made by who knows no switches, and without a factor.
        let bare = Stored { first_factors: Some(Vec::new()), ..Stored::default() };
        assert_eq!(told(&bare, V5), [false; 3]);
        let on = asked(V5, [None, Some(true), None]).edit(bare).unwrap();
        assert_eq!((told(&on, V5), on.first_factors), ([false, true, false], None));
    }

    #[test]
    fn cdi_6_3_what_contradicts_itself_is_refused() {
        let new = |asked, first: FactorsChange, required| {
            Switching::new(V5, asked, first, required).map(drop).map_err(|error| error.to_string())
        };
        let keep = || FactorsChange::Keep;
        assert_eq!(
            new([None, None, Some(false)], FactorsChange::set(["otp-email"]), keep()).unwrap_err(),
            "Invalid core config: firstFactors should not contain 'otp-email' because passwordless \
             is disabled for the tenant."
        );
        assert_eq!(
            new([Some(false), None, None], keep(), FactorsChange::set(["emailpassword"]))
                .unwrap_err(),
            "Invalid core config: requiredSecondaryFactors should not contain 'emailpassword' \
             because emailPassword is disabled for the tenant."
        );
        assert_eq!(
            new([None; 3], FactorsChange::set([""; 0]), keep()).unwrap_err(),
            "firstFactors cannot be empty. Set null instead to remove all first factors."
        );
    }
}
