//! What a refresh does to a session's tokens, as one function of the row, the token and the time.
//!
//! Nothing else decides: [`rotation`](super::rotation) writes down what is decided here. This file
//! stands alone, so that `tests/model` compiles it a second time and looks at every order of what
//! browsers, thieves, networks and clocks can do to it.

use auth_protocol::session::TokenReuse;

/// What a session's row says of its refresh tokens. `T` stands for one: its digest in the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Chain<T> {
    pub(super) current: T,
    /// The token that the current one follows.
    pub(super) previous: Option<T>,
    /// When it was replaced, by the clock of the process that did it.
    pub(super) rotated_at_ms: Option<i64>,
}

/// A token that somebody presents.
pub(super) trait Presented<T> {
    /// Itself, as a row keeps it.
    fn own(&self) -> T;
    /// The one that follows it, which is the same whoever asks.
    fn next(&self) -> T;
    /// Whether it is the one that a row keeps.
    fn is(&self, kept: &T) -> bool;
    /// Whether it was made from the one that a row keeps.
    fn descends_from(&self, kept: &T) -> bool;
}

/// What becomes of a session whose token is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision<T> {
    /// It goes on with the next token; the row is to say this.
    Rotated(Chain<T>),
    /// It goes on with the token that it has, which is given out again; nothing is written.
    Repeated,
    /// It ends: the token was used before, by somebody else for all that is known.
    Ended(TokenReuse),
}

/// The rules of CDI §2.6. The current token is replaced by its use. The one before it gets the
/// current one once more, until the grace period has passed since it was replaced. Any other, and
/// that one later, was used by two parties.
///
/// The grace period is never prolonged: it begins when the token is used for the first time.
pub(super) fn decide<T>(
    chain: &Chain<T>,
    presented: &impl Presented<T>,
    now_ms: i64,
    grace_ms: i64,
) -> Decision<T> {
    // A child that a core of the older kind made follows the current token, too.
    if presented.is(&chain.current) || presented.descends_from(&chain.current) {
        return Decision::Rotated(Chain {
            current: presented.next(),
            previous: Some(presented.own()),
            rotated_at_ms: Some(now_ms),
        });
    }
    let Some(previous) = &chain.previous else { return Decision::Ended(TokenReuse::StaleLineage) };
    let is_within_grace = chain
        .rotated_at_ms
        .is_some_and(|rotated_at_ms| now_ms <= rotated_at_ms.saturating_add(grace_ms));
    match (presented.is(previous), is_within_grace) {
        (true, true) => Decision::Repeated,
        (true, false) => Decision::Ended(TokenReuse::RecentPrev),
        (false, _) if presented.descends_from(previous) => {
            Decision::Ended(TokenReuse::OrphanedBranch)
        }
        (false, _) => Decision::Ended(TokenReuse::StaleLineage),
    }
}
