//! FDI: emailpassword, sign in.

use http::StatusCode;
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, form};

#[tokio::test]
async fn the_right_password_starts_a_session() {
    let app = App::new().await;
    app.sign_up().await;
    let answer = app.post("/auth/signin", &form("ADA@example.com", PASSWORD)).await;
    let body = answer.json();
    assert_eq!(body["status"], "OK");
    assert_eq!(body["user"]["emails"], json!([EMAIL]));
    assert!(answer.header("front-token").is_some());
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let app = App::new().await;
    app.sign_up().await;
    let wrong = app.post("/auth/signin", &form(EMAIL, "wrong")).await;
    let unknown = app.post("/auth/signin", &form("other@example.com", PASSWORD)).await;
    let fake = app.post("/auth/signin", &form("x@google.fakeemail.com", PASSWORD)).await;
    for answer in [&wrong, &unknown, &fake] {
        answer.is_ok_json(&json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
        assert_eq!(answer.0.headers, wrong.0.headers);
    }
}

#[tokio::test]
async fn a_session_is_disregarded_unless_the_client_names_it() {
    let app = App::new().await;
    app.sign_up().await;
    let headers = [("authorization", "Bearer x"), ("fdi-version", "3.1")];
    let answer = app.post_with("/auth/signin", &headers, &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.json()["status"], "OK");
    let mut body = form(EMAIL, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!("true");
    assert_eq!(app.post("/auth/signin", &body).await.json()["status"], "OK");
}

#[tokio::test]
async fn front_ends_before_fdi_3_1_keep_their_session_where_it_is_the_same_users() {
    let app = App::new().await;
    let token = format!("Bearer {}", app.sign_up().await);
    let other = form("other@example.com", PASSWORD);
    assert_eq!(app.post("/auth/signup", &other).await.json()["status"], "OK");
    let headers =
        [("authorization", token.as_str()), ("fdi-version", "3.0"), ("st-auth-mode", "header")];

    let same = app.post_with("/auth/signin", &headers, &form(EMAIL, PASSWORD)).await;
    assert_eq!(same.json()["status"], "OK");
    assert_eq!(same.header("st-access-token"), None);

    let other = app.post_with("/auth/signin", &headers, &other).await;
    assert_eq!(other.json()["status"], "OK");
    assert!(other.header("st-access-token").is_some());
}

#[tokio::test]
async fn for_older_front_ends_the_flag_means_nothing() {
    let app = App::new().await;
    app.sign_up().await;
    let mut body = form(EMAIL, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let answer = app.post_with("/auth/signin", &[("fdi-version", "3.0")], &body).await;
    assert_eq!((answer.0.status, &answer.json()["status"]), (StatusCode::OK, &json!("OK")));
}
