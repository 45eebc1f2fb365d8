//! A core that has no capacity (CDI §0.5), or gives no answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use auth_core::core::{CoreError, RemoteConfig, RemoteError};
use http::StatusCode;
use parking_lot::Mutex;

use crate::{
    harness::{ask, auth, refusal, tell, told, unknown_user},
    script::{Act, Script},
};

/// How long was waited, without anybody waiting.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Vec<u128>>>);

impl Waits {
    fn by(&self, config: RemoteConfig) -> RemoteConfig {
        let waits = self.clone();
        config.wait_by(move |time| {
            waits.0.lock().push(time.as_millis());
            std::future::ready(())
        })
    }

    fn take(&self) -> Vec<u128> {
        std::mem::take(&mut self.0.lock())
    }
}

/// A core that refuses so many requests before it answers one.
async fn busy(refusals: usize) -> Script {
    let requests = Arc::new(AtomicUsize::new(0));
    Script::start(move |_| {
        let is_busy = requests.fetch_add(1, Ordering::Relaxed) < refusals;
        async move {
            match is_busy {
                true => Act::Answer(429, "too many requests".to_owned()),
                false => unknown_user(),
            }
        }
    })
    .await
}

#[tokio::test]
async fn cdi_0_5_a_call_is_repeated_five_times_after_longer_and_longer_waits() {
    for refusals in 0..=5 {
        let (core, waits) = (busy(refusals).await, Waits::default());
        let auth = auth(waits.by(RemoteConfig::new(&core.url))).await;
        ask(&auth).await.unwrap();
        assert_eq!(core.seen().len(), refusals + 1);
        assert_eq!(waits.take(), [10, 260, 510, 760, 1010][..refusals]);
    }
}

#[tokio::test]
async fn cdi_0_5_the_sixth_refusal_is_told_and_the_application_answers_503() {
    let (core, waits) = (busy(usize::MAX).await, Waits::default());
    let auth = auth(waits.by(RemoteConfig::new(&core.url))).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().contains("429 Too Many Requests: too many requests"), "{error}");
    assert_eq!((core.seen().len(), waits.take().len()), (6, 5));
    let answer = told(&auth, error).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "1");
}

#[tokio::test]
async fn cdi_0_5_a_write_is_repeated_too_as_it_was_not_done() {
    let core = Arc::new(AtomicUsize::new(0));
    let requests = Arc::clone(&core);
    let core = Script::start(move |_| {
        let is_first = requests.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            match is_first {
                true => Act::Answer(429, String::new()),
                false => Act::json(&serde_json::json!({ "status": "OK", "metadata": {} })),
            }
        }
    })
    .await;
    let waits = Waits::default();
    let auth = auth(waits.by(RemoteConfig::new(&core.url))).await;
    tell(&auth).await.unwrap();
    let seen = core.seen();
    assert_eq!((seen.len(), &seen[0].body), (2, &seen[1].body));
    assert_eq!(waits.take(), [10]);
}

#[tokio::test]
async fn other_refusals_are_not_repeated() {
    for status in [400, 404, 500, 502, 503] {
        let core = Script::start(move |_| async move { Act::Answer(status, "no".to_owned()) });
        let (core, waits) = (core.await, Waits::default());
        ask(&auth(waits.by(RemoteConfig::new(&core.url))).await).await.unwrap_err();
        assert_eq!((core.seen().len(), waits.take().len()), (1, 0), "{status}");
    }
}

#[tokio::test]
async fn a_core_that_never_answers_is_given_up_and_the_application_answers_503() {
    let silent = Script::start(|_| async { Act::Stalls("") }).await;
    let other = Script::start(|_| async { Act::Stalls("") }).await;
    let uri = format!("{};{}", silent.url, other.url);
    let auth = auth(RemoteConfig::new(uri).timeout(Duration::from_millis(50))).await;
    for asked in 1..=2 {
        let error = ask(&auth).await.unwrap_err();
        assert!(matches!(error, CoreError::Remote(RemoteError::NoAnswer { is_timeout: true, .. })));
        assert!(error.to_string().ends_with("gave no answer: it took too long"), "{error}");
        assert_eq!(told(&auth, error).await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(silent.seen().len() + other.seen().len(), asked, "nobody waits twice");
    }
}

#[tokio::test]
async fn a_core_that_stops_in_the_middle_of_an_answer_is_given_up_too() {
    let core =
        Script::start(|_| async { Act::Stalls("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{") });
    let core = core.await;
    let auth = auth(RemoteConfig::new(&core.url).timeout(Duration::from_millis(50))).await;
    let error = ask(&auth).await.unwrap_err();
    assert!(error.to_string().ends_with("it took too long"), "{error}");
    assert_eq!(told(&auth, error).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_time_out_of_nothing_is_refused_at_the_start() {
    let core = || RemoteConfig::new("http://127.0.0.1:1");
    for (core, field) in [
        (core().timeout(Duration::ZERO), "`core.timeout`"),
        (core().connect_timeout(Duration::ZERO), "`core.connect_timeout`"),
    ] {
        let error = refusal(core).await;
        assert!(error.contains(field), "{error}");
    }
}
