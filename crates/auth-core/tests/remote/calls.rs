//! What is read once a request.

use auth_core::{
    core::RemoteConfig,
    protocol::{TenantId, UserId, emailpassword::GetEmailPasswordUser, passwordless::CheckCode},
};
use auth_server::ServerConfig;
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    harness::{Core, Sent, auth, metadata, request, update},
    script::{Act, Script},
};

const READ: &str = "GET /recipe/user/metadata?userId=ada";

async fn write(cx: &auth_core::Context, value: &str) {
    cx.core().call(&TenantId::default(), update(value)).await.unwrap();
}

#[tokio::test]
async fn the_same_read_goes_to_the_core_once_a_request() {
    let core = Core::start(ServerConfig::new()).await;
    let sent = Sent::default();
    let auth = auth(sent.by(core.config())).await;
    let cx = request(&auth);
    for _ in 0..3 {
        assert_eq!(metadata(&cx).await, None);
    }
    assert_eq!(metadata(&cx.clone()).await, None, "a clone is the same request");
    assert_eq!(sent.count(READ), 1);
    for _ in 0..2 {
        assert_eq!(metadata(&request(&auth)).await, None);
    }
    assert_eq!(sent.count(READ), 3, "another request asks for itself");
}

#[tokio::test]
async fn a_write_makes_the_next_read_go_to_the_core() {
    let core = Core::start(ServerConfig::new()).await;
    let sent = Sent::default();
    let auth = auth(sent.by(core.config())).await;
    let cx = request(&auth);
    assert_eq!(metadata(&cx).await, None);
    write(&cx, "a").await;
    assert_eq!(metadata(&cx).await.as_deref(), Some("a"));
    assert_eq!(metadata(&cx).await.as_deref(), Some("a"));
    assert_eq!(sent.count(READ), 2);
    // Another request's write isn't seen by one that has read before.
    write(&request(&auth), "b").await;
    assert_eq!(metadata(&cx).await.as_deref(), Some("a"));
    assert_eq!(metadata(&request(&auth)).await.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_write_that_fails_may_have_been_done() {
    let core = Script::start(|seen| async move {
        match seen.method.as_str() {
            "GET" => Act::json(&json!({ "status": "OK", "metadata": {} })),
            _ => Act::Bytes(""),
        }
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let cx = request(&auth);
    metadata(&cx).await;
    cx.core().call(&TenantId::default(), update("a")).await.unwrap_err();
    metadata(&cx).await;
    assert_eq!(core.seen().len(), 3);
}

#[tokio::test]
async fn an_answer_from_before_a_write_is_not_kept_beyond_it() {
    static ASKED: Notify = Notify::const_new();
    static WRITTEN: Notify = Notify::const_new();
    let core = Script::start(|seen| async move {
        if seen.method == "GET" {
            ASKED.notify_one();
            WRITTEN.notified().await;
        }
        Act::json(&json!({ "status": "OK", "metadata": {} }))
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let cx = request(&auth);
    let late_read = tokio::spawn({
        let cx = cx.clone();
        async move { metadata(&cx).await }
    });
    ASKED.notified().await;
    write(&cx, "a").await;
    WRITTEN.notify_one();
    late_read.await.unwrap();
    WRITTEN.notify_one();
    metadata(&cx).await;
    assert_eq!(core.seen().iter().filter(|seen| seen.method == "GET").count(), 2);
}

#[tokio::test]
async fn an_answer_from_while_a_write_was_under_way_is_not_kept_either() {
    static ASKED: Notify = Notify::const_new();
    static READ: Notify = Notify::const_new();
    let core = Script::start(|seen| async move {
        if seen.method == "PUT" {
            ASKED.notify_one();
            READ.notified().await;
        }
        Act::json(&json!({ "status": "OK", "metadata": {} }))
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let cx = request(&auth);
    let slow_write = tokio::spawn({
        let cx = cx.clone();
        async move { write(&cx, "a").await }
    });
    ASKED.notified().await;
    metadata(&cx).await;
    READ.notify_one();
    slow_write.await.unwrap();
    metadata(&cx).await;
    assert_eq!(core.seen().iter().filter(|seen| seen.method == "GET").count(), 2);
}

#[tokio::test]
async fn a_post_is_never_answered_from_what_was_read() {
    let core = Script::start(|_| async { Act::json(&json!({ "status": "RESTART_FLOW_ERROR" })) });
    let core = core.await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let cx = request(&auth);
    let check: CheckCode = serde_json::from_value(json!({
        "preAuthSessionId": "p", "linkCode": "l",
    }))
    .unwrap();
    for _ in 0..2 {
        cx.core().call(&TenantId::default(), check.clone()).await.unwrap();
    }
    assert_eq!(core.seen().len(), 2);
}

#[tokio::test]
async fn another_tenant_is_another_question() {
    let core =
        Script::start(|_| async { Act::json(&json!({ "status": "UNKNOWN_USER_ID_ERROR" })) });
    let core = core.await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let cx = request(&auth);
    let by_id = || GetEmailPasswordUser { user_id: Some(UserId::new("u")), email: None };
    let in_tenant = TenantId::new("t1");
    for tenant in [TenantId::default(), TenantId::default(), in_tenant] {
        cx.core().call(&tenant, by_id()).await.unwrap();
    }
    let seen = core.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.headers["rid"] == "emailpassword"));
}

#[tokio::test]
async fn where_it_is_switched_off_every_read_goes_to_the_core() {
    let core = Core::start(ServerConfig::new()).await;
    let sent = Sent::default();
    let auth = auth(sent.by(core.config().disable_core_call_cache())).await;
    let cx = request(&auth);
    for _ in 0..3 {
        metadata(&cx).await;
    }
    assert_eq!(sent.count(READ), 3);
}
