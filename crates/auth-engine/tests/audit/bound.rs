//! Sessions that end because their user has too many.

use std::time::Duration;

use auth_engine::TooManySessions;
use auth_protocol::{SessionHandle, UserId, audit::*, session::*};

use crate::common::{Test, TestStorage};

async fn start(test: &Test, user: &UserId) -> Option<SessionHandle> {
    test.clock.advance(Duration::from_secs(1));
    match test.run(CreateSession::new(user.clone().into())).await {
        CreateSessionResponse::Ok(tokens) => Some(tokens.session.handle),
        CreateSessionResponse::TooManySessions => None,
    }
}

/// What was written down after the first entries, and about which user, each with its facts and
/// details.
async fn written_after(test: &Test, position: i64, user: &UserId) -> Vec<String> {
    let read = ReadAuditEntries { after: position, limit: Some(500) };
    let ReadAuditEntriesResponse::Ok { entries } = test.run(read).await;
    let line = |entry: AuditEntry| {
        let payload = entry.payload.unwrap();
        assert_eq!(payload.user_id.as_ref(), Some(user), "{}", entry.kind);
        let handle = payload.session_handle.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let (kind, facts, details) = (entry.kind, entry.facts, payload.details);
        format!("{kind} {} {handle} {facts:?} {details:?}", entry.outcome)
    };
    entries.into_iter().map(line).collect()
}

fn revoked(number: usize, details: &str) -> String {
    let facts = format!(r#"{{"reason": "max_sessions_per_user", "sessions": "{number}"}}"#);
    format!("sessions_revoked succeeded - {facts} {details}")
}

fn created(handle: &SessionHandle) -> String {
    format!("session_created succeeded {handle} {{}} {{}}")
}

#[tokio::test]
async fn sessions_that_the_bound_ends_are_written_down_before_the_one_they_give_way_to() {
    let storage = TestStorage::new();
    let free = Test::with(storage.config()).await;
    let (ada, _) = free.sign_up("ada@example.com").await;
    for _ in 0..4 {
        start(&free, &ada.id).await.unwrap();
    }
    let bound = Test::with(storage.config().max_sessions_per_user(Some(2))).await;
    bound.clock.set(free.clock.now_ms());
    // One of the four stays.
    let fifth = start(&bound, &ada.id).await.unwrap();
    let expected = [revoked(3, "{}"), created(&fifth)];
    assert_eq!(written_after(&bound, 5, &ada.id).await, expected);
    let sixth = start(&bound, &ada.id).await.unwrap();
    let found = written_after(&bound, 7, &ada.id).await;
    assert_eq!((found.len(), &found[1]), (2, &created(&sixth)));
    assert!(found[0].starts_with(&revoked(1, "{\"session\": ")), "{found:?}");
    // It stands in the chain of the session that they give way to.
    let other = bound.in_new_tenant(&storage, "other");
    let seventh = start(&other, &ada.id).await.unwrap();
    let expected = [revoked(1, &format!("{{\"session\": \"{fifth}\"}}")), created(&seventh)];
    assert_eq!(written_after(&other, 0, &ada.id).await, expected);
    assert_eq!(written_after(&bound, 9, &ada.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_session_that_the_bound_refuses_is_not_written_down() {
    let storage = TestStorage::new();
    let config = storage.config().max_sessions_per_user(Some(1));
    let test = Test::with(config.too_many_sessions(TooManySessions::RefuseNew)).await;
    let (ada, _) = test.sign_up("ada@example.com").await;
    let first = start(&test, &ada.id).await.unwrap();
    assert_eq!(start(&test, &ada.id).await, None);
    assert_eq!(written_after(&test, 1, &ada.id).await, [created(&first)]);
}
