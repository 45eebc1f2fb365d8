//! Networks that users sign in from, and the tokens by which owners end all sessions (an extension).
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::time::Duration;

use auth_protocol::{
    RecipeUserId, Secret, TenantId, UserId,
    accountlinking::{CreatePrimaryUser, LinkAccounts},
    audit::{AuditEntry, ListAuditEntries, ListAuditEntriesResponse},
    session::{CreateSession, ListSessionHandles, ListSessionHandlesResponse},
    signinalerts::*,
};
use common::{Test, TestStorage};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const HOME: &str = "203.0.113.0/24";
const WORK: &str = "198.51.100.0/24";

fn standing(is_known: bool, others_known: u32) -> NoteSignInNetworkResponse {
    NoteSignInNetworkResponse::Ok { is_known, others_known }
}

impl Test {
    async fn note(&self, id: &RecipeUserId, network: &str) -> NoteSignInNetworkResponse {
        let network = network.to_owned();
        self.run(NoteSignInNetwork { recipe_user_id: id.clone(), network }).await
    }

    async fn alert(&self, id: &RecipeUserId, network: Option<&str>) -> Secret {
        let alert = CreateSignInAlert {
            recipe_user_id: id.clone(),
            session_handle: None,
            network: network.map(str::to_owned),
            is_new_device: network.is_none(),
            is_new_network: network.is_some(),
            lifetime_ms: Some(DAY_MS),
        };
        match self.run(alert).await {
            CreateSignInAlertResponse::Ok { token: Some(token) } => token,
            other => panic!("{other:?}"),
        }
    }

    async fn use_alert(&self, token: &Secret) -> UseSignInAlertResponse {
        self.run(UseSignInAlert { token: token.clone() }).await
    }

    async fn sessions(&self, user: &UserId) -> usize {
        let list = ListSessionHandles {
            user_id: user.clone(),
            fetch_across_all_tenants: true,
            fetch_sessions_for_all_linked_accounts: true,
        };
        let ListSessionHandlesResponse::Ok { session_handles } = self.run(list).await;
        session_handles.len()
    }

    async fn entries(&self) -> Vec<AuditEntry> {
        let list = ListAuditEntries { limit: Some(2), ..Default::default() };
        let ListAuditEntriesResponse::Ok { entries, .. } = self.run(list).await;
        entries
    }
}

#[tokio::test]
async fn a_network_is_known_to_all_login_methods_of_a_user_and_kept_as_a_digest() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (user, ada) = test.sign_up("ada@example.com").await;
    assert_eq!(test.note(&ada, HOME).await, standing(false, 0));
    assert_eq!(test.note(&ada, HOME).await, standing(true, 0));
    assert_eq!(test.note(&ada, WORK).await, standing(false, 1));
    let (_, bob) = test.sign_up("bob@example.com").await;
    assert_eq!(test.note(&bob, WORK).await, standing(false, 0));
    let digests = storage.lines("SELECT DISTINCT network FROM sign_in_networks");
    assert_eq!(digests.len(), 3, "nobody sees who shares a network");
    assert!(storage.tables_with(&[HOME, WORK]).is_empty());

    test.run(CreatePrimaryUser { recipe_user_id: ada }).await;
    let link = LinkAccounts { recipe_user_id: bob.clone(), primary_user_id: user.id };
    test.run(link).await;
    assert_eq!(test.note(&bob, HOME).await, standing(true, 2));
    let nobody = test.note(&"nobody".into(), HOME).await;
    assert_eq!(nobody, NoteSignInNetworkResponse::UnknownUserIdError);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_networks_the_latest_stay_however_many_are_noted_at_once() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (_, ada) = test.sign_up("ada@example.com").await;
    test.note(&ada, HOME).await;
    for round in 0..5_u8 {
        test.clock.advance(Duration::from_secs(1));
        // In use, and so not the oldest.
        test.note(&ada, HOME).await;
        let names: Vec<_> = (0..10).map(|it| format!("10.{round}.{it}.0/24")).collect();
        futures_util::future::join_all(names.iter().map(|name| test.note(&ada, name))).await;
    }
    assert_eq!(storage.count("sign_in_networks"), 32);
    assert_eq!(test.note(&ada, HOME).await, standing(true, 31));
    assert_eq!(test.note(&ada, "10.0.0.0/24").await, standing(false, 32));
    test.clock.advance(Duration::from_secs(401 * 24 * 60 * 60));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("sign_in_networks"), 0);
}

#[tokio::test]
async fn a_token_ends_all_sessions_of_all_login_methods_once_and_the_network_is_new_again() {
    let test = Test::new().await;
    let (user, ada) = test.sign_up("ada@example.com").await;
    test.run(CreatePrimaryUser { recipe_user_id: ada.clone() }).await;
    let (_, other) = test.sign_up("ada@work.example").await;
    let link = LinkAccounts { recipe_user_id: other.clone(), primary_user_id: user.id.clone() };
    test.run(link).await;
    let (bob, bobs) = test.sign_up("bob@example.com").await;
    for id in [&ada, &other, &other, &bobs] {
        test.run(CreateSession::new(id.clone())).await;
    }
    test.note(&other, HOME).await;
    test.note(&other, WORK).await;
    let token = test.alert(&other, Some(WORK)).await;
    let [suspicious, ..] = &test.entries().await[..] else { panic!("an entry") };
    assert_eq!(suspicious.kind, "suspicious_sign_in");
    let facts: Vec<_> = suspicious.facts.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(facts, [("new_device", "false"), ("new_network", "true")]);
    assert_eq!(suspicious.payload.as_ref().unwrap().user_id, Some(user.id.clone()));

    let used =
        UseSignInAlertResponse::Ok { user_id: user.id.clone(), was_used: false, sessions_ended: 3 };
    assert_eq!(test.use_alert(&token).await, used);
    assert_eq!((test.sessions(&user.id).await, test.sessions(&bob.id).await), (0, 1));
    let kinds: Vec<_> = test.entries().await.into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["sessions_revoked", "sign_in_denied"], "newest first");
    assert_eq!(test.note(&other, WORK).await, standing(false, 1));

    test.run(CreateSession::new(ada)).await;
    let again =
        UseSignInAlertResponse::Ok { user_id: user.id.clone(), was_used: true, sessions_ended: 0 };
    assert_eq!(test.use_alert(&token).await, again);
    assert_eq!(test.sessions(&user.id).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_uses_at_once_one_is_the_first() {
    let test = Test::new().await;
    let (_, ada) = test.sign_up("ada@example.com").await;
    let token = test.alert(&ada, None).await;
    let uses = (0..8).map(|_| test.use_alert(&token));
    let answers = futures_util::future::join_all(uses).await;
    let is_first = |it: &&UseSignInAlertResponse| {
        matches!(it, UseSignInAlertResponse::Ok { was_used: false, .. })
    };
    assert_eq!(answers.iter().filter(is_first).count(), 1, "{answers:?}");
}

#[tokio::test]
async fn a_token_that_is_unknown_expired_or_another_tenants_does_nothing() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (user, ada) = test.sign_up("ada@example.com").await;
    test.run(CreateSession::new(ada.clone())).await;
    let token = test.alert(&ada, None).await;
    assert!(storage.tables_with(&[token.expose_secret()]).is_empty(), "a digest is kept");
    let invalid = UseSignInAlertResponse::SignInAlertInvalidTokenError;
    assert_eq!(test.use_alert(&"unknown".into()).await, invalid);
    let elsewhere = test.in_new_tenant(&storage, "t1");
    assert_eq!(elsewhere.use_alert(&token).await, invalid);
    test.clock.advance(Duration::from_millis(DAY_MS.unsigned_abs() + 1));
    assert_eq!(test.use_alert(&token).await, invalid);
    assert_eq!(test.sessions(&user.id).await, 1);
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("sign_in_alerts"), 0);
    assert_eq!(elsewhere.scope.tenant, TenantId::from("t1"));
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_and_tokens_are_bounded() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let (_, ada) = test.sign_up("ada@example.com").await;
    for network in [String::new(), "x".repeat(65)] {
        let note = NoteSignInNetwork { recipe_user_id: ada.clone(), network };
        assert!(test.refused(note).await.contains("1 to 64"));
    }
    let alert = |lifetime_ms| CreateSignInAlert {
        recipe_user_id: ada.clone(),
        session_handle: None,
        network: None,
        is_new_device: true,
        is_new_network: false,
        lifetime_ms,
    };
    for lifetime_ms in [i64::MIN, 0, 7 * DAY_MS + 1] {
        assert!(test.refused(alert(Some(lifetime_ms))).await.contains("lifetimeMs"));
    }
    let CreateSignInAlertResponse::Ok { token: None } = test.run(alert(None)).await else {
        panic!("written down without a token")
    };
    let first = test.alert(&ada, None).await;
    for _ in 0..32 {
        test.clock.advance(Duration::from_millis(1));
        test.alert(&ada, None).await;
    }
    assert_eq!(storage.count("sign_in_alerts"), 32);
    let invalid = UseSignInAlertResponse::SignInAlertInvalidTokenError;
    assert_eq!(test.use_alert(&first).await, invalid);
}
