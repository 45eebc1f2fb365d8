//! Cookies of the session's names that another site under the same domain set, or the application
//! itself before its cookie domain changed: each is judged by itself, and the browser loses them.

use auth_core::recipes::session::{SessionOptions, SessionRecipe};
use http::Method;
use serde_json::json;

use crate::harness::{App, Client, Reply};

/// What another site under the domain may leave: garbage, and what has a token's form.
fn planted(other: &Client) -> Vec<String> {
    let forged = format!("{}x", other.access);
    let far = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsInZlcnNpb24iOiI1Iiwia2lkIjoiZC14In0.\
        eyJzdWIiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5LCJpYXQiOjEsInNlc3Npb25IYW5kbGUiOiJ4IiwicmVmcmVzaFRva\
        2VuSGFzaDEiOiJ4IiwicnN1YiI6IngiLCJ0SWQiOiJwdWJsaWMifQ.c2ln";
    ["x".into(), String::new(), "%FF".into(), forged, far.into()].to_vec()
}

async fn check(app: &App, method: Method, cookies: &str) -> (bool, Reply) {
    let headers = [("cookie", cookies)];
    let (session, reply) = app.check(method, &headers, &SessionOptions::new()).await;
    (session.is_ok_and(|session| session.is_some()), reply)
}

#[tokio::test]
async fn each_access_token_is_judged_by_itself() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    for stray in planted(&client) {
        for cookies in [
            format!("sAccessToken={stray}; sAccessToken={}", client.access),
            format!("sAccessToken={}; a=1; sAccessToken={stray}", client.access),
            format!("sAccessToken={stray}; sAccessToken={}; sAccessToken=y", client.access),
        ] {
            // The second time the token's signature isn't checked any more.
            for _ in 0..2 {
                let (is_there, reply) = check(&app, Method::POST, &cookies).await;
                assert!(is_there && reply.sets_nothing(), "{cookies}: {reply:?}");
            }
        }
        let (is_there, _) = check(&app, Method::GET, &format!("sAccessToken={stray}; a=1")).await;
        assert!(!is_there, "{stray} alone is none");
    }
}

#[tokio::test]
async fn a_token_that_ended_does_not_hide_one_that_did_not() {
    let app = App::new(SessionRecipe::new()).await;
    let (ended, client) = (app.client("cookie").await, app.client("cookie").await);
    let sessions = app.auth.session().unwrap();
    let handle = auth_core::recipes::session::AccessToken::parse(&ended.access).unwrap();
    assert!(sessions.revoke_session(handle.session_handle()).await.unwrap());
    let options = SessionOptions::new().check_database(true);
    for (first, second) in [(&ended, &client), (&client, &ended)] {
        let cookies = format!("sAccessToken={}; sAccessToken={}", first.access, second.access);
        let (session, reply) = app.check(Method::GET, &[("cookie", &cookies)], &options).await;
        assert!(session.is_ok_and(|session| session.is_some()), "{reply:?}");
        assert!(reply.sets_nothing());
    }
}

#[tokio::test]
async fn where_none_is_good_the_client_may_refresh() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    app.clock.advance(std::time::Duration::from_secs(3601));
    for cookies in [
        format!("sAccessToken=x; sAccessToken={}", client.access),
        format!("sAccessToken={0}; sAccessToken={0}x", client.access),
    ] {
        let (is_there, reply) = check(&app, Method::GET, &cookies).await;
        assert!(!is_there && reply.body["message"] == "try refresh token", "{reply:?}");
        assert!(reply.sets_nothing());
    }
}

#[tokio::test]
async fn a_legacy_cookie_hides_no_token_that_is_read_today() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let cookies = format!("sIdRefreshToken=x; sAccessToken={}", client.access);
    assert!(check(&app, Method::GET, &cookies).await.0);
    let (is_there, reply) = check(&app, Method::GET, "sIdRefreshToken=x; sAccessToken=y").await;
    assert!(!is_there && reply.body["message"] == "try refresh token", "{reply:?}");
}

#[tokio::test]
async fn a_refresh_finds_the_good_token_and_clears_the_others() {
    let app = App::new(SessionRecipe::new()).await;
    for stray in ["x", "", "%FF", "a.b.c", "a.V2"] {
        for is_first in [true, false] {
            let client = app.client("cookie").await;
            let mut refresh =
                [format!("sRefreshToken={stray}"), format!("sRefreshToken={}", client.refresh)];
            if !is_first {
                refresh.reverse();
            }
            let cookies = format!(
                "{}; {}; sAccessToken={stray}; sAccessToken={}",
                refresh[0], refresh[1], client.access
            );
            let reply = app.refresh(&[("cookie", &cookies)]).await;
            assert_eq!((reply.status.as_u16(), &reply.body), (200, &json!({})), "{cookies}");
            for (name, path) in [("sAccessToken", "/"), ("sRefreshToken", "/auth/session/refresh")]
            {
                let lines = reply.cookies(name);
                let (new, cleared) = lines.split_last().unwrap();
                assert!(!new.starts_with(&format!("{name}=;")), "the last is the new one: {new}");
                assert!(new.contains(&format!("; Path={path};")) && !new.contains("Domain"));
                for domain in ["api.example.com", "example.com"] {
                    let is_there = |line: &&str| {
                        line.starts_with(&format!("{name}=;"))
                            && line.contains(&format!("; Path={path};"))
                            && line.ends_with(&format!("; Domain={domain}"))
                    };
                    assert!(cleared.iter().any(is_there), "{domain}: {lines:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn an_old_refresh_token_beside_the_new_one_is_no_theft() {
    let app = App::new(SessionRecipe::new()).await;
    let mut client = app.client("cookie").await;
    let old = client.refresh.clone();
    for _ in 0..2 {
        let (name, value) = client.refresh_header();
        client.keep(&app.refresh(&[(name, &value)]).await);
        app.clock.advance(std::time::Duration::from_secs(60));
    }
    let Client { access, refresh, .. } = &client;
    let cookies = format!("sRefreshToken={old}; sRefreshToken={refresh}; sAccessToken={access}");
    let reply = app.refresh(&[("cookie", &cookies)]).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    // By itself, and beside garbage, it is.
    let cookies = format!("sRefreshToken=x; sRefreshToken={old}");
    let reply = app.refresh(&[("cookie", &cookies)]).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.body["message"]),
        (401, &json!("token theft detected"))
    );
}

#[tokio::test]
async fn where_no_refresh_token_is_good_all_are_cleared() {
    let app = App::new(SessionRecipe::new()).await;
    let reply = app.refresh(&[("cookie", "sRefreshToken=x; sRefreshToken=y")]).await;
    assert_eq!((reply.status.as_u16(), &reply.body["message"]), (401, &json!("unauthorised")));
    assert!(reply.clears_cookies());
    assert!(reply.cookies("sRefreshToken").iter().any(|line| line.ends_with("Domain=example.com")));
}

#[tokio::test]
async fn signing_out_works_and_clears_the_others() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let cookies = format!("sAccessToken=x; sAccessToken={}", client.access);
    let reply = app.post("/auth/signout", &[("cookie", &cookies)]).await.unwrap();
    assert_eq!((reply.status.as_u16(), &reply.body["status"]), (200, &json!("OK")));
    for name in ["sAccessToken", "sRefreshToken"] {
        let lines = reply.cookies(name);
        assert!(lines.iter().all(|line| line.starts_with(&format!("{name}=;"))), "{lines:?}");
        assert!(lines.iter().any(|line| line.ends_with("Domain=example.com")), "{lines:?}");
    }
}

#[tokio::test]
async fn a_sign_in_clears_the_others() {
    let app = App::new(SessionRecipe::new()).await;
    let headers = [("st-auth-mode", "cookie"), ("cookie", "sAccessToken=x; sAccessToken=y")];
    let (_, reply) = app.create(&headers).await.unwrap();
    let lines = reply.cookies("sAccessToken");
    let (new, cleared) = lines.split_last().unwrap();
    assert!(!new.starts_with("sAccessToken=;"), "{lines:?}");
    assert!(cleared.iter().any(|line| line.ends_with("Domain=example.com")), "{lines:?}");
}

#[tokio::test]
async fn one_cookie_of_a_name_needs_no_clearing() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("cookie").await;
    let cookies = format!("sRefreshToken={}; sAccessToken={}", client.refresh, client.access);
    let reply = app.refresh(&[("cookie", &cookies)]).await;
    assert_eq!((reply.cookies("sAccessToken").len(), reply.cookies("sRefreshToken").len()), (1, 1));
}
