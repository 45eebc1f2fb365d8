//! Budgets, as those take from them who guard something that can be guessed.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::time::Duration;

use auth_engine::{Engine, EngineError};
use auth_protocol::{TenantScope, limits::*};
use common::{START_MS, Test, TestStorage, public, two_engines};

const MINUTE_MS: i64 = 60_000;

fn budget(name: &str, subject: &str, most: u32) -> BudgetToTake {
    let (name, subject) = (name.into(), subject.into());
    BudgetToTake { name, subject, most, refill_interval_ms: 60_000, cost: 1 }
}

fn restore(budget: &BudgetToTake, taken_at_ms: Option<i64>) -> BudgetToRestore {
    let BudgetToTake { name, subject, most, refill_interval_ms, cost } = budget.clone();
    BudgetToRestore { name, subject, taken_at_ms, most, refill_interval_ms, cost }
}

impl Test {
    /// What is left of each, or how many seconds each lacks.
    async fn take(&self, budgets: &[BudgetToTake]) -> Result<Vec<u32>, Vec<i64>> {
        match self.run(TakeFromBudgets { budgets: budgets.to_vec() }).await {
            TakeFromBudgetsResponse::Ok { left, taken_at_ms } => {
                assert_eq!(taken_at_ms, self.clock.now_ms());
                Ok(left)
            }
            TakeFromBudgetsResponse::LimitReachedError { retry_after_ms } => {
                Err(retry_after_ms.iter().map(|ms| (ms + 999) / 1000).collect())
            }
        }
    }

    async fn restore(&self, budgets: Vec<BudgetToRestore>) {
        assert_eq!(self.run(RestoreBudgets { budgets }).await, RestoreBudgetsResponse::Ok);
    }
}

#[tokio::test]
async fn a_budget_is_used_up_and_refilled_steadily() {
    let test = Test::new().await;
    let one = [budget("signIn/account", "ada", 3)];
    for left in [2, 1, 0] {
        assert_eq!(test.take(&one).await, Ok(vec![left]));
    }
    assert_eq!(test.take(&one).await, Err(vec![60]));
    test.clock.advance(Duration::from_millis(59_999));
    assert_eq!(test.take(&one).await, Err(vec![1]));
    test.clock.advance(Duration::from_millis(1));
    assert_eq!(test.take(&one).await, Ok(vec![0]));
    test.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(test.take(&one).await, Ok(vec![2]));
    // Others have theirs.
    for other in [
        budget("signIn/account", "bob", 3),
        budget("signIn/address", "ada", 3),
        BudgetToTake { cost: 3, ..budget("signIn/account", "eve", 3) },
    ] {
        assert_eq!(test.take(std::slice::from_ref(&other)).await, Ok(vec![3 - other.cost]));
    }
}

#[tokio::test]
async fn it_is_taken_from_all_budgets_or_from_none_in_whatever_order_they_are_named() {
    let test = Test::new().await;
    let [large, small, other] =
        [budget("a", "ada", 10), budget("b", "ada", 1), budget("c", "ada", 10)];
    let [all, reversed] = [[&large, &small, &other], [&other, &small, &large]]
        .map(|list| list.map(Clone::clone).to_vec());
    assert_eq!(test.take(&all).await, Ok(vec![9, 0, 9]));
    for list in [&all, &reversed] {
        for _ in 0..3 {
            assert_eq!(test.take(list).await, Err(vec![0, 60, 0]));
        }
    }
    assert_eq!(test.take(std::slice::from_ref(&large)).await, Ok(vec![8]));
    assert_eq!(test.take(std::slice::from_ref(&other)).await, Ok(vec![8]));
    // Of several that are empty each is told.
    let costly = BudgetToTake { cost: 10, ..large };
    assert_eq!(test.take(&[small, other, costly]).await, Err(vec![60, 0, 120]));
}

#[tokio::test]
async fn what_is_given_back_is_there_again_and_not_twice() {
    let test = Test::new().await;
    let one = budget("signIn/account", "ada", 2);
    let taken_at_ms = test.clock.now_ms();
    assert_eq!(test.take(std::slice::from_ref(&one)).await, Ok(vec![1]));
    assert_eq!(test.take(std::slice::from_ref(&one)).await, Ok(vec![0]));
    test.restore(vec![restore(&one, Some(taken_at_ms))]).await;
    assert_eq!(test.take(std::slice::from_ref(&one)).await, Ok(vec![0]));
    // It has come back by itself meanwhile.
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(test.take(std::slice::from_ref(&one)).await, Ok(vec![0]));
    test.restore(vec![restore(&one, Some(taken_at_ms))]).await;
    assert!(test.take(std::slice::from_ref(&one)).await.is_err());
    test.restore(vec![restore(&one, None), restore(&budget("x", "ada", 2), None)]).await;
    assert_eq!(test.take(&[one]).await, Ok(vec![1]));
}

#[tokio::test]
async fn a_clock_that_jumps_locks_nobody_out_and_gives_nothing_away() {
    let test = Test::new().await;
    let one = [budget("signIn/account", "ada", 2)];
    let year = Duration::from_secs(365 * 24 * 3600);
    test.clock.advance(year);
    assert_eq!(test.take(&one).await, Ok(vec![1]));
    assert_eq!(test.take(&one).await, Ok(vec![0]));
    test.clock.set(START_MS);
    for _ in 0..3 {
        assert_eq!(test.take(&one).await, Err(vec![60]));
    }
    test.clock.advance(Duration::from_secs(60));
    assert_eq!(test.take(&one).await, Ok(vec![0]));
    assert_eq!(test.take(&one).await, Err(vec![60]));
    for now_ms in [i64::MIN, -1, 0, i64::MAX, i64::MAX - 1, START_MS] {
        test.clock.set(now_ms);
        let taken = test.run(TakeFromBudgets { budgets: one.to_vec() }).await;
        let budgets = vec![restore(&one[0], Some(now_ms)), restore(&budget("y", "z", 1), None)];
        test.restore(budgets).await;
        test.engine.delete_expired().await.unwrap();
        println!("{now_ms}: {taken:?}");
    }
    // By a little, as clocks of several processes differ: what was there then is waited for.
    let bob = [budget("signIn/account", "bob", 2)];
    assert_eq!(test.take(&bob).await, Ok(vec![1]));
    assert_eq!(test.take(&bob).await, Ok(vec![0]));
    test.clock.set(START_MS - 2 * MINUTE_MS);
    assert_eq!(test.take(&bob).await, Err(vec![180]));
}

#[tokio::test]
async fn rows_are_digests_and_go_when_they_say_nothing_any_more() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.take(&[budget("signIn/account", "ada@example.com", 5)]).await.unwrap();
    assert_eq!(storage.count("budgets"), 1);
    assert!(storage.tables_with(&["ada@example.com"]).is_empty());
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("budgets"), 1);
    test.clock.advance(Duration::from_millis(60_001));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("budgets"), 0);
}

#[tokio::test]
async fn a_refusal_is_written_down_once_until_the_budget_gives_again() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let both = [budget("signIn/account", "ada", 1), budget("signIn/address", "home", 9)];
    let told = || {
        storage.lines(
            "SELECT kind || ' ' || outcome || ' ' || facts FROM audit_log_entries ORDER BY position",
        )
    };
    test.take(&both).await.unwrap();
    assert!(told().is_empty());
    for round in 1..3 {
        for _ in 0..5 {
            test.take(&both).await.unwrap_err();
        }
        let line = r#"limit_reached refused {"budget":"signIn/account"}"#.to_owned();
        assert_eq!(told(), vec![line; round]);
        test.clock.advance(Duration::from_secs(60));
        test.take(&both).await.unwrap();
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let test = Test::new().await;
    let good = budget("signIn/account", "ada", 2);
    let long = "x".repeat(513);
    for (wrong, names) in [
        (BudgetToTake { name: String::new(), ..good.clone() }, "name"),
        (BudgetToTake { name: "x".repeat(49), ..good.clone() }, "name"),
        (BudgetToTake { name: "a b".into(), ..good.clone() }, "name"),
        (BudgetToTake { subject: String::new(), ..good.clone() }, "subject"),
        (BudgetToTake { subject: long, ..good.clone() }, "subject"),
        (BudgetToTake { most: 0, ..good.clone() }, "most"),
        (BudgetToTake { most: 1_000_001, ..good.clone() }, "most"),
        (BudgetToTake { cost: 0, ..good.clone() }, "cost"),
        (BudgetToTake { cost: 3, ..good.clone() }, "cost"),
        (BudgetToTake { refill_interval_ms: 0, ..good.clone() }, "refillIntervalMs"),
        (BudgetToTake { refill_interval_ms: u64::MAX, ..good.clone() }, "refillIntervalMs"),
    ] {
        let budgets = vec![restore(&wrong, None)];
        assert!(test.refused(RestoreBudgets { budgets }).await.contains(names));
        let text = test.refused(TakeFromBudgets { budgets: vec![wrong] }).await;
        assert!(text.contains(names), "{text}");
    }
    let twice = TakeFromBudgets { budgets: vec![good.clone(), good.clone()] };
    assert!(test.refused(twice).await.contains("once"));
    let several = |count: u32| {
        let budgets = (0..count).map(|number| budget("a", &number.to_string(), 1)).collect();
        TakeFromBudgets { budgets }
    };
    for count in [0, 17] {
        assert!(test.refused(several(count)).await.contains("16"));
    }
    assert!(matches!(test.run(several(16)).await, TakeFromBudgetsResponse::Ok { .. }));
    let nowhere = TenantScope::new("public".into(), "nowhere".into());
    let take = TakeFromBudgets { budgets: vec![good] };
    let error = test.engine.handle(&nowhere, take).await.unwrap_err();
    assert!(matches!(error, EngineError::TenantOrAppNotFound(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_no_more_get_through_than_there_is_whoever_else_is_refused() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let attempt = |engine: Engine, number: usize| async move {
        // Two budgets that are shared, named in either order, and one of its own.
        let mut budgets = vec![
            BudgetToTake { refill_interval_ms: 3_600_000, ..budget("account", "ada", 7) },
            BudgetToTake { refill_interval_ms: 3_600_000, ..budget("address", "home", 11) },
            budget("pair", &number.to_string(), 1),
        ];
        if number.is_multiple_of(2) {
            budgets.reverse();
        }
        let answer = engine.handle(&public(), TakeFromBudgets { budgets }).await.unwrap();
        matches!(answer, TakeFromBudgetsResponse::Ok { .. })
    };
    let attempts = (0..64).map(|number| tokio::spawn(attempt(engines[number % 2].clone(), number)));
    let mut admitted = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        admitted += usize::from(attempt.await.unwrap());
    }
    assert_eq!(admitted, 7);
    // Nothing is lost by those that were refused.
    let rest =
        BudgetToTake { refill_interval_ms: 3_600_000, cost: 4, ..budget("address", "home", 11) };
    let answer = engines[0].handle(&public(), TakeFromBudgets { budgets: vec![rest] }).await;
    assert!(matches!(answer, Ok(TakeFromBudgetsResponse::Ok { left, .. }) if left == [0]));
}
