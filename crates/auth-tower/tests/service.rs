//! The layer around a plain service.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::convert::Infallible;

use auth_core::{
    AppInfo, Auth, Error,
    core::EngineConfig,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        session::{SessionOptions, SessionRecipe},
    },
};
use auth_tower::{AuthLayer, context, defer, verify_session};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::{Service, ServiceBuilder, ServiceExt};

type Body = Full<Bytes>;

async fn app(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    Ok(match parts.uri.path() {
        "/echo" => Response::new(body),
        "/fail" => defer(Error::bad_input("not like this")),
        _ => match verify_session(&parts.extensions, &SessionOptions::new()).await {
            Ok(session) => {
                let user_id = session.map(|session| session.get_user_id().to_string());
                Response::new(user_id.unwrap_or_default().into())
            }
            Err(answer) => answer,
        },
    })
}

async fn auth() -> Auth {
    Auth::builder(AppInfo::new("Test", "https://api.example.com", "https://www.example.com"))
        .core(EngineConfig::in_memory())
        .recipe(EmailPasswordRecipe::new())
        .recipe(SessionRecipe::new())
        .build()
        .await
        .unwrap()
}

async fn send(request: http::request::Builder, body: impl Into<Bytes>) -> Response<Bytes> {
    send_to(&auth().await, request, body).await
}

async fn send_to(
    auth: &Auth,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let mut service = ServiceBuilder::new().layer(AuthLayer::new(auth.clone())).service_fn(app);
    let request = request.body(Full::new(body.into())).unwrap();
    let answer = service.ready().await.unwrap().call(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn sign_in_routes_are_served_and_their_tokens_open_the_application() {
    let auth = auth().await;
    let form = r#"{"formFields":[{"id":"email","value":"ada@example.com"},
        {"id":"password","value":"correct1horse"}]}"#;
    let sign_up = Request::post("/auth/signup").header("st-auth-mode", "header");
    let answer = send_to(&auth, sign_up, form).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let token = answer.headers()["st-access-token"].to_str().unwrap();
    let bearer = Request::get("/whoami").header("authorization", format!("Bearer {token}"));
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let answer = send_to(&auth, bearer, "").await;
    assert_eq!(*answer.body(), body["user"]["id"].as_str().unwrap());
}

#[tokio::test]
async fn what_is_not_a_sign_in_route_passes_on_with_its_body() {
    let answer = send(Request::post("/echo"), "as it was").await;
    assert_eq!((answer.status(), &answer.body()[..]), (StatusCode::OK, &b"as it was"[..]));
}

#[tokio::test]
async fn without_a_session_the_check_gives_the_wire_s_answer() {
    let answer = send(Request::get("/whoami"), "").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(&answer.body()[..], br#"{"message":"unauthorised"}"#);
}

#[tokio::test]
async fn a_deferred_error_is_answered_by_the_layer() {
    let answer = send(Request::get("/fail"), "").await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(&answer.body()[..], br#"{"message":"not like this"}"#);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let answer = send(Request::post("/auth/signup"), vec![b' '; 64 * 1024 + 1]).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn without_the_layer_the_answer_says_what_is_missing() {
    let answer: Response<Body> = context(&http::Extensions::new()).unwrap_err();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
