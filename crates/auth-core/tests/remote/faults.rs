//! Answers that no core should give.

use auth_core::{
    core::RemoteConfig,
    protocol::{TenantId, emailpassword::SignIn},
};
use http::StatusCode;
use serde_json::json;

use crate::{
    harness::{ask, auth, tell, told},
    script::{Act, Script},
};

async fn refusal(act: impl Fn() -> Act + Send + Sync + 'static) -> (String, StatusCode) {
    let core = Script::start(move |_| std::future::ready(act())).await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let error = ask(&auth).await.unwrap_err();
    (error.to_string(), told(&auth, error).await.status)
}

#[tokio::test]
async fn an_answer_that_is_no_json_or_not_the_operation_s_is_named_by_its_operation() {
    for body in ["", "Hello\n", "<html></html>", "{\"status\": \"OK\"", "[]", "null", "{}"] {
        let (text, status) = refusal(move || Act::Answer(200, body.to_owned())).await;
        let start = "the core's answer to get_user_by_id can't be read: ";
        assert!(text.starts_with(start), "{body}: {text}");
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    }
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_is_not_shown_as_it_may_hold_tokens() {
    for body in [
        json!("token-of-ada"),
        json!({ "status": "token-of-ada" }),
        json!({ "status": "OK", "user": "token-of-ada" }),
        json!({ "status": "OK", "user": { "id": { "token-of-ada": 1 } } }),
    ] {
        let (text, _) = refusal(move || Act::json(&body)).await;
        assert!(!text.contains("token-of-ada"), "{text}");
        assert!(text.contains("isn't what it should be"), "{text}");
    }
}

#[tokio::test]
async fn what_a_core_adds_to_an_answer_does_no_harm() {
    let core = Script::start(|_| async {
        Act::json(&json!({ "status": "UNKNOWN_USER_ID_ERROR", "since": 6.0, "more": [{}] }))
    })
    .await;
    ask(&auth(RemoteConfig::new(&core.url)).await).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_is_cut_off_may_succeed_a_little_later() {
    for bytes in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"status\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"st",
        "no HTTP at all\r\n\r\n",
    ] {
        let (text, status) = refusal(move || Act::Bytes(bytes)).await;
        assert!(text.contains("gave no answer"), "{bytes}: {text}");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{bytes}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_key() {
    let elsewhere = Script::start(|_| async { Act::Answer(200, "{}".to_owned()) }).await;
    let core = Script::start(|_| async {
        Act::Bytes("HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n")
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url).api_key("kDsT3bA7xwWmQ0uR5vHy")).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().contains("302 Found"), "{error}");
    assert_eq!((core.seen().len(), elsewhere.seen().len()), (1, 0));
}

#[tokio::test]
async fn cdi_0_5_what_the_core_refuses_is_the_caller_s_fault_only_where_it_is_400() {
    for (status, text, expected) in [
        (400, "Field name 'userId' is invalid in JSON input\n", StatusCode::BAD_REQUEST),
        (402, "Cannot use feature\n", StatusCode::INTERNAL_SERVER_ERROR),
        (
            403,
            "Only public tenantId can call this app specific API\n",
            StatusCode::INTERNAL_SERVER_ERROR,
        ),
        (404, "Not found\n", StatusCode::INTERNAL_SERVER_ERROR),
        (405, "Method not supported\n", StatusCode::INTERNAL_SERVER_ERROR),
        (500, "exception\n", StatusCode::INTERNAL_SERVER_ERROR),
        (502, "", StatusCode::SERVICE_UNAVAILABLE),
        (503, "The core is shutting down\n", StatusCode::SERVICE_UNAVAILABLE),
        (504, "", StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let (error, answered) = refusal(move || Act::Answer(status, text.to_owned())).await;
        assert_eq!(answered, expected, "{status}");
        assert!(error.ends_with(text.trim_end()), "{error}");
    }
}

#[tokio::test]
async fn no_error_shows_what_was_asked() {
    for act in [
        || Act::Answer(500, "no".to_owned()),
        || Act::Bytes(""),
        || Act::Answer(200, "x".to_owned()),
    ] {
        let core = Script::start(move |_| std::future::ready(act())).await;
        let auth = auth(RemoteConfig::new(&core.url)).await;
        let operation = SignIn { email: "ada@example.com".into(), password: "hunter2".into() };
        let error = auth.core().call(&TenantId::default(), operation).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2") && !shown.contains("ada@"), "{shown}");
        tell(&auth).await.unwrap_err();
    }
}
