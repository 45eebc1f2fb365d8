//! The API key (CDI §0.2).

use auth_core::core::RemoteConfig;
use auth_server::{ApiKeys, ServerConfig};
use http::StatusCode;
use tracing::Level;

use crate::{
    harness::{Core, ask, auth, refusal, told, unknown_user},
    log::Log,
    script::{Act, Script},
};

const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";
const WRONG: &str = "kDsT3bA7xwWmQ0uR5vHz";

async fn keyed() -> Core {
    Core::start(ServerConfig::new().api_keys(ApiKeys::parse(KEY).unwrap())).await
}

#[tokio::test]
async fn cdi_0_2_the_key_goes_with_every_request_and_opens_the_core() {
    let core = Script::start(|_| async { unknown_user() }).await;
    let remote = auth(RemoteConfig::new(&core.url).api_key(format!(" {KEY}\n"))).await;
    ask(&remote).await.unwrap();
    assert_eq!(core.seen()[0].headers["api-key"], KEY);
    assert_eq!(core.seen()[0].headers["cdi-version"], "5.4");
    let core = keyed().await;
    ask(&auth(core.config().api_key(KEY)).await).await.unwrap();
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    let core = Script::start(|_| async { unknown_user() }).await;
    ask(&auth(RemoteConfig::new(&core.url)).await).await.unwrap();
    assert!(!core.seen()[0].headers.contains_key("api-key"));
}

#[tokio::test]
async fn a_wrong_key_is_told_from_a_missing_one_and_shown_nowhere() {
    let core = keyed().await;
    let wrong = auth(core.config().api_key(WRONG)).await;
    let error = ask(&wrong).await.unwrap_err();
    let expected = format!("the core at {} doesn't accept the `api_key` that is set", core.url);
    assert_eq!(error.to_string(), expected);
    assert!(!format!("{error:?}{wrong:?}").contains(WRONG));
    let answer = told(&wrong, error).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(&answer.body[..], br#"{"message":"internal error"}"#);
    let error = ask(&auth(core.config()).await).await.unwrap_err();
    let expected = format!("the core at {} wants a key, and `api_key` isn't set", core.url);
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_core_that_repeats_the_key_does_not_bring_it_into_an_error() {
    let core = Script::bare(|seen| {
        let key = &seen.headers["api-key"];
        let page = format!("you sent api-key: {key}, twice: {key}. {}", "x".repeat(100_000));
        Box::pin(std::future::ready(Act::Answer(502, page)))
    })
    .await;
    let error = ask(&auth(RemoteConfig::new(&core.url).api_key(KEY)).await).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("502 Bad Gateway: you sent api-key: [api_key], twice"), "{text}");
    assert!(!text.contains(KEY) && !format!("{error:?}").contains(KEY), "{text}");
    assert!(text.len() < 1000, "{}", text.len());
}

#[tokio::test]
async fn a_key_that_can_not_be_one_is_refused_at_the_start_without_showing_it() {
    for wrong in ["", "  ", "hunter2\u{1}", "hunter2\r\nx: y"] {
        let error = refusal(RemoteConfig::new("http://127.0.0.1:1").api_key(wrong)).await;
        assert!(error.contains("`core.api_key`") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_configuration_shows_neither_the_key_nor_a_password_in_an_address() {
    let config = RemoteConfig::new("http://ada:hunter2@core.example.com").api_key(KEY);
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains(KEY), "{shown}");
    let shown = format!("{:?}", RemoteConfig::new("http://core.example.com"));
    assert!(shown.contains("http://core.example.com"), "{shown}");
}

#[tokio::test]
async fn the_key_reaches_no_log_at_any_level() {
    let core = keyed().await;
    let (log, logging) = Log::of_this_thread(Level::TRACE);
    for key in [WRONG, KEY] {
        let auth = auth(core.config().api_key(key)).await;
        if let Err(error) = ask(&auth).await {
            told(&auth, error).await;
        }
    }
    drop(logging);
    let log = log.text();
    assert!(log.contains("a request failed") && log.contains("TRACE"), "{log}");
    assert!(!log.contains(WRONG) && !log.contains(KEY), "{log}");
}
