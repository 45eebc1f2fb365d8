//! Which version is spoken (CDI §0.3).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use auth_core::core::RemoteConfig;
use auth_server::{ServerConfig, Versions};
use futures_util::future::{FutureExt, join_all};
use http::StatusCode;
use serde_json::json;
use tokio::sync::Barrier;

use crate::{
    harness::{Core, Sent, ask, auth, told, unknown_user},
    script::{Act, Script, nobody},
};

async fn speaking(versions: serde_json::Value) -> Script {
    Script::of_versions(versions, |_| async { unknown_user() }).await
}

#[tokio::test]
async fn cdi_0_3_the_core_is_asked_once_however_many_requests_there_are() {
    let core = Core::start(ServerConfig::new()).await;
    let sent = Sent::default();
    let auth = auth(sent.by(core.config())).await;
    assert_eq!(sent.count(""), 0, "nothing is asked at the start");
    for answer in join_all((0..32).map(|_| ask(&auth))).await {
        answer.unwrap();
    }
    ask(&auth).await.unwrap();
    assert_eq!(sent.count("GET /apiversion"), 1);
    assert_eq!(sent.count("GET /user/id"), 33);
}

#[tokio::test]
async fn cdi_0_3_the_newest_version_that_both_sides_speak_is_spoken() {
    for (theirs, spoken) in [
        (json!(["5.4"]), "5.4"),
        (json!(["2.7", "5.5", "5.4", "4.0"]), "5.5"),
        (json!(["5.6", "5.4", "5.10", "6.0"]), "5.6"),
        (json!(["5.4", "next"]), "5.4"),
    ] {
        let core = speaking(json!({ "versions": theirs })).await;
        ask(&auth(RemoteConfig::new(&core.url)).await).await.unwrap();
        assert_eq!(core.seen()[0].headers["cdi-version"], spoken, "{theirs}");
    }
}

#[tokio::test]
async fn cdi_0_3_a_server_that_speaks_only_older_versions_is_refused_with_both_sides_versions() {
    let max = Some("5.3".parse().unwrap());
    let min = Some("5.2".parse().unwrap());
    let core = Core::start(ServerConfig::new().versions(Versions { min, max })).await;
    let auth = auth(core.config()).await;
    let error = ask(&auth).await.unwrap_err();
    let text = error.to_string();
    let begin = format!("the core at {} speaks CDI ", core.url);
    assert!(text.starts_with(&begin), "{text}");
    assert!(text.contains("5.3"), "{text}");
    assert!(text.ends_with("and this program speaks 5.6, 5.5, 5.4"), "{text}");
    assert_eq!(told(&auth, error).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn the_host_that_is_named_is_the_one_that_answered() {
    let (down, old) = (nobody().await, speaking(json!({ "versions": ["3.0"] })).await);
    let auth = auth(RemoteConfig::new(format!("{down};{};{down}", old.url))).await;
    for _ in 0..3 {
        let text = ask(&auth).await.unwrap_err().to_string();
        assert!(text.contains(&old.url) && !text.contains(&down), "{text}");
        assert!(text.contains("speaks CDI 3.0"), "{text}");
    }
}

#[tokio::test]
async fn an_application_starts_before_its_core_and_works_once_that_is_there() {
    let answers = Arc::new(AtomicUsize::new(0));
    let core = Script::bare(move |seen| {
        let first = answers.fetch_add(1, Ordering::Relaxed) == 0;
        let act = match seen.target.as_str() {
            _ if first => Act::Answer(503, "The core is shutting down".to_owned()),
            "/apiversion" => Act::json(&json!({ "versions": ["5.4"] })),
            _ => unknown_user(),
        };
        std::future::ready(act).boxed()
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    let error = ask(&auth).await.unwrap_err();
    assert_eq!(told(&auth, error).await.status, StatusCode::SERVICE_UNAVAILABLE);
    ask(&auth).await.unwrap();
    assert_eq!(core.version_questions(), 2);
}

/// Each would wait for all of those before it, for as long as a call may take.
#[tokio::test]
async fn requests_that_waited_for_one_that_failed_do_not_wait_for_each_other() {
    const WAITING: usize = 8;
    let questions = Arc::new(AtomicUsize::new(0));
    let together = Arc::new(Barrier::new(WAITING));
    let core = Script::bare(move |_| {
        let first = questions.fetch_add(1, Ordering::Relaxed) == 0;
        let together = Arc::clone(&together);
        async move {
            if !first {
                together.wait().await;
            }
            Act::Answer(500, "out of order".to_owned())
        }
        .boxed()
    })
    .await;
    let auth = auth(RemoteConfig::new(&core.url)).await;
    for answer in join_all((0..=WAITING).map(|_| ask(&auth))).await {
        let text = answer.unwrap_err().to_string();
        assert!(text.ends_with("500 Internal Server Error: out of order"), "{text}");
    }
    assert_eq!(core.version_questions(), WAITING + 1);
}
