//! The middleware and the extractors, without a socket.

#![allow(clippy::unwrap_used)] // a test fails by panicking
#![allow(clippy::needless_pass_by_value)] // handlers take what they extract

use auth_core::{
    AppInfo, Auth,
    core::EngineConfig,
    protocol::{JsonObject, RecipeUserId, TenantId},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        session::{SessionOptions, SessionRecipe},
    },
};
use auth_poem::{
    AuthContext, AuthError, AuthMiddleware, OptionalSession, Session, SessionRule, SessionWith,
    cors, verify_session,
};
use poem::{
    Endpoint, EndpointExt, IntoResponse, Request, Response, Route,
    error::{NotFoundError, ReadBodyError},
    get, handler,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    post,
};

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
    let (payload, data) = (JsonObject::new(), JsonObject::new());
    let guest = RecipeUserId::new("guest");
    let sessions = cx.session().map_err(AuthError::from)?;
    sessions
        .create_new_session(&TenantId::default(), guest, payload, data)
        .await
        .map_err(AuthError::from)?;
    Err(NotFoundError.into())
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
        .at("/sign-in-and-fail", post(sign_in_and_fail))
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

/// The token of a new session.
async fn signed_in(auth: &Auth) -> String {
    let (payload, data) = (JsonObject::new(), JsonObject::new());
    let (tenant, user) = (TenantId::default(), RecipeUserId::new("ada"));
    let sessions = auth.session().unwrap();
    let session = sessions
        .create_new_session_without_request_response(&tenant, user, payload, data, true)
        .await
        .unwrap();
    session.get_all_session_tokens_dangerously().unwrap().access_token.expose_secret().to_owned()
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
    let bearer = format!("Bearer {}", signed_in(&auth).await);
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
    assert_eq!(
        (reply.status, &*reply.body),
        (StatusCode::UNAUTHORIZED, r#"{"message":"unauthorised"}"#)
    );
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
    assert_eq!(
        (reply.status, &*reply.body),
        (StatusCode::UNAUTHORIZED, r#"{"message":"unauthorised"}"#)
    );
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
async fn cors_headers_are_on_every_answer_whichever_side_of_the_middleware_they_come_from() {
    let auth = auth().await;
    let website = "https://www.example.com";
    let origin = || [HeaderValue::from_static(website)];
    let outside = routes().with(AuthMiddleware::new(auth.clone())).with(cors(&auth, origin()));
    let inside = routes().with(cors(&auth, origin())).with(AuthMiddleware::new(auth.clone()));
    let headers = [("origin", website)];
    for reply in [
        send(&outside, Method::GET, "/whoami", &headers).await,
        send(&inside, Method::GET, "/whoami", &headers).await,
        send(&outside, Method::POST, "/auth/signin", &headers).await,
    ] {
        assert_eq!(reply.headers["access-control-allow-origin"], website, "{}", reply.body);
        assert_eq!(reply.headers["access-control-allow-credentials"], "true");
    }
    let preflight = [
        ("origin", website),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type,rid,st-auth-mode"),
    ];
    let reply = send(&outside, Method::OPTIONS, "/auth/signin", &preflight).await;
    assert_eq!(reply.status, StatusCode::OK);
    let allowed = reply.headers["access-control-allow-headers"].to_str().unwrap();
    assert!(allowed.contains("st-auth-mode") && allowed.contains("anti-csrf"), "{allowed}");
}

#[tokio::test]
async fn without_the_middleware_the_answer_says_what_is_missing() {
    let reply = send(&routes(), Method::GET, "/whoami", &[]).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.body, "AuthMiddleware is missing: add it around this route");
}
