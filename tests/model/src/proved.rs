//! What holds.

use crate::{
    check::{prove, prove_but},
    properties::HONEST,
    world::Setting,
};

/// (a), (d) Many requests at once.
#[test]
fn a_browsers_requests_in_any_order_never_end_its_session() {
    prove(Setting { messages: 7, ..Setting::new(3, 1) });
    // The same in finer ticks.
    prove(Setting { messages: 6, ..Setting::new(12, 3) });
}

/// (a), (d) Where clocks agree, the window is the whole grace period.
#[test]
fn clocks_that_agree_leave_the_whole_grace_period() {
    prove(Setting { messages: 6, ..Setting::new(6, 0) });
}

/// (d) Who asks again beyond the window may find its session ended, and that alone.
#[test]
fn a_lost_answer_costs_a_session_beyond_the_window_only() {
    prove(Setting { messages: 5, persistent: true, ..Setting::new(6, 1) });
}

/// (b), (c) With a thief who copies at any time, and a client that never gives up.
#[test]
fn a_thief_and_the_owner_never_both_go_on_unnoticed() {
    prove(Setting { has_thief: true, persistent: true, messages: 4, ..Setting::new(3, 1) });
}

/// (b), (c) The same with a client that asks as it likes, and with two that have copies of one token.
#[test]
fn not_even_clients_without_manners_make_two_chains() {
    let setting = Setting { overlapping: true, persistent: true, ..Setting::new(2, 0) };
    prove_but(Setting { has_thief: true, messages: 2, ..setting.clone() }, &[HONEST]);
    prove_but(Setting { jars: 2, messages: 3, ..setting }, &[HONEST]);
}
