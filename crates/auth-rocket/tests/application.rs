//! What an application may do of its own around the fairing. Routes and sessions themselves are
//! proved by the conformance suite.

#![allow(clippy::unwrap_used)] // a test fails by panicking
#![allow(clippy::needless_pass_by_value)] // Rocket's handlers own their guards

use auth_core::{
    Auth,
    protocol::UserId,
    recipes::session::{SessionError, SessionOptions},
};
use auth_rocket::{AuthContext, AuthError, AuthFairing, OptionalSession, Session, verify_session};
use bytes::Bytes;
use rocket::{
    Build, Catcher, Data, Request, Responder, Rocket, Route, catch, catchers,
    data::ToByteUnit,
    error::ErrorKind,
    get,
    http::{Header, Method, Status},
    local::asynchronous::{Client, LocalResponse},
    outcome::try_outcome,
    post,
    request::{FromRequest, Outcome},
    routes,
    tokio::io::AsyncReadExt,
};
use test_adapters::{UNAUTHORISED, WEBSITE, auth, bearer, expect_cors};

#[get("/whoami")]
fn whoami(session: Session) -> String {
    session.get_user_id().to_string()
}

#[post("/sign-in")]
async fn sign_in(cx: AuthContext) -> Result<&'static str, AuthError> {
    test_adapters::sign_in(&cx.0).await?;
    Ok("welcome")
}

#[catch(default)]
fn own_page(status: Status, _: &Request<'_>) -> String {
    format!("our own {}", status.code)
}

fn rocket(auth: &Auth, routes: Vec<Route>, catchers: Vec<Catcher>) -> Rocket<Build> {
    let config = rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..rocket::Config::debug_default()
    };
    rocket::custom(config)
        .attach(AuthFairing::new(auth.clone()))
        .mount("/", routes)
        .register("/", catchers)
}

async fn client(rocket: Rocket<Build>) -> Client {
    Client::untracked(rocket).await.unwrap()
}

async fn send<'c>(
    client: &'c Client,
    method: Method,
    path: &'c str,
    headers: &[(&'static str, &str)],
) -> LocalResponse<'c> {
    let request = headers.iter().fold(client.req(method, path), |request, (name, value)| {
        request.header(Header::new(*name, (*value).to_owned()))
    });
    request.dispatch().await
}

async fn outcome(answer: LocalResponse<'_>) -> (u16, String) {
    (answer.status().code, answer.into_string().await.unwrap_or_default())
}

#[rocket::async_test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    let auth = auth().await;
    let rocket = rocket::custom(rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..rocket::Config::debug_default()
    });
    let fairing = AuthFairing::new(auth.clone()).cors([WEBSITE]);
    let client = client(rocket.attach(fairing).mount("/", routes![whoami, sign_in])).await;
    let send = async |request: http::Request<Bytes>| {
        let method = request.method().as_str().parse().unwrap();
        let mut sent = client.req(method, request.uri().path().to_owned());
        for (name, value) in request.headers() {
            sent.add_header(Header::new(name.to_string(), value.to_str().unwrap().to_owned()));
        }
        let answer = sent.dispatch().await;
        let mut converted = http::Response::builder().status(answer.status().code);
        for header in answer.headers().iter() {
            converted = converted.header(header.name().as_str(), header.value());
        }
        converted.body(Bytes::from(answer.into_bytes().await.unwrap_or_default())).unwrap()
    };
    expect_cors(&auth, send).await;
}

#[derive(Responder)]
enum ShopError {
    Auth(AuthError),
    #[response(status = 410)]
    SoldOut(&'static str),
}

impl From<auth_core::Error> for ShopError {
    fn from(error: auth_core::Error) -> Self {
        Self::Auth(error.into())
    }
}

#[get("/theirs")]
async fn theirs(cx: AuthContext) -> Result<String, ShopError> {
    test_adapters::sign_in(&cx.0).await?;
    Err(auth_core::Error::from(SessionError::unauthorised("no")).into())
}

#[get("/own")]
async fn own(cx: AuthContext) -> Result<String, ShopError> {
    test_adapters::sign_in(&cx.0).await?;
    Err(ShopError::SoldOut("sold out"))
}

#[rocket::async_test]
async fn an_application_s_own_error_type_hands_errors_on_and_keeps_its_own() {
    let app = client(rocket(&auth().await, routes![theirs, own], catchers![own_page])).await;
    let answer = send(&app, Method::Get, "/theirs", &[]).await;
    let cookies = answer.headers().get("set-cookie").count();
    assert_eq!(cookies, 2, "the tokens that were just made are cleared");
    assert_eq!(outcome(answer).await, (401, UNAUTHORISED.to_owned()));
    let answer = send(&app, Method::Get, "/own", &[("st-auth-mode", "cookie")]).await;
    let cookies = answer.headers().get("set-cookie").count();
    assert_eq!(cookies, 2, "the session that was made reaches the client");
    assert_eq!(outcome(answer).await, (410, "sold out".to_owned()));
}

#[get("/fail")]
async fn fail(cx: AuthContext) -> Result<String, AuthError> {
    test_adapters::sign_in(&cx.0).await?;
    Err(auth_core::Error::other("the password is hunter2").into())
}

#[get("/vanish")]
async fn vanish(cx: AuthContext) -> Result<String, Status> {
    test_adapters::sign_in(&cx.0).await.map_err(|_| Status::InternalServerError)?;
    Err(Status::NotFound)
}

#[rocket::async_test]
async fn the_application_s_catchers_answer_its_own_errors_and_never_ours() {
    let auth = auth().await;
    let app = client(rocket(&auth, routes![whoami, fail, vanish], catchers![own_page])).await;
    let answer = send(&app, Method::Get, "/whoami", &[]).await;
    assert_eq!(outcome(answer).await, (401, UNAUTHORISED.to_owned()));
    let (status, body) = outcome(send(&app, Method::Get, "/fail", &[]).await).await;
    assert_eq!((status, &*body), (500, r#"{"message":"internal error"}"#));
    let answer = send(&app, Method::Get, "/nowhere", &[]).await;
    assert_eq!(outcome(answer).await, (404, "our own 404".to_owned()));
    let answer = send(&app, Method::Get, "/vanish", &[("st-auth-mode", "header")]).await;
    let token = answer.headers().get_one("st-access-token").unwrap_or_default();
    assert!(!token.is_empty(), "a caught error carries the tokens");
    assert_eq!(outcome(answer).await, (404, "our own 404".to_owned()));
    // What the sign-in routes answer is no error of the application's.
    let answer = send(&app, Method::Post, "/auth/session/refresh", &[]).await;
    assert_eq!(outcome(answer).await, (401, UNAUTHORISED.to_owned()));
}

/// Lets requests of visitors pass on to another route.
struct Member(String);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Member {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        let options = SessionOptions::new().optional().check_database(true);
        match try_outcome!(verify_session(request, &options).await) {
            Some(session) => Outcome::Success(Self(session.get_user_id().to_string())),
            None => Outcome::Forward(Status::Unauthorized),
        }
    }
}

#[get("/page")]
fn page_of_members(member: Member) -> String {
    format!("welcome back, {}", member.0)
}

#[get("/page", rank = 2)]
fn page_of_visitors(session: OptionalSession) -> &'static str {
    assert!(session.is_none(), "members have a page of their own");
    "welcome"
}

#[get("/decide")]
fn decide(session: Result<Session, AuthError>) -> String {
    session.map_or_else(|error| format!("no: {error}"), |it| format!("yes: {}", it.get_user_id()))
}

#[rocket::async_test]
async fn a_guard_of_the_application_s_own_can_forward_and_a_handler_can_decide() {
    let auth = auth().await;
    let routes = routes![page_of_members, page_of_visitors, decide];
    let app = client(rocket(&auth, routes, Vec::new())).await;
    let bearer = bearer(&auth).await;
    let member = [("authorization", &*bearer)];
    let answer = send(&app, Method::Get, "/page", &member).await;
    assert_eq!(outcome(answer).await, (200, "welcome back, ada".to_owned()));
    let answer = send(&app, Method::Get, "/page", &[]).await;
    assert_eq!(outcome(answer).await, (200, "welcome".to_owned()));
    let answer = send(&app, Method::Get, "/decide", &member).await;
    assert_eq!(outcome(answer).await, (200, "yes: ada".to_owned()));
    let (status, text) = outcome(send(&app, Method::Get, "/decide", &[]).await).await;
    assert!(status == 200 && text.starts_with("no: unauthorised"), "{status} {text}");

    let sessions = auth.session().unwrap();
    sessions.revoke_all_sessions_for_user(UserId::new("ada")).await.unwrap();
    let answer = send(&app, Method::Get, "/page", &member).await;
    assert_eq!(outcome(answer).await, (401, UNAUTHORISED.to_owned()), "an ended one is no visitor");
}

#[post("/upload", data = "<body>")]
async fn upload(_session: Session, body: Data<'_>) -> std::io::Result<String> {
    let (mut body, mut pieces, mut sum) = (body.open(100.mebibytes()), vec![0; 4096], 0_u64);
    loop {
        match body.read(&mut pieces).await? {
            0 => return Ok(sum.to_string()),
            read => sum += pieces[..read].iter().map(|byte| u64::from(*byte)).sum::<u64>(),
        }
    }
}

#[rocket::async_test]
async fn a_body_is_the_handler_s_to_stream_beyond_any_limit_of_ours() {
    let auth = auth().await;
    let app = client(rocket(&auth, routes![upload], Vec::new())).await;
    let body: Vec<u8> = (0..=255).cycle().take(1024 * 1024).collect();
    let sum: u64 = body.iter().map(|byte| u64::from(*byte)).sum();
    for (path, expected) in [("/upload", Some((200, sum.to_string()))), ("/auth/signup", None)] {
        let request = app.post(path).header(Header::new("authorization", bearer(&auth).await));
        let answer = outcome(request.body(&body).dispatch().await).await;
        match expected {
            Some(expected) => assert_eq!(answer, expected),
            None => assert_eq!(answer.0, 413, "a sign-in route has one: {}", answer.1),
        }
    }
}

#[rocket::async_test]
async fn a_rocket_without_the_fairing_does_not_launch() {
    for routes in [routes![whoami], routes![sign_in], routes![theirs]] {
        let config = rocket::Config {
            log_level: rocket::config::LogLevel::Off,
            ..rocket::Config::debug_default()
        };
        let error = rocket::custom(config).mount("/", routes).ignite().await.unwrap_err();
        let is_refused = matches!(error.kind(), ErrorKind::SentinelAborts(_));
        assert!(is_refused, "{error}");
    }
    rocket(&auth().await, routes![whoami, sign_in, theirs], Vec::new()).ignite().await.unwrap();
}

#[rocket::async_test]
async fn the_handle_may_be_managed_by_the_application_too() {
    let ours = auth().await;
    for (managed, is_first) in [(ours.clone(), true), (ours.clone(), false), (auth().await, true)] {
        let rocket = rocket::custom(rocket::Config {
            log_level: rocket::config::LogLevel::Off,
            ..rocket::Config::debug_default()
        });
        let fairing = AuthFairing::new(ours.clone());
        let rocket = match is_first {
            true => rocket.manage(managed).attach(fairing),
            false => rocket.attach(fairing).manage(managed),
        };
        let client = client(rocket.mount("/", routes![whoami, state])).await;
        let bearer = bearer(&ours).await;
        let answer = send(&client, Method::Get, "/whoami", &[("authorization", &bearer)]).await;
        assert_eq!(outcome(answer).await, (200, "ada".to_owned()));
        let answer = send(&client, Method::Get, "/state", &[]).await;
        assert_eq!(outcome(answer).await, (200, "Test".to_owned()));
    }
}

#[get("/state")]
fn state(auth: &rocket::State<auth_core::Auth>) -> String {
    auth.app_info().app_name.clone()
}

#[rocket::async_test]
async fn a_website_may_send_and_read_headers_of_the_application_s_own() {
    let auth = auth().await;
    let cors = auth_rocket::Cors::new(&auth, [WEBSITE])
        .allow_headers(["x-request-id"])
        .expose_headers(["x-rate-limit"]);
    let rocket = rocket::custom(rocket::Config {
        log_level: rocket::config::LogLevel::Off,
        ..rocket::Config::debug_default()
    });
    let fairing = AuthFairing::new(auth).cors_with(cors);
    let client = client(rocket.attach(fairing).mount("/", routes![whoami])).await;
    let preflight = [("origin", WEBSITE), ("access-control-request-method", "GET")];
    let answer = send(&client, Method::Options, "/whoami", &preflight).await;
    let allowed = answer.headers().get_one("access-control-allow-headers").unwrap();
    assert!(allowed.ends_with(", x-request-id"), "{allowed}");
    let answer = send(&client, Method::Get, "/whoami", &preflight[..1]).await;
    let exposed = answer.headers().get_one("access-control-expose-headers");
    assert_eq!(exposed, Some("x-rate-limit"));
}

/// The README's table: what isn't ours is answered in the framework's own way.
#[rocket::async_test]
async fn what_rocket_refuses_by_itself_is_as_the_readme_says() {
    let app = client(rocket(&auth().await, routes![sign_in], catchers![])).await;
    for (method, path) in [(Method::Get, "/nowhere"), (Method::Get, "/sign-in")] {
        let (status, body) = outcome(send(&app, method, path, &[]).await).await;
        assert!(status == 404 && body.starts_with("<!DOCTYPE html>"), "{path}: {status} {body}");
        let json = [("accept", "application/json")];
        let (status, body) = outcome(send(&app, method, path, &json).await).await;
        assert!(status == 404 && body.starts_with('{'), "{path}: {status} {body}");
    }
}
