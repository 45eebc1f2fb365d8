//! Where what holds ends: one step further, and it doesn't.

use crate::{
    check::break_it,
    properties::{BOUND, HONEST},
    world::Setting,
};

/// The window is the grace period without twice the skew, and no tick more.
#[test]
fn a_request_one_tick_after_the_window_may_end_the_session() {
    for (grace, skew) in [(3, 0), (3, 1)] {
        let setting = Setting::new(grace, skew);
        break_it(Setting { window: setting.window + 1, ..setting }, HONEST);
    }
}

/// Clocks that are further apart than was thought.
#[test]
fn clocks_further_apart_than_the_window_allows_for_may_end_the_session() {
    break_it(Setting { window: 3, ..Setting::new(3, 1) }, HONEST);
}

/// A browser that refreshes the new token while a message about the old one is on its way: a
/// request that was late comes two generations late, or an answer that was late brings back a token
/// that isn't current.
#[test]
fn a_browser_that_refreshes_twice_while_a_message_is_on_its_way_may_end_its_session() {
    break_it(Setting { overlapping: true, ..Setting::new(3, 1) }, HONEST);
}

/// Two honest parties who copied one token are to each other what a thief is.
#[test]
fn two_jars_of_one_session_end_it() {
    break_it(Setting { jars: 2, ..Setting::new(3, 0) }, HONEST);
}

/// A token may be accepted at the bound itself.
#[test]
fn the_bound_is_no_tick_less() {
    for (grace, skew) in [(2, 0), (3, 1)] {
        let setting = Setting { has_thief: true, ..Setting::new(grace, skew) };
        break_it(Setting { bound: setting.bound - 1, ..setting }, BOUND);
    }
}
