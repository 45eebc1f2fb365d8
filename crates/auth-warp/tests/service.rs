//! The service and the filters, without a socket.

#![allow(clippy::unwrap_used)] // a test fails by panicking
#![allow(clippy::needless_pass_by_value)] // handlers take what filters extract

use std::convert::Infallible;

use auth_core::{
    Context,
    recipes::session::{Session, SessionOptions},
};
use auth_warp::{
    AuthError, AuthService, context, cors, optional_session, session, session_with, verify_session,
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use test_adapters::{UNAUTHORISED, WEBSITE, auth, bearer, expect_cors};
use tower::{Service, ServiceExt};
use warp::{Filter, Rejection, Reply, filters::BoxedFilter};

fn user_id(session: Session) -> String {
    session.get_user_id().to_string()
}

async fn revoke(session: Session) -> Result<&'static str, AuthError> {
    session.revoke_session().await?;
    Err(auth_core::Error::bad_input("not like this").into())
}

async fn sign_in(cx: Context) -> Result<&'static str, AuthError> {
    test_adapters::sign_in(&cx).await?;
    Ok("welcome")
}

async fn sign_in_and_reject(cx: Context) -> Result<&'static str, Rejection> {
    sign_in(cx).await.unwrap();
    Err(warp::reject::not_found())
}

fn routes() -> BoxedFilter<(impl Reply,)> {
    let check_database = || SessionOptions::new().check_database(true);
    let maybe = |session: Option<Session>| session.map_or("nobody".to_owned(), user_id);
    let whoami = warp::path!("whoami").and(warp::get()).and(session()).map(user_id);
    let not_revoked = warp::path!("not-revoked").and(session_with(check_database())).map(user_id);
    let optional = warp::path!("maybe").and(optional_session()).map(maybe);
    let verified = warp::path!("verified").and(verify_session(check_database())).map(maybe);
    let echo = warp::path!("echo").and(warp::post()).and(warp::body::bytes());
    let echo = echo.map(|body: Bytes| body.to_vec());
    let revoke = warp::path!("revoke").and(session()).then(revoke);
    let signed_in = warp::path!("sign-in").and(context()).then(sign_in);
    let rejected = warp::path!("rejected").and(context()).and_then(sign_in_and_reject);
    whoami
        .or(not_revoked)
        .or(optional)
        .or(verified)
        .or(echo)
        .or(revoke)
        .or(signed_in)
        .or(rejected)
        .boxed()
}

async fn send(
    service: &AuthService,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> Response<Bytes> {
    let request = request.body(Full::new(body.into())).unwrap();
    let answer = service.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

async fn get(service: &AuthService, path: &str) -> Response<Bytes> {
    send(service, Request::get(path), "").await
}

#[tokio::test]
async fn sign_in_routes_are_served_and_their_tokens_open_the_application() {
    let service = AuthService::new(auth().await, routes());
    let form = r#"{"formFields":[{"id":"email","value":"ada@example.com"},
        {"id":"password","value":"correct1horse"}]}"#;
    let sign_up = Request::post("/auth/signup").header("st-auth-mode", "header");
    let answer = send(&service, sign_up, form).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let token = answer.headers()["st-access-token"].to_str().unwrap();
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    for path in ["/whoami", "/not-revoked", "/maybe", "/verified"] {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        let answer = send(&service, request, "").await;
        assert_eq!(*answer.body(), body["user"]["id"].as_str().unwrap(), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_a_sign_in_route_passes_on_with_its_body() {
    let service = AuthService::new(auth().await, routes());
    let answer = send(&service, Request::post("/echo"), "as it was").await;
    assert_eq!((answer.status(), &answer.body()[..]), (StatusCode::OK, &b"as it was"[..]));
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let service = AuthService::new(auth().await, routes());
    let answer = send(&service, Request::post("/auth/signup"), vec![b' '; 64 * 1024 + 1]).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn without_a_session_only_the_optional_filter_lets_a_request_pass() {
    let service = AuthService::new(auth().await, routes());
    assert_eq!(get(&service, "/maybe").await.body(), "nobody");
    for path in ["/whoami", "/not-revoked", "/verified"] {
        let answer = get(&service, path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.body(), UNAUTHORISED, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_refusal_is_the_answer_whatever_the_application_makes_of_rejections() {
    async fn show(rejection: Rejection) -> Result<impl Reply, Infallible> {
        let status = match rejection.is_not_found() {
            true => StatusCode::NOT_FOUND,
            false => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Ok(warp::reply::with_status("sorry", status))
    }
    let auth = auth().await;
    let own_recover = AuthService::new(auth.clone(), routes().recover(show));
    let fallback = AuthService::new(auth.clone(), routes().or(warp::any().map(|| "a page")));
    for service in [&own_recover, &fallback] {
        let answer = get(service, "/whoami").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(answer.body(), UNAUTHORISED);
    }
    let answer = get(&own_recover, "/nowhere").await;
    assert_eq!((answer.status(), &answer.body()[..]), (StatusCode::NOT_FOUND, &b"sorry"[..]));
    assert_eq!(get(&fallback, "/nowhere").await.body(), "a page");
    // The method comes before the session: nobody was refused.
    assert_eq!(send(&fallback, Request::post("/whoami"), "").await.body(), "a page");
}

#[tokio::test]
async fn a_later_filter_that_finds_its_session_lifts_a_refusal() {
    let auth = auth().await;
    let bearer = bearer(&auth).await;
    let revoked = |options| warp::path!("either").and(session_with(options));
    let either = revoked(SessionOptions::new().check_database(true))
        .map(|_: Session| "in the database")
        .or(revoked(SessionOptions::new()).map(|_: Session| "by its token"));
    let service = AuthService::new(auth, either.or(routes()));
    let request = |path| Request::get(path).header("authorization", &bearer);
    assert_eq!(send(&service, request("/either"), "").await.body(), "in the database");
    send(&service, request("/revoke"), "").await;
    assert_eq!(send(&service, request("/either"), "").await.body(), "by its token");
}

#[tokio::test]
async fn a_handler_s_error_is_answered_with_what_it_did_before() {
    let auth = auth().await;
    let request = Request::post("/revoke").header("authorization", bearer(&auth).await);
    let answer = send(&AuthService::new(auth, routes()), request, "").await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(&answer.body()[..], br#"{"message":"not like this"}"#);
    assert_eq!(answer.headers()["st-access-token"], "");
}

#[tokio::test]
async fn a_rejection_of_the_application_s_own_carries_the_new_session_s_tokens() {
    let request = Request::post("/rejected").header("st-auth-mode", "header");
    let answer = send(&AuthService::new(auth().await, routes()), request, "").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!answer.headers()["st-access-token"].is_empty());
}

#[tokio::test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    let auth = auth().await;
    let service = AuthService::new(auth.clone(), routes()).cors(cors(&auth, [WEBSITE]));
    let send = async |request: Request<Bytes>| {
        let (parts, body) = request.into_parts();
        let answer = service.clone().oneshot(Request::from_parts(parts, Full::new(body))).await;
        let (parts, body) = answer.unwrap().into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    };
    expect_cors(&auth, send).await;
}

#[tokio::test]
async fn cors_exposes_the_application_s_headers_beside_ours() {
    let auth = auth().await;
    let cors = cors(&auth, [WEBSITE]).expose_headers(["x-own"]);
    let service = AuthService::new(auth, routes()).cors(cors);
    let sign_in = Request::post("/sign-in").header("origin", WEBSITE);
    let answer = send(&service, sign_in, "").await;
    let exposed = answer.headers()["access-control-expose-headers"].to_str().unwrap();
    assert!(exposed.contains("x-own") && exposed.contains("front-token"), "{exposed}");
}

#[tokio::test]
async fn without_the_service_the_answer_says_what_is_missing() {
    let answer = warp::service(routes())
        .call(Request::get("/whoami").body(Full::<Bytes>::default()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "Unhandled rejection: ServeThisFilterByAuthService");
}

/// The README's table: what isn't ours is answered in the framework's own way.
#[tokio::test]
async fn what_warp_refuses_by_itself_is_as_the_readme_says() {
    let own = warp::path!("own").and(warp::post()).and(warp::body::json());
    let own = own.map(|body: Vec<u8>| body.len().to_string());
    let service = AuthService::new(auth().await, own);
    let json = || Request::post("/own").header("content-type", "application/json");
    for (request, sent, status, body) in [
        (json(), "[", 400, "Request body deserialize error: "),
        (json(), "{}", 400, "Request body deserialize error: "),
        (Request::get("/nowhere"), "", 404, ""),
        (Request::get("/own"), "", 405, "HTTP method not allowed"),
    ] {
        let answer = send(&service, request, sent).await;
        assert_eq!(answer.status(), status);
        let text = String::from_utf8_lossy(answer.body());
        assert!(text.starts_with(body) && text.is_empty() == body.is_empty(), "{text}");
        assert!(!answer.headers().contains_key("allow"));
    }
}
