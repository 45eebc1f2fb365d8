//! A browser, a thief, a network and two processes on one database, in random orders.
//!
//! `tests/model` proves in all states what the rules come to. Here the same properties are watched from
//! outside, by true times and by who holds what, while two engines run the rules on a database. The
//! words are those of that model.

use std::{collections::HashMap, ops::Range};

use auth_protocol::{
    Secret,
    session::{RefreshSessionResponse, SessionTokens},
};
use proptest::{prelude::*, sample::Index, test_runner::TestRunner};

use crate::{
    common::TestStorage,
    support::{Bench, GRACE, START_MS, reuse_of, text},
};

/// How far a process's clock is apart from the true time at most.
const SKEW_MS: i64 = 5_000;

fn grace_ms() -> i64 {
    i64::try_from(GRACE.as_millis()).unwrap()
}

/// Until when, after the first one was sent, a request with the same token arrives.
fn window_ms() -> i64 {
    grace_ms() - 2 * SKEW_MS
}

/// For how long after its first use a token may be accepted.
fn bound_ms() -> i64 {
    grace_ms() + 2 * SKEW_MS
}

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    /// The browser sends what its jar holds.
    Ask,
    /// A process answers a request.
    Answer(Index, usize),
    /// The two processes answer one request each, at once.
    Race(Index, Index),
    /// The browser asks, a process answers, and the answer is lost.
    AskInVain(usize),
    /// An answer arrives.
    Arrive(Index),
    Lose(Index),
    /// The thief copies what the jar holds.
    Copy,
    /// The thief presents something to a process.
    Present(Index, usize),
    Wait(i64),
    /// A process's clock goes wrong in another way.
    Skew(usize, i64),
}

fn step() -> impl Strategy<Value = Step> {
    let any = any::<Index>;
    let waits = |range: Range<i64>| range.prop_map(Step::Wait);
    prop_oneof![
        8 => Just(Step::Ask),
        6 => (any(), 0..2_usize).prop_map(|(which, process)| Step::Answer(which, process)),
        3 => (any(), any()).prop_map(|(one, other)| Step::Race(one, other)),
        4 => (0..2_usize).prop_map(Step::AskInVain),
        6 => any().prop_map(Step::Arrive),
        2 => any().prop_map(Step::Lose),
        1 => Just(Step::Copy),
        2 => (any(), 0..2_usize).prop_map(|(which, process)| Step::Present(which, process)),
        3 => waits(0..8_000),
        4 => waits(8_000..35_000),
        1 => waits(3_600_000..3_700_000),
        2 => (0..2_usize, -SKEW_MS..=SKEW_MS).prop_map(|(process, by)| Step::Skew(process, by)),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Owner,
    Thief,
}

/// Something that is on its way; tokens are told by their places in the list of all.
#[derive(Clone, Copy, Debug)]
enum Message {
    Request { token: usize, until_ms: i64 },
    Answer { to: usize, gives: Option<usize> },
}

/// When a token was accepted.
#[derive(Clone, Copy)]
struct Use {
    first_ms: i64,
    by_thief_ms: Option<i64>,
}

struct Run<'b> {
    processes: &'b [Bench; 2],
    now_ms: &'b mut i64,
    skews: [i64; 2],
    /// Whether the browser waits until nothing about an older token is on its way, and asks no longer
    /// with one than it may.
    has_manners: bool,
    session: SessionTokens,
    tokens: Vec<Secret>,
    successors: HashMap<usize, usize>,
    uses: HashMap<usize, Use>,
    jar: Option<usize>,
    asked_ms: Option<i64>,
    net: Vec<Message>,
    loot: Vec<usize>,
    thief_acted: bool,
    has_ended: bool,
}

type Outcome = Result<(), TestCaseError>;

impl<'b> Run<'b> {
    async fn new(processes: &'b [Bench; 2], now_ms: &'b mut i64, has_manners: bool) -> Self {
        let mut run = Self {
            processes,
            now_ms,
            skews: [0; 2],
            has_manners,
            session: processes[0].create().await,
            tokens: Vec::new(),
            successors: HashMap::new(),
            uses: HashMap::new(),
            jar: Some(0),
            asked_ms: None,
            net: Vec::new(),
            loot: Vec::new(),
            thief_acted: false,
            has_ended: false,
        };
        run.tokens.push(run.session.refresh_token.token.clone());
        run.set_clocks();
        run
    }

    fn set_clocks(&self) {
        for (process, skew) in self.processes.iter().zip(self.skews) {
            process.clock.set(*self.now_ms + skew);
        }
    }

    async fn step(&mut self, step: Step) -> Outcome {
        match step {
            Step::Ask => drop(self.ask()),
            Step::AskInVain(process) => {
                if let Some(token) = self.ask() {
                    self.net.pop();
                    let answer = self.processes[process].refresh(&self.tokens[token]).await;
                    self.observe(Who::Owner, token, answer).await?;
                }
            }
            Step::Answer(which, process) => {
                if let Some(token) = self.request(which) {
                    let answer = self.processes[process].refresh(&self.tokens[token]).await;
                    self.answer(token, answer).await?;
                }
            }
            Step::Race(one, other) => {
                let Some(one) = self.request(one) else { return Ok(()) };
                let Some(other) = self.request(other) else {
                    self.net.push(Message::Request { token: one, until_ms: *self.now_ms });
                    return Ok(());
                };
                let [here, there] = self.processes;
                let tokens = (&self.tokens[one], &self.tokens[other]);
                let both = tokio::join!(here.refresh(tokens.0), there.refresh(tokens.1));
                let mut answers = [(one, both.0), (other, both.1)];
                // Which came first isn't known: those that fit are told first, and who found the
                // theft before who found no session.
                answers.sort_by_key(|(token, answer)| {
                    let is_refused = !matches!(answer, RefreshSessionResponse::Ok(_));
                    (is_refused, is_refused && reuse_of(answer).is_none(), *token)
                });
                for (token, answer) in answers {
                    self.answer(token, answer).await?;
                }
            }
            Step::Arrive(which) => {
                if let Some(Message::Answer { gives, .. }) =
                    self.take(which, |message| matches!(message, Message::Answer { .. }))
                    && self.jar != gives
                {
                    (self.jar, self.asked_ms) = (gives, None);
                }
            }
            Step::Lose(which) => drop(self.take(which, |_| true)),
            Step::Copy => self.loot.extend(self.jar),
            Step::Present(which, process) => {
                if !self.loot.is_empty() {
                    let token = self.loot[which.index(self.loot.len())];
                    let answer = self.processes[process].refresh(&self.tokens[token]).await;
                    self.thief_acted = true;
                    let gives = self.observe(Who::Thief, token, answer).await?;
                    self.loot.extend(gives);
                }
            }
            Step::Wait(ms) => {
                *self.now_ms += ms;
                self.set_clocks();
                let now_ms = *self.now_ms;
                self.net.retain(|message| match message {
                    Message::Request { until_ms, .. } => now_ms <= *until_ms,
                    Message::Answer { .. } => true,
                });
            }
            Step::Skew(process, by) => {
                self.skews[process] = by;
                self.set_clocks();
            }
        }
        Ok(())
    }

    /// Sends a request with what the jar holds, where the browser would.
    fn ask(&mut self) -> Option<usize> {
        let token = self.jar?;
        let now_ms = *self.now_ms;
        let asked_ms = self.asked_ms.unwrap_or(now_ms);
        let is_about_it = |message: &Message| match *message {
            Message::Request { token: other, .. } | Message::Answer { to: other, .. } => {
                other == token
            }
        };
        let is_late = now_ms > asked_ms + window_ms();
        if self.has_manners && (is_late || !self.net.iter().all(is_about_it)) {
            return None;
        }
        self.asked_ms = Some(asked_ms);
        let until_ms = if is_late { now_ms } else { asked_ms + window_ms() };
        self.net.push(Message::Request { token, until_ms });
        Some(token)
    }

    fn take(&mut self, which: Index, of: impl Fn(&Message) -> bool) -> Option<Message> {
        let places: Vec<usize> =
            (0..self.net.len()).filter(|place| of(&self.net[*place])).collect();
        (!places.is_empty()).then(|| self.net.remove(places[which.index(places.len())]))
    }

    fn request(&mut self, which: Index) -> Option<usize> {
        match self.take(which, |message| matches!(message, Message::Request { .. }))? {
            Message::Request { token, .. } => Some(token),
            Message::Answer { .. } => None,
        }
    }

    async fn answer(&mut self, to: usize, answer: RefreshSessionResponse) -> Outcome {
        let gives = self.observe(Who::Owner, to, answer).await?;
        self.net.push(Message::Answer { to, gives });
        Ok(())
    }

    /// What an observer thinks who knows the true time and all tokens.
    async fn observe(
        &mut self,
        who: Who,
        token: usize,
        answer: RefreshSessionResponse,
    ) -> Result<Option<usize>, TestCaseError> {
        let RefreshSessionResponse::Ok(next) = answer else {
            self.observe_refusal(who, &answer).await?;
            return Ok(None);
        };
        prop_assert!(!self.has_ended, "the session goes on after its end");
        let next = next.refresh_token.token;
        let gives = if let Some(known) = self.successors.get(&token) {
            prop_assert_eq!(text(&next), text(&self.tokens[*known]), "another successor");
            prop_assert!(!self.uses.contains_key(known), "a stale token is accepted");
            *known
        } else {
            let is_new = self.tokens.iter().all(|known| text(known) != text(&next));
            prop_assert!(is_new, "two tokens have one successor");
            self.tokens.push(next);
            self.successors.insert(token, self.tokens.len() - 1);
            self.tokens.len() - 1
        };
        let now_ms = *self.now_ms;
        let used = self.uses.entry(token).or_insert(Use { first_ms: now_ms, by_thief_ms: None });
        prop_assert!(now_ms - used.first_ms <= bound_ms(), "a used token is accepted for too long");
        match (who, used.by_thief_ms) {
            (Who::Owner, Some(at)) => prop_assert!(now_ms - at <= bound_ms(), "theft is unnoticed"),
            (Who::Thief, None) => used.by_thief_ms = Some(now_ms),
            _ => {}
        }
        Ok(Some(gives))
    }

    async fn observe_refusal(&mut self, who: Who, answer: &RefreshSessionResponse) -> Outcome {
        if std::mem::replace(&mut self.has_ended, true) {
            prop_assert_eq!(reuse_of(answer), None, "the session ends twice");
            return Ok(());
        }
        let is_honest = who == Who::Owner && !self.thief_acted && self.has_manners;
        prop_assert!(!is_honest, "an honest session ends: {answer:?}");
        for process in self.processes {
            let is_there = process.exists(&self.session.session.handle).await;
            prop_assert!(!is_there, "a refused token leaves the session");
        }
        Ok(())
    }
}

#[test]
fn no_order_of_browsers_thieves_and_clocks_breaks_what_the_model_proves() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let storage = TestStorage::new();
    let processes = runtime.block_on(Bench::two_with_clocks(&storage));
    let now_ms = std::cell::Cell::new(START_MS);
    let steps = (any::<bool>(), prop::collection::vec(step(), 1..60));
    TestRunner::new(ProptestConfig::with_cases(200))
        .run(&steps, |(has_manners, steps)| {
            let mut at_ms = now_ms.get();
            let outcome = runtime.block_on(async {
                // The same user's other device.
                let device = processes[1].create().await;
                let mut run = Run::new(&processes, &mut at_ms, has_manners).await;
                for step in steps {
                    run.step(step).await?;
                }
                let handle = &device.session.handle;
                prop_assert!(processes[0].exists(handle).await, "another session ends");
                processes[1].refreshed(&device.refresh_token.token).await;
                Ok(())
            });
            now_ms.set(at_ms);
            outcome
        })
        .unwrap();
}
