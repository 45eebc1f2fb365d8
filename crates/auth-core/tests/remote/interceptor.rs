//! The network interceptor.

use auth_core::{
    Context,
    core::RemoteConfig,
    protocol::{TenantId, UserId, user::GetUserById},
};
use auth_server::{ApiKeys, ServerConfig};
use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::{
    harness::{Core, ask, auth, request, tell, told, unknown_user},
    script::{Act, Script},
};

#[tokio::test]
async fn it_sees_every_request_and_what_it_changes_is_sent() {
    let core =
        Script::start(|_| async { Act::json(&json!({ "status": "OK", "metadata": {} })) }).await;
    let config = RemoteConfig::new(&core.url).network_interceptor(|mut request, _| {
        assert!(request.url.as_str().starts_with("http://127.0.0.1:"));
        request.headers.insert("x-trace", HeaderValue::from_static("t-1"));
        if request.body.is_some() {
            request.body = Some(Bytes::from_static(b"{}"));
            request.url.set_path("/elsewhere");
        }
        request
    });
    let auth = auth(config).await;
    tell(&auth).await.unwrap();
    let [seen] = &core.seen()[..] else { panic!("one request") };
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("PUT", "/elsewhere"));
    assert_eq!(seen.headers["x-trace"], "t-1");
    assert_eq!(seen.body, b"{}");
    assert_eq!(core.version_questions(), 1);
}

#[tokio::test]
async fn it_knows_the_request_that_is_being_served() {
    #[derive(Clone)]
    struct TraceId(&'static str);
    let core = Script::start(|_| async { unknown_user() }).await;
    let config =
        RemoteConfig::new(&core.url).network_interceptor(|mut request, cx: Option<&Context>| {
            if let Some(TraceId(id)) = cx.and_then(Context::get) {
                request.headers.insert("x-trace", HeaderValue::from_static(id));
            }
            request
        });
    let auth = auth(config).await;
    let cx = request(&auth);
    cx.insert(TraceId("of-this-request"));
    let operation = GetUserById { user_id: UserId::new("nobody") };
    cx.core().call(&TenantId::default(), operation).await.unwrap();
    ask(&auth).await.unwrap();
    let seen = core.seen();
    assert_eq!(seen[0].headers["x-trace"], "of-this-request");
    assert!(!seen[1].headers.contains_key("x-trace"));
}

#[tokio::test]
async fn it_may_bring_the_key() {
    const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";
    let core = Core::start(ServerConfig::new().api_keys(ApiKeys::parse(KEY).unwrap())).await;
    let config = core.config().network_interceptor(|mut request, _| {
        request.headers.insert("api-key", HeaderValue::from_static(KEY));
        request
    });
    ask(&auth(config).await).await.unwrap();
}

#[tokio::test]
async fn what_it_makes_unsendable_is_an_error_that_says_so() {
    let core = Script::start(|_| async { unknown_user() }).await;
    let config = RemoteConfig::new(&core.url).network_interceptor(|mut request, _| {
        request.url = "mailto:ada@example.com".parse().unwrap();
        request
    });
    let auth = auth(config).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().contains("the network interceptor"), "{error}");
    assert_eq!(told(&auth, error).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn neither_the_key_nor_what_is_asked_shows_in_debug() {
    let core = Script::start(|_| async { unknown_user() }).await;
    let config =
        RemoteConfig::new(&core.url).api_key("hunter2-key").network_interceptor(|request, _| {
            let shown = format!("{request:?}");
            for secret in ["hunter2-key", "nobody", "metadataUpdate"] {
                assert!(!shown.contains(secret), "{shown}");
            }
            for told in ["127.0.0.1", "api-key", "cdi-version"] {
                let is_question = request.url.path() == "/apiversion";
                assert!(shown.contains(told) || is_question, "{shown}");
            }
            request
        });
    let auth = auth(config).await;
    ask(&auth).await.unwrap();
    tell(&auth).await.unwrap_err();
    assert_eq!(core.seen().len(), 2);
}
