//! The session check where no route of the suite's application shows it.

use auth_core::{
    Error,
    protocol::Secret,
    recipes::session::{
        AntiCsrf, GetSessionWithoutRequestResponseInput, SessionOptions, SessionRecipe,
    },
};
use http::Method;

use crate::harness::{App, REFRESH_PATH};

async fn is_unauthorised(app: &App, error: Error) {
    let reply = app.error_reply(&app.cx(Method::GET, "/", &[]), error).await;
    assert_eq!((reply.status.as_u16(), &reply.body["message"]), (401, &"unauthorised".into()));
    assert!(reply.sets_nothing());
}

#[tokio::test]
async fn a_handler_that_requires_a_session_is_refused_where_there_is_none() {
    let app = App::new(SessionRecipe::new()).await;
    for method in [Method::GET, Method::OPTIONS] {
        let cx = app.cx(method, "/", &[]);
        let optional = SessionOptions::new().optional();
        is_unauthorised(&app, cx.require_session(&optional).await.unwrap_err()).await;
    }
}

/// Frameworks may route some of these nowhere.
#[tokio::test]
async fn no_method_does_without_a_session() {
    let app = App::new(SessionRecipe::new()).await;
    let preflight =
        [("origin", "https://www.example.com"), ("access-control-request-method", "POST")];
    let options = SessionOptions::new();
    for method in ["HEAD", "CONNECT", "PROPFIND", "options"] {
        let method: Method = method.parse().unwrap();
        for headers in [&[][..], &preflight] {
            let cx = app.cx(method.clone(), "/own", headers);
            is_unauthorised(&app, cx.verify_session(&options).await.unwrap_err()).await;
        }
        let (name, bearer) = app.client("header").await.access_header();
        let (session, _) = app.check(method, &[(name, &bearer)], &options).await;
        assert!(session.unwrap().is_some());
    }
}

#[tokio::test]
async fn on_the_refresh_path_only_a_post_refreshes() {
    let app = App::new(SessionRecipe::new()).await;
    let (name, value) = app.client("header").await.refresh_header();
    let cx = app.cx(Method::GET, REFRESH_PATH, &[(name, &value)]);
    let refused = cx.verify_session(&SessionOptions::new()).await.unwrap_err();
    is_unauthorised(&app, refused).await;
}

#[tokio::test]
async fn a_token_can_be_checked_without_a_request() {
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let client = app.client("cookie").await;
    let sessions = app.auth.session().unwrap();
    let get = async |token: &str, anti_csrf: Option<&str>, options: SessionOptions| {
        let mut input = GetSessionWithoutRequestResponseInput::new(token).options(options);
        input.anti_csrf_token = anti_csrf.map(Secret::from);
        sessions.get_session_without_request_response(input).await
    };
    let right = client.anti_csrf.as_deref();
    assert!(get(&client.access, right, SessionOptions::new()).await.unwrap().is_some());
    assert!(get(&client.access, None, SessionOptions::new()).await.is_err());
    let unchecked = SessionOptions::new().anti_csrf_check(false);
    assert!(get(&client.access, None, unchecked).await.unwrap().is_some());
    assert!(get("nonsense", right, SessionOptions::new()).await.is_err());
    assert!(get("nonsense", right, SessionOptions::new().optional()).await.unwrap().is_none());

    let by_header = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaCustomHeader)).await;
    let token = by_header.client("header").await.access;
    let sessions = by_header.auth.session().unwrap();
    assert!(sessions.get_session_without_request_response(&*token).await.is_err());
}
