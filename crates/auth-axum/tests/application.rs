//! What an application may do of its own around the layer. Routes and sessions themselves are proved
//! by the conformance suite.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use auth_axum::{AuthContext, AuthError, AuthLayer, Session, cors_layer, verify_session};
use auth_core::recipes::session::{SessionError, SessionOptions};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use test_adapters::{UNAUTHORISED, WEBSITE, auth, bearer, expect_cors};
use tower::ServiceExt;

async fn whoami(session: Session) -> String {
    session.get_user_id().to_string()
}

async fn sign_in(AuthContext(cx): AuthContext) -> Result<&'static str, AuthError> {
    test_adapters::sign_in(&cx).await?;
    Ok("welcome")
}

async fn send(app: &Router, request: Request<Bytes>) -> Response<Bytes> {
    let answer = app.clone().oneshot(request.map(Body::from)).await.unwrap();
    let (parts, body) = answer.into_parts();
    Response::from_parts(parts, to_bytes(body, usize::MAX).await.unwrap())
}

async fn get_of(app: &Router, path: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    let request =
        headers.iter().fold(Request::get(path), |it, (name, value)| it.header(*name, *value));
    send(app, request.body(Bytes::new()).unwrap()).await
}

fn cookies(headers: &HeaderMap) -> usize {
    headers.get_all(header::SET_COOKIE).iter().count()
}

#[tokio::test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    let auth = auth().await;
    let app = Router::new()
        .route("/whoami", get(whoami))
        .route("/sign-in", post(sign_in))
        .layer(AuthLayer::new(auth.clone()))
        .layer(cors_layer(&auth, [WEBSITE]));
    expect_cors(&auth, async |request| send(&app, request).await).await;
}

enum ShopError {
    Auth(AuthError),
    SoldOut,
}

impl From<auth_core::Error> for ShopError {
    fn from(error: auth_core::Error) -> Self {
        Self::Auth(error.into())
    }
}

impl IntoResponse for ShopError {
    fn into_response(self) -> Response {
        match self {
            Self::Auth(error) => error.into_response(),
            Self::SoldOut => (StatusCode::GONE, "sold out").into_response(),
        }
    }
}

#[tokio::test]
async fn an_application_s_own_error_type_hands_errors_on_and_keeps_its_own() {
    async fn theirs(AuthContext(cx): AuthContext) -> Result<String, ShopError> {
        test_adapters::sign_in(&cx).await?;
        Err(auth_core::Error::from(SessionError::unauthorised("no")).into())
    }
    async fn own(AuthContext(cx): AuthContext) -> Result<String, ShopError> {
        test_adapters::sign_in(&cx).await?;
        Err(ShopError::SoldOut)
    }
    let app = Router::new()
        .route("/theirs", get(theirs))
        .route("/own", get(own))
        .layer(AuthLayer::new(auth().await));
    let answer = get_of(&app, "/theirs", &[]).await;
    assert_eq!(
        (answer.status(), &answer.body()[..]),
        (StatusCode::UNAUTHORIZED, UNAUTHORISED.as_bytes())
    );
    assert_eq!(cookies(answer.headers()), 2, "the tokens that were just made are cleared");
    let answer = get_of(&app, "/own", &[("st-auth-mode", "cookie")]).await;
    assert_eq!((answer.status(), &answer.body()[..]), (StatusCode::GONE, &b"sold out"[..]));
    assert_eq!(cookies(answer.headers()), 2, "the session that was made reaches the client");
}

#[tokio::test]
async fn a_layer_within_sees_a_refusal_s_status_and_may_answer_in_its_place() {
    async fn page(answer: Response) -> Response {
        match answer.status() {
            StatusCode::UNAUTHORIZED => {
                (StatusCode::UNAUTHORIZED, "<h1>Please sign in</h1>").into_response()
            }
            _ => answer,
        }
    }
    let app = Router::new()
        .route("/", get(whoami))
        .layer(map_response(page))
        .layer(AuthLayer::new(auth().await));
    let answer = get_of(&app, "/", &[]).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(&answer.body()[..], b"<h1>Please sign in</h1>", "it was the application's decision");
}

#[tokio::test]
async fn a_session_that_a_guard_found_is_the_one_that_the_handler_gets() {
    async fn end(session: Session) -> Result<String, AuthError> {
        session.revoke_session().await?;
        Ok(session.get_user_id().to_string())
    }
    async fn maybe(session: Option<Session>) -> String {
        session.is_some().to_string()
    }
    let auth = auth().await;
    let check = || verify_session(SessionOptions::new().check_database(true));
    let app = Router::new()
        .route("/end", get(end).layer(check()))
        .route("/guarded", get(maybe).layer(check()))
        .route("/maybe", get(maybe))
        .layer(AuthLayer::new(auth.clone()));
    let bearer = bearer(&auth).await;
    let own = [("authorization", &*bearer)];
    assert_eq!(get_of(&app, "/guarded", &own).await.body(), "true");
    assert_eq!(get_of(&app, "/end", &own).await.body(), "ada");
    assert_eq!(get_of(&app, "/guarded", &own).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get_of(&app, "/maybe", &own).await.body(), "true", "no guard asks the database");
}

#[tokio::test]
async fn without_the_layer_the_answer_says_what_is_missing() {
    let app = Router::new().route("/", get(whoami));
    let answer = get_of(&app, "/", &[]).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    assert!(text.contains("AuthLayer is missing"), "{text}");
}

/// The README's table: what isn't ours is answered in the framework's own way.
#[tokio::test]
async fn what_axum_refuses_by_itself_is_as_the_readme_says() {
    async fn own(axum::Json(body): axum::Json<Vec<u8>>) -> String {
        body.len().to_string()
    }
    let app = Router::new().route("/own", post(own)).layer(AuthLayer::new(auth().await));
    let json = |body: &'static str| {
        let request = Request::post("/own").header("content-type", "application/json");
        request.body(Bytes::from(body)).unwrap()
    };
    let of = |method: &str, path: &str| {
        Request::builder().method(method).uri(path).body(Bytes::new()).unwrap()
    };
    for (request, status, body, allow) in [
        (json("["), 400, "Failed to parse the request body as JSON", None),
        (json("{}"), 422, "Failed to deserialize the JSON body", None),
        (of("GET", "/nowhere"), 404, "", None),
        (of("GET", "/own"), 405, "", Some("POST")),
    ] {
        let answer = send(&app, request).await;
        assert_eq!(answer.status(), status);
        let text = String::from_utf8_lossy(answer.body());
        assert!(text.starts_with(body) && text.is_empty() == body.is_empty(), "{text}");
        assert_eq!(answer.headers().get("allow").map(|it| it.to_str().unwrap()), allow);
    }
}
