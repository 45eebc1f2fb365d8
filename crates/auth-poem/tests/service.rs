//! The middleware and the extractors, without a socket.

#![allow(clippy::unwrap_used)] // a test fails by panicking
#![allow(clippy::needless_pass_by_value)] // handlers take what they extract

use auth_core::recipes::session::SessionOptions;
use auth_poem::{
    AuthContext, AuthError, AuthMiddleware, OptionalSession, Session, SessionRule, SessionWith,
    cors, verify_session,
};
use bytes::Bytes;
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Route,
    error::{NotFoundError, ReadBodyError},
    get, handler,
    http::{HeaderMap, Method, StatusCode, header},
    post,
};
use test_adapters::{UNAUTHORISED, WEBSITE, auth, bearer, expect_cors};

struct NotRevoked;

impl SessionRule for NotRevoked {
    fn options() -> SessionOptions {
        SessionOptions::new().check_database(true)
    }
}

#[handler]
fn whoami(session: Session) -> String {
    session.get_user_id().to_string()
}

#[handler]
fn not_revoked(session: SessionWith<NotRevoked>) -> String {
    session.get_user_id().to_string()
}

#[handler]
fn maybe(session: OptionalSession) -> String {
    session
        .as_ref()
        .map_or_else(|| "nobody".to_owned(), |session| session.get_user_id().to_string())
}

#[handler]
fn echo(body: Vec<u8>) -> Vec<u8> {
    body
}

#[handler]
async fn revoke(session: Session) -> Result<(), AuthError> {
    session.revoke_session().await?;
    Err(auth_core::Error::bad_input("not like this").into())
}

/// Starts a session, and fails in a way of the application's own.
#[handler]
async fn sign_in_and_fail(AuthContext(cx): AuthContext) -> poem::Result<()> {
    test_adapters::sign_in(&cx).await.map_err(AuthError::from)?;
    Err(NotFoundError.into())
}

#[handler]
async fn sign_in(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
    test_adapters::sign_in(&cx).await?;
    Ok("welcome")
}

fn routes() -> Route {
    Route::new()
        .at("/whoami", get(whoami))
        .at("/not-revoked", get(not_revoked))
        .at("/maybe", get(maybe))
        .at(
            "/guarded",
            get(whoami).with(verify_session(SessionOptions::new().check_database(true))),
        )
        .at("/echo", post(echo))
        .at("/revoke", post(revoke))
        .at("/sign-in", post(sign_in))
        .at("/sign-in-and-fail", post(sign_in_and_fail))
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

async fn send(app: &impl Endpoint, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    send_body(app, method, path, headers, "").await
}

async fn send_body(
    app: &impl Endpoint,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Reply {
    let mut request = Request::builder().method(method).uri_str(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = app.get_response(request.body(body.to_owned())).await;
    let body = response.take_body().into_string().await.unwrap();
    Reply { status: response.status(), headers: response.headers().clone(), body }
}

#[tokio::test]
async fn sign_in_routes_are_served_and_their_tokens_open_the_application() {
    let app = routes().with(AuthMiddleware::new(auth().await));
    let form = r#"{"formFields":[{"id":"email","value":"ada@example.com"},
        {"id":"password","value":"correct1horse"}]}"#;
    let header_mode = ("st-auth-mode", "header");
    let reply = send_body(&app, Method::POST, "/auth/signup", &[header_mode], form).await;
    assert_eq!(reply.status, StatusCode::OK);
    let bearer = format!("Bearer {}", reply.headers["st-access-token"].to_str().unwrap());
    let body: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    for path in ["/whoami", "/not-revoked", "/maybe", "/guarded"] {
        let reply = send(&app, Method::GET, path, &[("authorization", &bearer)]).await;
        assert_eq!(reply.body, body["user"]["id"].as_str().unwrap(), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_a_sign_in_route_passes_on_with_its_body() {
    let app = routes().with(AuthMiddleware::new(auth().await));
    assert_eq!(send_body(&app, Method::POST, "/echo", &[], "as it was").await.body, "as it was");
}

#[tokio::test]
async fn without_a_session_only_the_optional_extractor_lets_a_request_pass() {
    let app = routes().with(AuthMiddleware::new(auth().await));
    assert_eq!(send(&app, Method::GET, "/maybe", &[]).await.body, "nobody");
    for path in ["/whoami", "/not-revoked", "/guarded"] {
        let reply = send(&app, Method::GET, path, &[]).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.body, r#"{"message":"unauthorised"}"#);
        assert_eq!(reply.headers["content-type"], "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_revoked_session_is_refused_and_cleared_where_the_rule_asks_the_database() {
    let auth = auth().await;
    let app = routes().with(AuthMiddleware::new(auth.clone()));
    let bearer = bearer(&auth).await;
    let headers = [("authorization", &*bearer)];
    let reply = send(&app, Method::POST, "/revoke", &headers).await;
    assert_eq!(
        (reply.status, &*reply.body),
        (StatusCode::BAD_REQUEST, r#"{"message":"not like this"}"#)
    );
    assert_eq!(reply.headers["st-access-token"], "", "what the handler did before it failed");
    for (path, status) in [("/whoami", 200), ("/not-revoked", 401), ("/guarded", 401)] {
        let reply = send(&app, Method::GET, path, &headers).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(
            reply.headers.get_all(header::SET_COOKIE).iter().count(),
            if status == 401 { 2 } else { 0 }
        );
    }
}

#[tokio::test]
async fn the_application_s_own_error_carries_the_new_session_s_tokens() {
    let own = |_: NotFoundError| async { "no such page".with_status(StatusCode::NOT_FOUND) };
    let app = routes().catch_error(own).with(AuthMiddleware::new(auth().await));
    let reply = send(&app, Method::POST, "/sign-in-and-fail", &[("st-auth-mode", "header")]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::NOT_FOUND, "no such page"));
    assert!(!reply.headers["st-access-token"].is_empty());
}

#[tokio::test]
async fn an_application_that_catches_its_own_errors_does_not_catch_ours() {
    let own = |_: ReadBodyError| async { "not ours" };
    let app = routes().catch_error(own).with(AuthMiddleware::new(auth().await));
    let reply = send(&app, Method::GET, "/whoami", &[]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::UNAUTHORIZED, UNAUTHORISED));
}

#[tokio::test]
async fn an_application_that_catches_every_error_can_hand_ours_on() {
    async fn show(error: poem::Error) -> Response {
        let text = format!("sorry: {error}");
        let is_ours = error.is::<AuthError>();
        let response = error.into_response();
        if is_ours { response } else { text.with_status(response.status()).into_response() }
    }
    let app = routes().catch_all_error(show).with(AuthMiddleware::new(auth().await));
    let reply = send(&app, Method::GET, "/whoami", &[]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::UNAUTHORIZED, UNAUTHORISED));
    let reply = send(&app, Method::GET, "/nowhere", &[]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::NOT_FOUND, "sorry: not found"));
}

#[tokio::test]
async fn an_application_that_answers_every_error_itself_sees_a_status_but_no_secret() {
    async fn show(error: poem::Error) -> Response {
        error.to_string().with_status(error.status()).into_response()
    }
    let app = routes().catch_all_error(show).with(AuthMiddleware::new(auth().await));
    let reply = send(&app, Method::GET, "/whoami", &[]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::UNAUTHORIZED, "401 Unauthorized"));
}

#[tokio::test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    let auth = auth().await;
    let cors = cors(&auth, [WEBSITE]);
    let app = routes().with(AuthMiddleware::new(auth.clone())).with(cors);
    let send = async |request: poem::http::Request<Bytes>| {
        let sent = Request::builder().method(request.method().clone()).uri(request.uri().clone());
        let sent = request.headers().iter().fold(sent, |it, (name, value)| it.header(name, value));
        let mut answer = app.get_response(sent.body(request.into_body())).await;
        let body = answer.take_body().into_bytes().await.unwrap();
        let mut converted = poem::http::Response::new(body);
        *converted.status_mut() = answer.status();
        *converted.headers_mut() = answer.headers().clone();
        converted
    };
    expect_cors(&auth, send).await;
}

#[tokio::test]
async fn cors_within_the_middleware_is_on_the_application_s_refusals_too() {
    let auth = auth().await;
    let cors = cors(&auth, [WEBSITE]);
    let app = routes().with(cors).with(AuthMiddleware::new(auth));
    let reply = send(&app, Method::GET, "/whoami", &[("origin", WEBSITE)]).await;
    assert_eq!((reply.status, &*reply.body), (StatusCode::UNAUTHORIZED, UNAUTHORISED));
    assert_eq!(reply.headers["access-control-allow-origin"], WEBSITE);
    assert_eq!(reply.headers["access-control-allow-credentials"], "true");
}

#[tokio::test]
async fn without_the_middleware_the_answer_says_what_is_missing() {
    let reply = send(&routes(), Method::GET, "/whoami", &[]).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.body, "AuthMiddleware is missing: add it around this route");
}

/// The README's table: what isn't ours is answered in the framework's own way.
#[tokio::test]
async fn what_poem_refuses_by_itself_is_as_the_readme_says() {
    #[handler]
    fn own(body: poem::web::Json<Vec<u8>>) -> String {
        body.len().to_string()
    }
    let routes = Route::new().at("/own", poem::post(own));
    let app = routes.with(AuthMiddleware::new(auth().await));
    let json = |body: &'static str| {
        Request::builder()
            .method(Method::POST)
            .uri_str("/own")
            .content_type("application/json")
            .body(body)
    };
    let of = |method, path: &str| Request::builder().method(method).uri_str(path).finish();
    for (request, status, body) in [
        (json("["), 400, "parse error: "),
        (json("{}"), 400, "parse error: "),
        (of(Method::GET, "/nowhere"), 404, "not found"),
        (of(Method::GET, "/own"), 405, "method not allowed"),
    ] {
        let answer = app.get_response(request).await;
        assert_eq!(answer.status(), status);
        assert!(!answer.headers().contains_key("allow"));
        let text = answer.into_body().into_string().await.unwrap();
        assert!(text.starts_with(body), "{text}");
    }
}
