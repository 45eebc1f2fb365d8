//! Random sequences of what can happen to a session, against a small model of the rules.

use auth_protocol::{
    Secret,
    session::{RefreshSessionResponse, RemoveSessions, SessionTokens, TokenReuse},
};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

use crate::support::{Bench, reuse_of, text};

const HOUR_MS: i64 = 3_600_000;

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A token of any age is presented.
    Refresh(Index),
    /// Two requests present the same token at once.
    Race(Index),
    /// The clock goes on, or is set forward or back; far enough that keys rotate.
    Clock(i64),
    /// The session is revoked.
    Revoke,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => any::<Index>().prop_map(Step::Refresh),
        4 => any::<Index>().prop_map(Step::Race),
        6 => (-40_000_i64..40_000).prop_map(Step::Clock),
        1 => prop_oneof![Just(200 * HOUR_MS), Just(-200 * HOUR_MS)].prop_map(Step::Clock),
        1 => Just(Step::Revoke),
    ]
}

/// What the rules say of a session, told in generations instead of digests.
#[derive(Default)]
struct Model {
    current: usize,
    previous: Option<(usize, i64)>,
    /// The token that each token was made from.
    parents: Vec<Option<usize>>,
    has_ended: bool,
}

impl Model {
    fn allows(&self, presented: usize, now_ms: i64) -> bool {
        let in_grace = |(previous, at)| previous == presented && now_ms - at <= 30_000;
        !self.has_ended && (presented == self.current || self.previous.is_some_and(in_grace))
    }

    /// A token that isn't allowed is theft, unless the session is over anyway.
    fn refused(&mut self, presented: usize) -> Option<TokenReuse> {
        if std::mem::replace(&mut self.has_ended, true) {
            return None;
        }
        let previous = self.previous.map(|(previous, _)| previous);
        Some(if previous == Some(presented) {
            TokenReuse::RecentPrev
        } else if previous.is_some() && self.parents[presented] == previous {
            TokenReuse::OrphanedBranch
        } else {
            TokenReuse::StaleLineage
        })
    }

    /// Whether the token is followed by a new one; else the current one follows it already.
    fn refreshed(&mut self, presented: usize, now_ms: i64) -> bool {
        if presented != self.current {
            return false;
        }
        self.previous = Some((presented, now_ms));
        self.current = self.parents.len();
        self.parents.push(Some(presented));
        true
    }
}

/// A session, and what the model thinks of it.
struct Run<'b> {
    bench: &'b Bench,
    first: SessionTokens,
    tokens: Vec<Secret>,
    model: Model,
}

impl Run<'_> {
    fn now_ms(&self) -> i64 {
        self.bench.clock.now_ms()
    }

    async fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Clock(by_ms) => self.bench.clock.set(self.now_ms() + by_ms),
            Step::Revoke => {
                let handles = vec![self.first.session.handle.clone()];
                let revoke =
                    RemoveSessions { session_handles: Some(handles), ..RemoveSessions::default() };
                self.bench.ask(revoke).await;
                self.model.has_ended = true;
            }
            Step::Refresh(which) => {
                let which = which.index(self.tokens.len());
                let answer = self.bench.refresh(&self.tokens[which]).await;
                self.check(which, answer)?;
            }
            Step::Race(which) => {
                let which = which.index(self.tokens.len());
                let token = self.tokens[which].clone();
                let (one, two) =
                    tokio::join!(self.bench.refresh(&token), self.bench.refresh(&token));
                for answer in Self::in_their_order(one, two) {
                    self.check(which, answer)?;
                }
            }
        }
        Ok(())
    }

    /// Of two requests who finds the theft comes before who finds no session; two that get a token
    /// get the same.
    fn in_their_order(
        one: RefreshSessionResponse,
        two: RefreshSessionResponse,
    ) -> [RefreshSessionResponse; 2] {
        if reuse_of(&one).is_none() { [two, one] } else { [one, two] }
    }

    fn check(&mut self, which: usize, answer: RefreshSessionResponse) -> Result<(), TestCaseError> {
        if let RefreshSessionResponse::Ok(next) = answer {
            prop_assert!(self.model.allows(which, self.now_ms()));
            let next = next.refresh_token.token;
            if self.model.refreshed(which, self.now_ms()) {
                let is_new = self.tokens.iter().all(|known| text(known) != text(&next));
                prop_assert!(is_new);
                self.tokens.push(next);
            } else {
                prop_assert_eq!(text(&next), text(&self.tokens[self.model.current]));
            }
        } else {
            prop_assert!(!self.model.allows(which, self.now_ms()), "{answer:?}");
            prop_assert_eq!(reuse_of(&answer), self.model.refused(which));
        }
        Ok(())
    }
}

/// All sessions live in one database, as they would.
#[test]
fn cdi_2_6_theft_is_found_exactly_when_there_was_one() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let bench = runtime.block_on(Bench::new());
    let steps = prop::collection::vec(step(), 1..16);
    TestRunner::new(ProptestConfig::with_cases(128))
        .run(&steps, |steps| {
            runtime.block_on(async {
                let first = bench.create().await;
                let tokens = vec![first.refresh_token.token.clone()];
                let model = Model { parents: vec![None], ..Model::default() };
                let mut run = Run { bench: &bench, first, tokens, model };
                for step in steps {
                    run.step(step).await?;
                }
                Ok(())
            })
        })
        .unwrap();
}
