//! Checks that are ready, and what a guard hands on to the handler behind it.

use std::sync::atomic::Ordering;

use auth_core::{
    Error,
    recipes::session::{
        AntiCsrf, Session, SessionCheck, SessionError, SessionOptions, SessionRecipe,
    },
};
use http::Method;

use crate::{
    harness::{App, REFRESH_PATH},
    overrides::Counting,
};

/// What came of a check that is ready; `None` where it is pending.
fn ready(check: SessionCheck<Session>) -> Option<bool> {
    match check {
        SessionCheck::Ready(found) => Some(found.is_ok()),
        SessionCheck::Pending(_) => None,
    }
}

#[tokio::test]
async fn a_check_is_ready_where_nothing_has_to_be_awaited() {
    let app = App::new(SessionRecipe::new()).await;
    let (header, cookie) = (app.client("header").await, app.client("cookie").await);
    let default = SessionOptions::new;
    for client in [&header, &cookie] {
        let (name, value) = client.access_header();
        let first = app.cx(Method::GET, "/", &[(name, &value)]).require_session(&default());
        assert!(matches!(first, SessionCheck::Pending(_)), "its signature is to be checked");
        first.await.unwrap();
    }
    let third = app.client("header").await;
    let (name, value) = third.access_header();
    let first = app.cx(Method::GET, "/", &[(name, &value)]).require_session(&default());
    assert_eq!(ready(first), Some(true), "it was signed here, by a key that is known");
    let check = |method, path, (name, value): (&'static str, String), options| {
        ready(app.cx(method, path, &[(name, &value)]).require_session(&options))
    };
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        for client in [&header, &cookie] {
            let found = check(method.clone(), "/", client.access_header(), default());
            assert_eq!(found, Some(true), "{method}");
        }
        assert_eq!(ready(app.cx(method, "/", &[]).require_session(&default())), Some(false));
    }
    let strays = ("cookie", format!("sAccessToken=x; {}", cookie.access_header().1));
    assert_eq!(check(Method::GET, "/", strays, default()), Some(true));
    let refresh = check(Method::POST, REFRESH_PATH, header.access_header(), default());
    assert_eq!(refresh, None, "it asks for a refresh");
    let asks_core = default().check_database(true);
    assert_eq!(check(Method::GET, "/", header.access_header(), asks_core), None);
}

#[tokio::test]
async fn a_request_without_its_anti_csrf_token_is_refused_whether_its_access_token_is_known_or_not()
{
    let app = App::new(SessionRecipe::new().anti_csrf(AntiCsrf::ViaToken)).await;
    let client = app.client("cookie").await;
    let (name, value) = client.access_header();
    let anti_csrf = client.anti_csrf.as_deref().unwrap();
    let post = |anti_csrf: Option<&str>| {
        let mut headers = vec![(name, value.as_str())];
        headers.extend(anti_csrf.map(|token| ("anti-csrf", token)));
        app.cx(Method::POST, "/", &headers).require_session(&SessionOptions::new())
    };
    let is_refused = |found: Result<Session, Error>| {
        matches!(found, Err(Error::Session(SessionError::TryRefreshToken { .. })))
    };
    for _ in 0..2 {
        for wrong in [None, Some("wrong")] {
            assert!(is_refused(post(wrong).await), "{wrong:?}");
        }
        assert!(post(Some(anti_csrf)).await.is_ok());
    }
    assert_eq!(ready(post(None)), Some(false));
    assert_eq!(ready(post(Some(anti_csrf))), Some(true));
}

#[tokio::test]
async fn what_a_guard_found_the_handler_gets_unless_it_asks_for_more() {
    let counting = Counting::default();
    let app = App::new(SessionRecipe::new().override_apis(counting.clone())).await;
    let checks = || counting.0.load(Ordering::SeqCst);
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    let cx = app.cx(Method::GET, "/", &[(name, &value)]);
    let lax = SessionOptions::new().without_claim_validators();
    let guarded = cx.guard_session(&lax).await.unwrap().unwrap();
    assert_eq!(checks(), 1);
    let session = cx.require_session(&SessionOptions::new()).await.unwrap();
    assert_eq!((checks(), session.get_handle()), (1, guarded.get_handle()));
    assert!(cx.verify_session(&SessionOptions::new().optional()).await.unwrap().is_some());
    assert_eq!(checks(), 1);
    for (of_its_own, count) in [
        (SessionOptions::new().check_database(true), 2),
        (SessionOptions::new().anti_csrf_check(true), 3),
        (SessionOptions::new().claims([]), 4),
        (lax, 5),
    ] {
        cx.require_session(&of_its_own).await.unwrap();
        assert_eq!(checks(), count, "{of_its_own:?}");
    }
}

#[tokio::test]
async fn what_was_found_for_less_than_the_default_is_handed_on_by_a_guard_alone() {
    let counting = Counting::default();
    let app = App::new(SessionRecipe::new().override_apis(counting.clone())).await;
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    let default = SessionOptions::new;
    for (options, is_handed_on) in [
        (default(), true),
        (default().optional(), true),
        (default().check_database(true), true),
        (default().anti_csrf_check(true), true),
        (default().claims([]), true),
        (default().anti_csrf_check(false), false),
        (default().without_claim_validators(), false),
        (default().override_global_claim_validators(|globals, _, _| globals), false),
    ] {
        let cx = app.cx(Method::GET, "/", &[(name, &value)]);
        assert!(cx.verify_session(&options).await.unwrap().is_some());
        let before = counting.0.load(Ordering::SeqCst);
        cx.require_session(&default()).await.unwrap();
        let checks = counting.0.load(Ordering::SeqCst) - before;
        assert_eq!(checks == 0, is_handed_on, "{options:?}");
    }
}

#[tokio::test]
async fn a_guard_that_finds_none_hands_none_on() {
    let app = App::new(SessionRecipe::new()).await;
    let cx = app.cx(Method::GET, "/", &[]);
    assert!(cx.guard_session(&SessionOptions::new().optional()).await.unwrap().is_none());
    assert!(cx.verify_session(&SessionOptions::new().optional()).await.unwrap().is_none());
    let refused = cx.require_session(&SessionOptions::new()).await;
    assert!(matches!(refused, Err(Error::Session(SessionError::Unauthorised { .. }))));
}
