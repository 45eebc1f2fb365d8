//! What is answered while the core's database can't be used.

use http::StatusCode;
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, form};

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
