//! The layer around a plain service.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::convert::Infallible;

use auth_core::{Auth, Error, recipes::session::SessionOptions};
use auth_tower::{AuthLayer, context, defer, verify_session};
use bytes::Bytes;
use http::{Extensions, HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use test_adapters::{UNAUTHORISED, WEBSITE, auth, expect_cors};
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::cors::{AllowMethods, AllowOrigin, CorsLayer};

type Body = Full<Bytes>;

async fn app(request: Request<Body>) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    Ok(match parts.uri.path() {
        "/echo" => Response::new(body),
        "/fail" => defer(Error::bad_input("not like this")),
        "/sign-in" => sign_in(&parts.extensions).await.unwrap_or_else(|refused| refused),
        _ => match verify_session(&parts.extensions, &SessionOptions::new()).await {
            Ok(session) => {
                let user_id = session.map(|session| session.get_user_id().to_string());
                Response::new(user_id.unwrap_or_default().into())
            }
            Err(answer) => answer,
        },
    })
}

async fn sign_in(extensions: &Extensions) -> Result<Response<Body>, Response<Body>> {
    test_adapters::sign_in(context(extensions)?).await.map_err(defer)?;
    Ok(Response::new("welcome".into()))
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
    assert_eq!(answer.body(), UNAUTHORISED);
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

#[tokio::test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    let auth = auth().await;
    let headers = auth.get_all_cors_headers().into_iter().chain([CONTENT_TYPE]);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list([HeaderValue::from_static(WEBSITE)]))
        .allow_credentials(true)
        .allow_headers(headers.collect::<Vec<_>>())
        .allow_methods(AllowMethods::mirror_request());
    let service =
        ServiceBuilder::new().layer(cors).layer(AuthLayer::new(auth.clone())).service_fn(app);
    let send = async |request: Request<Bytes>| {
        let answer = service.clone().oneshot(request.map(Full::new)).await.unwrap();
        let (parts, body) = answer.into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    };
    expect_cors(&auth, send).await;
}

#[test]
fn without_the_layer_the_answer_says_what_is_missing() {
    let answer: Response<Body> = context(&http::Extensions::new()).unwrap_err();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
