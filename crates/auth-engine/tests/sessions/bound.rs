//! How many sessions a user may have at once.

use std::time::Duration;

use auth_engine::{Clock, Engine, EngineConfig, EngineError, TooManySessions};
use auth_protocol::{SessionHandle, TenantScope, session::*};

use crate::{
    common::TestStorage,
    support::{Bench, SESSION_LIFE, START_MS, create},
};

async fn bench(storage: &TestStorage, most: Option<u32>, too_many: TooManySessions) -> Bench {
    let clock = Clock::manual(START_MS);
    let config = storage.config().max_sessions_per_user(most).too_many_sessions(too_many);
    let config = config.signing_algorithm(auth_engine::SigningAlgorithm::EdDsa);
    Bench { engine: Engine::open(config.clock(clock.clone())).await.unwrap(), clock }
}

async fn start(bench: &Bench, user: &str) -> Option<SessionHandle> {
    bench.clock.advance(Duration::from_secs(1));
    handle_of(bench.ask(create(user)).await)
}

fn handle_of(answer: CreateSessionResponse) -> Option<SessionHandle> {
    match answer {
        CreateSessionResponse::Ok(tokens) => Some(tokens.session.handle),
        CreateSessionResponse::TooManySessions => None,
    }
}

async fn sessions(bench: &Bench, user: &str) -> Vec<SessionHandle> {
    let list = ListSessionHandles {
        user_id: user.into(),
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    };
    let ListSessionHandlesResponse::Ok { session_handles } = bench.ask(list).await;
    session_handles
}

#[tokio::test]
async fn the_oldest_session_ends_where_there_would_be_too_many() {
    let storage = TestStorage::new();
    let free = bench(&storage, None, TooManySessions::EndOldest).await;
    let mut started = Vec::new();
    for _ in 0..5 {
        started.push(start(&free, "ada").await.unwrap());
    }
    let other = start(&free, "bob").await.unwrap();
    storage.execute("INSERT INTO tenants VALUES ('public', 'other', 0)");

    let bound = bench(&storage, Some(3), TooManySessions::EndOldest).await;
    bound.clock.set(free.clock.now_ms());
    // Those that run already give way, too; those of another user don't.
    started.push(start(&bound, "ada").await.unwrap());
    assert_eq!(sessions(&bound, "ada").await, started[3..]);
    // One in another tenant counts.
    bound.clock.advance(Duration::from_secs(1));
    let tenant = TenantScope { tenant: "other".into(), ..TenantScope::default() };
    let answer = bound.engine.handle(&tenant, create("ada")).await.unwrap();
    started.push(handle_of(answer).unwrap());
    assert_eq!(sessions(&bound, "ada").await, started[4..]);
    assert!(bound.exists(&other).await);
}

#[tokio::test]
async fn a_new_session_is_refused_where_it_would_be_one_too_many() {
    let storage = TestStorage::new();
    let bench = bench(&storage, Some(2), TooManySessions::RefuseNew).await;
    let first = start(&bench, "ada").await.unwrap();
    start(&bench, "ada").await.unwrap();
    assert_eq!(start(&bench, "ada").await, None);
    assert_eq!(sessions(&bench, "ada").await.len(), 2);
    start(&bench, "bob").await.unwrap();
    let revoke = RemoveSessions { session_handles: Some(vec![first]), ..RemoveSessions::default() };
    bench.ask(revoke).await;
    start(&bench, "ada").await.unwrap();
    // Sessions that have expired don't count, whether or not their rows are there.
    bench.clock.advance(SESSION_LIFE + Duration::from_secs(2));
    start(&bench, "ada").await.unwrap();
    start(&bench, "ada").await.unwrap();
    assert_eq!(start(&bench, "ada").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_never_exceed_it_by_one() {
    for (too_many, started) in [(TooManySessions::EndOldest, 32), (TooManySessions::RefuseNew, 5)] {
        let storage = TestStorage::new();
        let one = bench(&storage, Some(5), too_many).await;
        let two = bench(&storage, Some(5), too_many).await;
        let all = (0..32).map(|number| {
            let bench = if number % 2 == 0 { &one } else { &two };
            bench.ask(create("ada"))
        });
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.into_iter().filter_map(handle_of).count(), started, "{too_many:?}");
        assert_eq!(sessions(&one, "ada").await.len(), 5, "{too_many:?}");
    }
}

#[tokio::test]
async fn a_bound_of_none_at_all_is_refused_at_the_start() {
    for most in [0, 10_001] {
        let url = test_postgres::url_for_this_test().parse().unwrap();
        let refused = Engine::open(EngineConfig::new(url).max_sessions_per_user(Some(most))).await;
        let Err(EngineError::Config(error)) = refused else { panic!() };
        assert!(error.to_string().contains("max_sessions_per_user"), "{error}");
    }
}
