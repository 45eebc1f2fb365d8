//! FDI §7: in whatever order the ways in arrive that have one address, whose they are then is what a
//! [table](table) says.

mod model;
mod table;
mod world;

use auth_engine::Engine;
use futures_util::future::join_all;
use model::Model;
use proptest::{
    prelude::{Just, Strategy, any},
    prop_oneof,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use table::{Arrival, First, Outcome, Policy, Table, rows};
use world::{Session, World};

use crate::harness::cheap_engine;

/// So many applications of a policy share its cells: most of the time of a reset is that its mail is late
/// on purpose.
const LANES: usize = 4;
/// Enough that a run of the tests takes seconds; over the runs they add up.
const CASES: u32 = 40;
const PAGE: &str = include_str!("../../../docs/recipes/accountlinking.md");

type Play = (First, Arrival, Session, Outcome);

/// What is played of a policy's cells.
fn plays(table: &Table, policy: Policy) -> Vec<Play> {
    let cells = table.cells().filter(|cell| cell.2 == policy);
    let plays = cells.flat_map(|(first, arrival, _, cell)| {
        let is_mail = matches!(arrival, Arrival::Link | Arrival::Reset);
        let sessions = match () {
            () if first == First::Nothing => &[Session::None][..],
            // A session that isn't wanted is left out before a policy is asked: one of them is enough.
            () if is_mail || policy != Policy::YesProved => &[Session::None, Session::Wanted],
            () => &[Session::None, Session::NotWanted, Session::Wanted],
        };
        sessions.iter().map(move |session| match session {
            Session::Wanted => (first, arrival, *session, cell.in_session),
            Session::None | Session::NotWanted => (first, arrival, *session, cell.signed_out),
        })
    });
    plays.collect()
}

/// What comes to something else, in one application.
async fn play(engine: &Engine, policy: Policy, plays: Vec<Play>) -> Vec<String> {
    let mut differing = Vec::new();
    let mut world = World::new(engine, policy).await;
    for (first, arrival, session, wanted) in plays {
        world.take_another_address();
        world.begin(first).await;
        let is = world.arrive(arrival, session).await;
        if is != wanted {
            let text = format!("{first} | {arrival} | {policy}, {session:?}: {is}, not {wanted}");
            differing.push(text);
        }
    }
    differing
}

#[tokio::test]
async fn each_arrival_of_an_address_comes_to_what_the_table_says() {
    let (engine, table) = (&cheap_engine().await, Table::read());
    let lanes = Policy::ALL.iter().flat_map(|policy| {
        let plays = plays(&table, *policy);
        let share = plays.len().div_ceil(LANES);
        let shares: Vec<_> = plays.chunks(share).map(<[Play]>::to_vec).collect();
        shares.into_iter().map(|share| play(engine, *policy, share))
    });
    let differing = join_all(lanes).await.concat();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn the_page_for_users_says_what_the_table_says() {
    let table = Table::read();
    let part = PAGE.split("## Which sign-in ends as which user").nth(1).expect("a part of its own");
    let part = part.split("\n## ").next().unwrap_or_default();
    for ([first, arrival], cells) in rows(part) {
        for (policy, cell) in cells {
            let wanted = table.cell(First::named(&first), Arrival::named(&arrival), policy);
            let told = cell.signed_out;
            assert_eq!(told, wanted.signed_out, "{first} | {arrival} | {policy}");
        }
    }
}

#[test]
fn every_sequence_of_arrivals_goes_by_the_table() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (engine, table) = (runtime.block_on(cheap_engine()), Table::read());
    let arrival = prop_oneof![
        12 => select(Arrival::ALL.to_vec()).prop_filter("resets take long", |arrival| {
            *arrival != Arrival::Reset
        }),
        1 => Just(Arrival::Reset),
    ];
    let sequence = proptest::collection::vec((arrival, any::<bool>()), 2..9);
    let strategy = (select(Policy::ALL.to_vec()), sequence);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let run = |(policy, sequence): (Policy, Vec<(Arrival, bool)>)| {
        runtime.block_on(async {
            let mut world = World::new(&engine, policy).await;
            let mut model = Model::new(&table, policy);
            for (number, (arrival, wanted)) in sequence.into_iter().enumerate() {
                let wanted = wanted && model.knows_sessions(arrival);
                let session = if wanted { Session::Wanted } else { Session::None };
                let (said, is) =
                    (model.arrive(arrival, session), world.arrive(arrival, session).await);
                if said != is {
                    let text = format!("{number}: {arrival}, {session:?}: {is}, not {said}");
                    return Err(TestCaseError::fail(text));
                }
            }
            Ok(())
        })
    };
    TestRunner::new(config).run(&strategy, run).unwrap_or_else(|failure| panic!("{failure}"));
}
