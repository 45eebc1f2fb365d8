//! Goes through a world.

use stateright::{Checker, Expectation, HasDiscoveries, Model};

use crate::world::Setting;

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// All states, of which each must have every property.
pub(crate) fn prove(setting: Setting) {
    prove_but(setting, &[]);
}

/// The same, but for some of the properties.
pub(crate) fn prove_but(setting: Setting, given_up: &[&str]) {
    let checker = setting.checker().threads(threads()).spawn_bfs().join();
    println!("{} states, {} steps deep", checker.unique_state_count(), checker.max_depth());
    let properties = checker.model().properties();
    for property in properties.iter().filter(|it| !given_up.contains(&it.name)) {
        match property.expectation {
            Expectation::Sometimes => drop(checker.assert_any_discovery(property.name)),
            Expectation::Always | Expectation::Eventually => {
                checker.assert_no_discovery(property.name);
            }
        }
    }
}

/// States until the property is broken, which it must be; prints a way to it.
pub(crate) fn break_it(setting: Setting, property: &'static str) {
    let any = HasDiscoveries::AnyOf([property].into());
    let checker = setting.checker().threads(threads()).finish_when(any).spawn_bfs().join();
    println!("{}", checker.assert_any_discovery(property));
}
