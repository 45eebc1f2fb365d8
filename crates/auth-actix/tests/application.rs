//! What an application may do of its own around the middleware. Routes and sessions themselves are
//! proved by the conformance suite.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::fmt;

use actix_web::{
    App, Error, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    middleware::{ErrorHandlerResponse, ErrorHandlers, Next, from_fn},
    test::{self, TestRequest},
    web,
};
use auth_actix::{
    AuthContext, AuthError, OptionalSession, Session, auth_middleware, cors, verify_session,
};
use auth_core::{
    Auth,
    recipes::session::{SessionError, SessionOptions},
};
use bytes::Bytes;
use test_adapters::{UNAUTHORISED, WEBSITE, auth, expect_cors};

async fn whoami(session: Session) -> String {
    session.get_user_id().to_string()
}

async fn sign_in(AuthContext(cx): &AuthContext) -> Result<Session, AuthError> {
    Ok(Session(test_adapters::sign_in(cx).await?))
}

/// Status, `Set-Cookie` lines, and body.
async fn outcome<B: MessageBody>(answer: ServiceResponse<B>) -> (StatusCode, usize, Vec<u8>) {
    let cookies = answer.headers().get_all(header::SET_COOKIE).count();
    (answer.status(), cookies, test::read_body(answer).await.to_vec())
}

fn text<'a, B>(answer: &'a ServiceResponse<B>, header: &str) -> &'a str {
    answer.headers().get(header).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[derive(Debug)]
enum ShopError {
    Auth(AuthError),
    SoldOut,
}

impl From<auth_core::Error> for ShopError {
    fn from(error: auth_core::Error) -> Self {
        Self::Auth(error.into())
    }
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the shop failed")
    }
}

impl ResponseError for ShopError {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Auth(error) => error.error_response(),
            Self::SoldOut => HttpResponse::Gone().body("sold out"),
        }
    }
}

#[actix_web::test]
async fn an_application_s_own_error_type_hands_errors_on_and_keeps_its_own() {
    async fn theirs(cx: AuthContext) -> Result<String, ShopError> {
        sign_in(&cx).await.map_err(ShopError::Auth)?;
        Err(SessionError::unauthorised("no").into()).map_err(|error: auth_core::Error| error.into())
    }
    async fn own(cx: AuthContext) -> Result<String, ShopError> {
        sign_in(&cx).await.map_err(ShopError::Auth)?;
        Err(ShopError::SoldOut)
    }
    let app = App::new()
        .wrap(auth_middleware(auth().await))
        .route("/theirs", web::get().to(theirs))
        .route("/own", web::get().to(own));
    let app = test::init_service(app).await;
    let answer = test::call_service(&app, TestRequest::get().uri("/theirs").to_request()).await;
    let (status, cookies, body) = outcome(answer).await;
    assert_eq!((status, &body[..]), (StatusCode::UNAUTHORIZED, UNAUTHORISED.as_bytes()));
    assert_eq!(cookies, 2, "the tokens that were just made are cleared");
    let request = TestRequest::get().uri("/own").insert_header(("st-auth-mode", "cookie"));
    let (status, cookies, body) =
        outcome(test::call_service(&app, request.to_request()).await).await;
    assert_eq!((status, &body[..]), (StatusCode::GONE, &b"sold out"[..]));
    assert_eq!(cookies, 2, "the session that was made reaches the client");
}

#[actix_web::test]
async fn error_handlers_of_the_application_see_the_wire_s_status() {
    #[allow(clippy::unnecessary_wraps, reason = "actix-web wants a result")]
    fn page<B: MessageBody + 'static>(
        answer: ServiceResponse<B>,
    ) -> actix_web::Result<ErrorHandlerResponse<B>> {
        let page = HttpResponse::build(answer.status()).body("<h1>Please sign in</h1>");
        let answer = answer.into_response(page);
        Ok(ErrorHandlerResponse::Response(answer.map_into_right_body()))
    }
    let app = App::new()
        .route("/", web::get().to(whoami))
        .wrap(ErrorHandlers::new().handler(StatusCode::UNAUTHORIZED, page))
        .wrap(auth_middleware(auth().await));
    let app = test::init_service(app).await;
    let answer = test::call_service(&app, TestRequest::get().to_request()).await;
    let (status, _, body) = outcome(answer).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(body, b"<h1>Please sign in</h1>", "it was the application's decision");
}

#[actix_web::test]
async fn an_error_of_another_middleware_is_answered_and_carries_the_changes() {
    async fn admit(
        mut request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        let cx = request.extract::<AuthContext>().await?;
        match request.path() {
            "/created" => {
                sign_in(&cx).await?;
                return Err(actix_web::error::ErrorServiceUnavailable("closed"));
            }
            _ => request.extract::<Session>().await?,
        };
        next.call(request).await
    }
    let app = App::new()
        .default_service(web::to(HttpResponse::Ok))
        .wrap(from_fn(admit))
        .wrap(auth_middleware(auth().await));
    let app = test::init_service(app).await;
    let error = test::try_call_service(&app, TestRequest::get().to_request()).await.unwrap_err();
    let answer = error.error_response();
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
    assert_eq!(body, UNAUTHORISED);
    let created = TestRequest::get().uri("/created").insert_header(("st-auth-mode", "cookie"));
    let error = test::try_call_service(&app, created.to_request()).await.unwrap_err();
    let answer = error.error_response();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers().get_all(header::SET_COOKIE).count(), 2);
}

#[actix_web::test]
async fn a_website_of_another_origin_may_use_sign_in_and_the_application() {
    async fn welcome(cx: AuthContext) -> Result<&'static str, AuthError> {
        sign_in(&cx).await?;
        Ok("welcome")
    }
    let auth = auth().await;
    let guarded = web::scope("/whoami")
        .route("", web::get().to(whoami))
        .wrap(verify_session(SessionOptions::new()));
    let app = App::new()
        .service(guarded)
        .route("/sign-in", web::post().to(welcome))
        .wrap(auth_middleware(auth.clone()))
        .wrap(cors(&auth, [WEBSITE]));
    let app = test::init_service(app).await;
    let send = async |request: http::Request<Bytes>| {
        let method = request.method().as_str().parse().unwrap();
        let sent = TestRequest::with_uri(&request.uri().to_string()).method(method);
        let sent = request.headers().iter().fold(sent, |sent, (name, value)| {
            sent.append_header((name.as_str(), value.as_bytes()))
        });
        let answer = test::call_service(&app, sent.to_request()).await;
        let mut converted = http::Response::builder().status(answer.status().as_u16());
        for (name, value) in answer.headers() {
            converted = converted.header(name.as_str(), value.as_bytes());
        }
        converted.body(test::read_body(answer).await).unwrap()
    };
    expect_cors(&auth, send).await;
}

#[actix_web::test]
async fn two_handles_serve_two_scopes_of_one_application() {
    async fn create(cx: AuthContext) -> Result<String, AuthError> {
        Ok(sign_in(&cx).await?.get_handle().to_string())
    }
    async fn has_session(session: OptionalSession) -> String {
        session.is_some().to_string()
    }
    let (first, second) = (auth().await, auth().await);
    let scope = |path: &str, auth: Auth| {
        web::scope(path)
            .route("/create", web::post().to(create))
            .route("/has-session", web::get().to(has_session))
            .wrap(auth_middleware(auth))
    };
    let app = App::new().service(scope("/first", first)).service(scope("/second", second));
    let app = test::init_service(app).await;
    let create = TestRequest::post().uri("/first/create").insert_header(("st-auth-mode", "header"));
    let answer = test::call_service(&app, create.to_request()).await;
    let token = text(&answer, "st-access-token").to_owned();
    let bearer = || (header::AUTHORIZATION, format!("Bearer {token}"));
    let at_home = TestRequest::get().uri("/first/has-session").insert_header(bearer());
    assert_eq!(test::call_and_read_body(&app, at_home.to_request()).await, "true");
    let abroad = TestRequest::get().uri("/second/has-session").insert_header(bearer());
    let answer = test::call_service(&app, abroad.to_request()).await;
    let body = br#"{"message":"try refresh token"}"#.to_vec();
    assert_eq!(outcome(answer).await, (StatusCode::UNAUTHORIZED, 0, body));
}

#[actix_web::test]
async fn without_the_middleware_a_handler_is_not_reached() {
    let app = test::init_service(App::new().route("/", web::get().to(whoami))).await;
    let answer = test::call_service(&app, TestRequest::get().to_request()).await;
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

/// The README's table: what isn't ours is answered in the framework's own way.
#[actix_web::test]
async fn what_actix_web_refuses_by_itself_is_as_the_readme_says() {
    async fn own(body: web::Json<Vec<u8>>) -> String {
        body.len().to_string()
    }
    let app = App::new()
        .wrap(auth_middleware(auth().await))
        .service(web::resource("/resource").route(web::post().to(own)))
        .route("/route", web::post().to(own));
    let app = test::init_service(app).await;
    let json = |body: &'static str| {
        let request = test::TestRequest::post().uri("/route");
        request.insert_header(("content-type", "application/json")).set_payload(body)
    };
    let get = |path: &str| test::TestRequest::get().uri(path);
    for (request, status, body) in [
        (json("["), 400, "Json deserialize error: "),
        (json("{}"), 400, "Json deserialize error: "),
        (get("/nowhere"), 404, ""),
        (get("/route"), 404, ""),
        (get("/resource"), 405, ""),
    ] {
        let (answered, _, bytes) =
            outcome(test::call_service(&app, request.to_request()).await).await;
        assert_eq!(answered.as_u16(), status);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with(body) && text.is_empty() == body.is_empty(), "{text}");
    }
}
