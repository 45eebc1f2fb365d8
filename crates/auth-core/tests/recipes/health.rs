//! What is answered while the core's database can't be used.

use std::time::Duration;

use auth_core::{Request, limits::Limits, recipes::emailpassword::EmailPasswordRecipe};
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, builder, engine_config, form};

#[tokio::test]
async fn a_health_route_says_whether_the_core_can_serve_and_no_more() {
    let app = App::new().await;
    let answer = app.0.health().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(&answer.body[..], br#"{"status":"OK"}"#);
    app.0.shutdown().await;
    let answer = app.0.health().await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(&answer.body[..], br#"{"status":"UNAVAILABLE"}"#);
}

#[tokio::test]
async fn what_may_succeed_later_is_answered_with_503_and_when_to_try_again() {
    let app = App::new().await;
    app.0.shutdown().await;
    let answer = app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.0.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json(), json!({ "message": "the service is temporarily unavailable" }));
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let app = App::new().await;
    tokio::time::pause();
    let route = app.0.route(&Method::POST, "/auth/signin", None).expect("a route");
    let head = Request::new(Method::POST, "/auth/signin", &HeaderMap::new());
    let start = tokio::time::Instant::now();
    let answer = app.0.serve(route, head, |_| std::future::pending()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn sign_ins_that_would_wait_too_long_for_their_hash_are_503_and_the_others_are_done() {
    let core = engine_config().password_hashing_longest_wait(Duration::ZERO);
    // So many of one account would come to its limit.
    let builder = builder().core(core).limits(Limits::off()).recipe(EmailPasswordRecipe::new());
    let app = App(builder.build().await.expect("a valid configuration"));
    app.sign_up().await;
    let form = form(EMAIL, PASSWORD);
    let answers = (0..200).map(|_| app.post("/auth/signin", &form));
    let (done, refused): (Vec<_>, Vec<_>) = futures_util::future::join_all(answers)
        .await
        .into_iter()
        .partition(|answer| answer.0.status == StatusCode::OK);
    assert!(!done.is_empty() && !refused.is_empty());
    assert!(done.iter().all(|answer| answer.json()["status"] == "OK"));
    for answer in refused {
        assert_eq!(answer.0.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.json(), json!({ "message": "the service is temporarily unavailable" }));
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}
