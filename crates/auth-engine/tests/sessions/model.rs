//! Refreshes in any order at any time, against a small model of the rules.

use std::time::Duration;

use auth_protocol::session::RefreshSessionResponse;
use proptest::{prelude::*, test_runner::TestRunner};

use crate::support::Bench;

/// What the rules say of a session, told in generations instead of digests.
#[derive(Default)]
struct Model {
    current: usize,
    previous: Option<(usize, u64)>,
}

impl Model {
    fn allows(&self, presented: usize, now_ms: u64) -> bool {
        let in_grace = |(previous, at)| previous == presented && now_ms - at <= 30_000;
        presented == self.current || self.previous.is_some_and(in_grace)
    }

    fn refreshed(&mut self, presented: usize, next: usize, now_ms: u64) {
        if presented == self.current {
            self.previous = Some((presented, now_ms));
        }
        self.current = next;
    }
}

/// Presents tokens of any age at any time. All sessions live in one database, as they would.
#[test]
fn cdi_2_6_theft_is_found_exactly_when_the_rules_say_so() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bench = runtime.block_on(Bench::new());
    let steps = prop::collection::vec((any::<prop::sample::Index>(), 0_u64..40_000), 1..12);
    TestRunner::new(ProptestConfig::with_cases(64))
        .run(&steps, |steps| {
            runtime.block_on(async {
                let mut tokens = vec![bench.create().await.refresh_token.token];
                let mut model = Model::default();
                let mut now_ms = 0;
                for (which, wait_ms) in steps {
                    bench.clock.advance(Duration::from_millis(wait_ms));
                    now_ms += wait_ms;
                    let which = which.index(tokens.len());
                    let answer = bench.refresh(&tokens[which]).await;
                    let allowed = model.allows(which, now_ms);
                    let RefreshSessionResponse::Ok(next) = answer else {
                        prop_assert!(!allowed, "{answer:?}");
                        return Ok(());
                    };
                    prop_assert!(allowed);
                    model.refreshed(which, tokens.len(), now_ms);
                    tokens.push(next.refresh_token.token);
                }
                Ok(())
            })
        })
        .unwrap();
}
