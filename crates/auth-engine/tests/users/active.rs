//! How many users were seen since a time, held against what is known of each (CDI §5.2).

use std::{collections::BTreeMap, time::Duration};

use auth_protocol::{session::*, user::*, user_id_mapping::*};

use crate::common::{START_MS, Test, TestStorage};

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

impl Test {
    async fn active_since(&self, since: i64) -> u64 {
        let CountActiveUsersResponse::Ok { count } = self.run(CountActiveUsers { since }).await;
        count
    }

    /// The counts are right since every time at which somebody was seen, and around it.
    async fn assert_counts(&self, seen: &BTreeMap<String, i64>) {
        let around = |time: &i64| [time - 1, *time, time + 1];
        let far = [0, START_MS - 400 * DAY_MS, START_MS, START_MS + 2000 * DAY_MS, i64::MAX];
        for since in seen.values().flat_map(around).chain(far) {
            let expected = seen.values().filter(|time| **time >= since).count() as u64;
            assert_eq!(self.active_since(since).await, expected, "since {since}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn whoever_comes_again_goes_or_gets_another_id_is_counted_once_and_since_any_time() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let mut seen = BTreeMap::new();
    test.assert_counts(&seen).await;
    // Over minutes, hours, days and years, so that spans of every width are left behind.
    let pauses = [1, 7 * MINUTE_MS, 90 * MINUTE_MS, 5 * DAY_MS, 70 * DAY_MS, 400 * DAY_MS];
    for round in 0..18_usize {
        let pause = pauses[round % pauses.len()];
        test.clock.advance(Duration::from_millis(pause.unsigned_abs()));
        let now_ms = test.clock.now_ms();
        let name = format!("{}@example.com", round % 7);
        let is_new = !seen.contains_key(&name);
        if is_new {
            test.sign_up(&name).await;
        } else {
            test.sign_in(&name, "password 1").await.unwrap();
        }
        // A time is written once in five minutes.
        let last = seen.entry(name).or_insert(now_ms);
        if now_ms - *last >= 5 * MINUTE_MS {
            *last = now_ms;
        }
        test.assert_counts(&seen).await;
    }
    // Somebody whom the core doesn't know, until a user has that id.
    let id = test.sign_in("3@example.com", "password 1").await.unwrap();
    test.run(CreateSession::new("customer-7".into())).await;
    seen.insert("customer-7".to_owned(), test.clock.now_ms());
    test.assert_counts(&seen).await;
    test.run(CreateUserIdMapping::new(id.clone().into(), "customer-7".into())).await;
    seen.remove("customer-7");
    seen.insert("3@example.com".to_owned(), test.clock.now_ms());
    test.assert_counts(&seen).await;
    // And everybody goes.
    while let Some((name, _)) = seen.pop_first() {
        let id = test.sign_in(&name, "password 1").await.unwrap();
        let delete = DeleteUser { user_id: id.into(), remove_all_linked_accounts: true };
        test.run(delete).await;
        test.assert_counts(&seen).await;
    }
    // Spans in which nobody was seen last are forgotten.
    test.clock.advance(Duration::from_secs(7 * 3600));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("user_activity_counts"), 0);
}

/// However many users there are: the numbers are read, not the users.
#[tokio::test]
async fn who_was_seen_long_ago_is_counted_without_being_looked_at() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.sign_up("ada@example.com").await;
    test.clock.advance(Duration::from_secs(3600));
    // As if there were many.
    storage.execute("UPDATE user_activity_counts SET number = number + 1000000");
    for (since, expected) in [(0, 1_000_001), (START_MS, 1), (START_MS + 1, 0)] {
        assert_eq!(test.active_since(since).await, expected);
    }
}
