//! Positions, transactions and erasure.

use std::collections::BTreeSet;

use auth_protocol::{Caller, emailpassword::*, user::*};

use crate::common::{Test, TestStorage, public, two_engines};

fn lines(storage: &TestStorage) -> Vec<String> {
    storage.lines(
        "SELECT position || ' ' || kind || ' ' || outcome || ' ' || COALESCE(user_id, '-') || ' ' \
         || COALESCE(address, '-') || ' ' || COALESCE(api, '-') || ' ' || COALESCE(salt, '-') \
         FROM audit_log_entries ORDER BY tenant_id, position",
    )
}

fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn { email: email.into(), password: password.into() }
}

fn caller() -> Caller {
    let caller = Caller::default().with_address("203.0.113.9".parse().ok());
    caller.with_user_agent("Mozilla/5.0").with_api("signInPOST")
}

#[tokio::test]
async fn a_sign_in_is_written_down_with_who_asked_for_it() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (user, _) = test.sign_up("ada@example.com").await;
    for (email, password) in
        [("ada@example.com", "password 1"), ("ada@example.com", "no"), ("eve@example.com", "no")]
    {
        test.engine.handle_for(caller(), &public(), sign_in(email, password)).await.unwrap();
    }
    let found: Vec<String> = lines(&storage);
    let expected = [
        format!("1 sign_up succeeded {} - - ", user.id),
        format!("2 sign_in succeeded {} 203.0.113.9 signInPOST ", user.id),
        format!("3 sign_in failed {} 203.0.113.9 signInPOST ", user.id),
        "4 sign_in failed - 203.0.113.9 signInPOST ".to_owned(),
    ];
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(&expected), "{found}, {expected}");
        assert_eq!(found.len() - expected.len(), 22, "128 random bits");
    }
    assert_eq!(storage.tables_with(&["eve@"]), BTreeSet::new());
}

#[tokio::test]
async fn nothing_is_written_down_where_the_log_is_off_but_what_is_there_is_erased() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (user, _) = test.sign_up("ada@example.com").await;
    test.engine.shutdown().await;
    let test = Test::with(storage.config().audit_log(false)).await;
    test.sign_up("bob@example.com").await;
    test.sign_in("bob@example.com", "wrong").await;
    assert_eq!(lines(&storage).len(), 1);
    test.run(DeleteUser { user_id: user.id.clone(), remove_all_linked_accounts: true }).await;
    let found = lines(&storage);
    assert!(found[0].starts_with("1 sign_up succeeded - - - -"), "{found:?}");
    assert!(found[1].starts_with("2 user_deleted succeeded - "), "{found:?}");
    assert_eq!(storage.tables_with(&["ada@example.com"]), BTreeSet::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_engines_write_one_chain_without_gaps() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let mut callers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let engine = engines[number % 2].clone();
        callers.spawn(async move {
            for round in 0..6 {
                let email = format!("{number}.{round}@example.com");
                let sign_up = SignUp { email: email.clone(), password: "password 1".into() };
                engine.handle(&public(), sign_up).await.unwrap();
                engine.handle(&public(), sign_in(&email, "wrong")).await.unwrap();
            }
        });
    }
    while let Some(done) = callers.join_next().await {
        done.unwrap();
    }
    let broken = "SELECT 'at ' || e.position FROM audit_log_entries e \
        LEFT JOIN audit_log_entries before ON before.app_id = e.app_id \
            AND before.tenant_id = e.tenant_id AND before.position = e.position - 1 \
        WHERE COALESCE(before.hash, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA') \
            <> e.previous_hash OR (before.hash IS NULL AND e.position <> 1)";
    assert_eq!(storage.lines(broken), Vec::<String>::new());
    let ends = "SELECT h.position || ' ' || (SELECT COUNT(*) FROM audit_log_entries) || ' ' || \
        CASE WHEN h.hash = (SELECT e.hash FROM audit_log_entries e WHERE e.position = h.position) \
            THEN 'same' ELSE 'other' END FROM audit_log_heads h";
    assert_eq!(storage.lines(ends), ["96 96 same"]);
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_entry_and_an_entry_that_fails_no_change() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    test.sign_up("ada@example.com").await;
    let again = SignUp { email: "ada@example.com".into(), password: "password 1".into() };
    assert!(matches!(test.run(again).await, SignUpResponse::EmailAlreadyExistsError));
    assert_eq!(lines(&storage).len(), 1);
    // The next entry's place is taken.
    storage.execute("UPDATE audit_log_heads SET position = 0");
    let other = SignUp { email: "bob@example.com".into(), password: "password 1".into() };
    test.engine.handle(&public(), other).await.unwrap_err();
    assert_eq!(storage.tables_with(&["bob@example.com"]), BTreeSet::new());
}

#[tokio::test]
async fn a_deleted_user_is_in_no_entry_by_any_of_its_ids_and_the_hashes_stay() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (ada, _) = test.sign_up("ada@example.com").await;
    let (bob, _) = test.sign_up("bob@example.com").await;
    let by_ada = Caller::default().with_session(ada.id.clone(), "handle".into());
    test.engine.handle_for(by_ada, &public(), sign_in("bob@example.com", "no")).await.unwrap();
    let hashes = "SELECT hash || payload_digest FROM audit_log_entries ORDER BY position";
    let before = storage.lines(hashes);
    test.run(DeleteUser { user_id: ada.id.clone(), remove_all_linked_accounts: true }).await;
    assert_eq!(storage.tables_with(&[ada.id.as_str()]), BTreeSet::new());
    assert_eq!(storage.tables_with(&["ada@example.com"]), BTreeSet::new());
    assert_eq!(storage.lines(hashes)[..3], before[..]);
    let found = lines(&storage);
    assert!(found[1].contains(bob.id.as_str()) && found[1].len() > 60, "{found:?}");
    let facts = storage.lines("SELECT facts FROM audit_log_entries WHERE kind = 'user_deleted'");
    assert!(facts[0].contains("\"erased\":\"2\""), "{facts:?}");
}
