//! The rules with a mistake in them, each of which the model must find.

use crate::{
    check::break_it,
    properties::{BOUND, ENDS, HONEST, NO_STALE, NOTICED, ONE_LINE, ONE_SUCCESSOR},
    rules::{self, Chain, Decision, Presented},
    server::{Rules, Shown},
    world::{Setting, Token},
};

type Row = Chain<Token>;

fn honest(rules: Rules) -> Setting {
    Setting { rules, ..Setting::new(3, 1) }
}

fn with_thief(rules: Rules) -> Setting {
    Setting { has_thief: true, persistent: true, messages: 2, ..honest(rules) }
}

fn ours(decide: fn(&Row, &Shown, i64, i64) -> Decision<Token>) -> Rules {
    Rules { decide, ..Rules::OURS }
}

fn is_previous(row: &Row, shown: &Shown) -> bool {
    row.previous.as_ref().is_some_and(|previous| shown.is(previous))
}

#[test]
fn any_old_token_is_excused() {
    let rules = ours(|row, shown, now, grace| match rules::decide(row, shown, now, grace) {
        Decision::Ended(_) => Decision::Repeated,
        other => other,
    });
    break_it(with_thief(rules), NO_STALE);
    break_it(with_thief(rules), BOUND);
    break_it(with_thief(rules), NOTICED);
    break_it(with_thief(rules), ONE_LINE);
}

/// Any old token within the grace period of the newest.
#[test]
fn any_old_token_is_excused_within_the_grace_period() {
    let rules = ours(|row, shown, now, grace| {
        let is_recent = row.rotated_at_ms.is_some_and(|at| now <= at + grace);
        match rules::decide(row, shown, now, grace) {
            Decision::Ended(_) if is_recent => Decision::Repeated,
            other => other,
        }
    });
    break_it(with_thief(rules), NO_STALE);
    break_it(with_thief(rules), ONE_LINE);
}

#[test]
fn the_window_slides_with_each_use() {
    let rules = ours(|row, shown, now, grace| match rules::decide(row, shown, now, grace) {
        Decision::Repeated => Decision::Rotated(Row { rotated_at_ms: Some(now), ..row.clone() }),
        other => other,
    });
    break_it(with_thief(rules), BOUND);
    break_it(with_thief(rules), NOTICED);
}

/// As the reference does: the last one that was made is the current one.
#[test]
fn a_successor_is_made_at_random() {
    let decide = |row: &Row, shown: &Shown, now, grace| match rules::decide(row, shown, now, grace)
    {
        Decision::Repeated => Decision::Rotated(Row { current: shown.next(), ..row.clone() }),
        other => other,
    };
    let rules = Rules { derives: false, ..ours(decide) };
    break_it(honest(rules), HONEST);
    break_it(honest(rules), ONE_SUCCESSOR);
}

/// And those before it are good as well: two chains.
#[test]
fn siblings_live_side_by_side() {
    let decide = |row: &Row, shown: &Shown, now, grace| {
        let is_sibling = shown.token.generation == row.current.generation;
        match rules::decide(row, shown, now, grace) {
            Decision::Repeated => Decision::Rotated(Row { current: shown.next(), ..row.clone() }),
            Decision::Ended(_) if is_sibling => Decision::Rotated(Row {
                current: shown.next(),
                previous: Some(shown.token),
                rotated_at_ms: Some(now),
            }),
            other => other,
        }
    };
    let rules = Rules { derives: false, ..ours(decide) };
    break_it(with_thief(rules), ONE_LINE);
    break_it(with_thief(rules), ONE_SUCCESSOR);
}

#[test]
fn the_token_before_is_never_excused() {
    let rules = ours(|row, shown, now, _| rules::decide(row, shown, now, i64::MIN / 2));
    break_it(honest(rules), HONEST);
}

/// The token before is good until the one that follows it is used, however long that takes.
#[test]
fn the_token_before_is_excused_for_ever() {
    let rules = ours(|row, shown, now, _| rules::decide(row, shown, now, i64::MAX / 2));
    break_it(with_thief(rules), BOUND);
    break_it(with_thief(rules), NOTICED);
}

#[test]
fn theft_leaves_the_session() {
    let rules = Rules { ends: false, ..Rules::OURS };
    break_it(with_thief(rules), ENDS);
}

/// Only a token that is too old by two generations ends it.
#[test]
fn the_token_before_is_refused_and_the_session_goes_on() {
    // Given out: nothing, as the row is written as it is.
    let rules = ours(|row, shown, now, grace| match rules::decide(row, shown, now, grace) {
        Decision::Ended(_) if is_previous(row, shown) => Decision::Repeated,
        other => other,
    });
    break_it(with_thief(rules), BOUND);
    break_it(with_thief(rules), NOTICED);
}

/// The window begins when a token was made, not when it was used.
#[test]
fn the_window_is_measured_from_the_making_of_the_token() {
    let rules = ours(|row, shown, now, grace| match rules::decide(row, shown, now, grace) {
        Decision::Rotated(next) if row.rotated_at_ms.is_some() => {
            Decision::Rotated(Row { rotated_at_ms: row.rotated_at_ms, ..next })
        }
        other => other,
    });
    break_it(honest(rules), HONEST);
}

#[test]
fn the_time_is_what_the_request_says() {
    let rules = Rules { own_clock: false, ..Rules::OURS };
    break_it(with_thief(rules), BOUND);
}
