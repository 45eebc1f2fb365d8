//! FDI §7: in whatever order one address arrives, nobody gets into somebody else's account by it.
//!
//! The attacker may do everything but read the victim's mails, and has no password of the victim's.
//! What is looked at is who can sign in by which login method, and as whom.

mod world;

use proptest::{
    prelude::{Strategy, any},
    prop_oneof,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use world::{Browser, Policy, Step, Who, World};

use crate::harness::cheap_engine;

/// Enough that a run of the tests takes seconds; over the runs they add up.
const CASES: u32 = 100;

fn who() -> impl Strategy<Value = Who> {
    select(vec![Who::Victim, Who::Attacker])
}

fn browser() -> impl Strategy<Value = Browser> {
    select(vec![Browser::SignedOut, Browser::Latest, Browser::Latest, Browser::Oldest])
}

/// The victim has one address, and the attacker tries that one beside its own.
fn named() -> impl Strategy<Value = (Who, Who)> {
    use Who::{Attacker, Victim};
    select(vec![(Victim, Victim), (Victim, Victim), (Attacker, Victim), (Attacker, Attacker)])
}

/// How the address comes first.
fn arrival() -> impl Strategy<Value = Step> {
    use Who::{Attacker, Victim};
    let browser = Browser::SignedOut;
    let social = |who, verified| Step::Social { who, address: Victim, verified, browser };
    select(vec![
        Step::SignUp(Attacker, Victim, browser),
        Step::SignUp(Attacker, Victim, browser),
        Step::SignUp(Victim, Victim, browser),
        Step::Code(Victim, browser),
        social(Attacker, false),
        social(Victim, false),
        social(Victim, true),
    ])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (named(), browser()).prop_map(|((who, of), browser)| Step::SignUp(who, of, browser)),
        2 => (named(), browser()).prop_map(|((who, of), browser)| Step::SignIn(who, of, browser)),
        4 => (who(), browser()).prop_map(|(who, browser)| Step::Code(who, browser)),
        4 => (named(), any::<bool>(), browser()).prop_map(|((who, address), verified, browser)| {
            Step::Social { who, address, verified, browser }
        }),
        3 => who().prop_map(Step::Reset),
        3 => (who(), browser()).prop_map(|(who, browser)| Step::Verify(who, browser)),
        1 => (who(), browser()).prop_map(|(who, browser)| Step::Ask(who, browser)),
        1 => named().prop_map(|(who, address)| Step::Change(who, address)),
    ]
}

#[test]
fn no_order_of_sign_ups_sign_ins_resets_and_verifications_lets_two_people_into_one_account() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let engine = runtime.block_on(cheap_engine());
    let further = proptest::collection::vec(step(), 1..16);
    let strategy = (select(Policy::ALL.to_vec()), arrival(), further);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let run = |(policy, arrival, further): (Policy, Step, Vec<Step>)| {
        runtime.block_on(async {
            let mut world = World::new(&engine, policy).await;
            world.take(arrival).await;
            for step in further {
                world.take(step).await;
            }
            world.check().await.map_err(TestCaseError::fail)
        })
    };
    TestRunner::new(config).run(&strategy, run).unwrap_or_else(|failure| panic!("{failure}"));
}

#[tokio::test]
async fn what_is_looked_for_is_found_where_an_application_links_whatever_has_the_same_address() {
    let engine = cheap_engine().await;
    let lies_in_wait = Step::SignUp(Who::Attacker, Who::Victim, Browser::SignedOut);
    for policy in [Policy::Anything, Policy::AfterConfirmation] {
        let mut world = World::new(&engine, policy).await;
        world.take(lies_in_wait).await;
        let token = world.token(Who::Attacker, Browser::Latest).expect("signed up");
        assert!(world.lives(&token).await.is_some());
        world.check().await.expect("nobody else is there");
        world.take(Step::Code(Who::Victim, Browser::SignedOut)).await;
        assert_eq!(world.check().await.is_err(), matches!(policy, Policy::Anything));
    }
}
