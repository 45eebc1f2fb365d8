//! A verdict about factors is worked out anew before anything is done by it.

use auth_core::recipes::{multifactorauth::FactorId, session::SessionOptions};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Client, Test};
use crate::harness::{EMAIL, PASSWORD, form};

/// A session by the password alone, from before a second factor was set up and required.
async fn old_session(test: &Test) -> Client<'_> {
    test.sign_up(EMAIL).await;
    let old = test.sign_in(EMAIL).await;
    let mut ada = test.sign_in(EMAIL).await;
    ada.set_up_totp().await;
    let user_id = ada.session().await.get_user_id().clone();
    let mfa = test.app.0.multifactorauth().expect("in the list");
    mfa.add_to_required_secondary_factors_for_user(&user_id, FactorId::TOTP).await.expect("added");
    assert_eq!(old.claim().await["v"], true, "as it was when the session started");
    old
}

fn is_refused(answer: &crate::harness::Answer) {
    assert_eq!(answer.0.status, StatusCode::FORBIDDEN, "{}", answer.json());
    assert_eq!(answer.json()["claimValidationErrors"][0]["id"], "st-mfa");
}

#[tokio::test]
async fn a_session_from_before_a_requirement_changes_no_factors() {
    let mut linked = form("second@example.com", PASSWORD);
    linked["shouldTryLinkingWithSessionUser"] = json!(true);
    let code = json!({ "email": EMAIL, "shouldTryLinkingWithSessionUser": true });
    for (path, body) in [
        ("/auth/totp/device/remove", json!({ "deviceName": "TOTP Device 0" })),
        ("/auth/totp/device", json!({})),
        ("/auth/totp/device/verify", json!({ "deviceName": "TOTP Device 0", "totp": "1" })),
        ("/auth/recoverycode/generate", json!({})),
        ("/auth/signup", linked),
        ("/auth/signinup/code", code),
    ] {
        let test = Test::mfa([]).await;
        let mut old = old_session(&test).await;
        let answer = old.send(Method::POST, path, &body).await;
        is_refused(&answer);
        // The session learnt it on the way.
        assert_eq!(old.claim().await["v"], false, "{path}");
        assert!(old.refusal(&SessionOptions::new()).await.is_some());
        let user_id = old.session().await.get_user_id().clone();
        let devices = test.app.0.totp().expect("in the list").list_devices(&user_id).await;
        assert_eq!(devices.expect("listed").len(), 1, "{path}");
        let user = test.app.0.get_user(&user_id).await.expect("answered").expect("known");
        assert_eq!(user.login_methods.len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_refresh_tells_the_session_what_is_required_now() {
    for with_request in [true, false] {
        let test = Test::mfa([]).await;
        test.sign_up(EMAIL).await;
        let body = form(EMAIL, PASSWORD);
        let mode = [("st-auth-mode", "header")];
        let answer = test.app.post_with("/auth/signin", &mode, &body).await;
        let refresh_token = answer.header("st-refresh-token").expect("a token").to_owned();
        let access_token = answer.header("st-access-token").expect("a token").to_owned();
        let old = Client { test: &test, token: access_token };
        let user_id = old.session().await.get_user_id().clone();
        let mfa = test.app.0.multifactorauth().expect("in the list");
        let refresh = async |refresh_token: &str| -> (Client<'_>, String) {
            if with_request {
                let bearer = format!("Bearer {refresh_token}");
                let headers = [("authorization", bearer.as_str()), ("st-auth-mode", "header")];
                let answer = test.app.post_with("/auth/session/refresh", &headers, &Value::Null);
                let answer = answer.await;
                let token = |name| answer.header(name).expect("a token").to_owned();
                let client = Client { test: &test, token: token("st-access-token") };
                return (client, token("st-refresh-token"));
            }
            let sessions = test.app.0.session().expect("in the list");
            let session = sessions
                .refresh_session_without_request_response(refresh_token.into(), true, None)
                .await
                .expect("refreshed");
            let tokens = session.get_all_session_tokens_dangerously().expect("tokens");
            let text = |secret: &auth_core::protocol::Secret| secret.expose_secret().to_owned();
            let client = Client { test: &test, token: text(&tokens.access_token) };
            (client, text(&tokens.refresh_token.expect("a token")))
        };
        mfa.add_to_required_secondary_factors_for_user(&user_id, FactorId::TOTP)
            .await
            .expect("added");
        let (client, refresh_token) = refresh(&refresh_token).await;
        assert_eq!(client.claim().await["v"], false);
        assert!(client.refusal(&SessionOptions::new()).await.is_some());
        mfa.remove_from_required_secondary_factors_for_user(&user_id, FactorId::TOTP)
            .await
            .expect("removed");
        let (client, _) = refresh(&refresh_token).await;
        assert_eq!(client.claim().await["v"], true);
        assert_eq!(client.refusal(&SessionOptions::new()).await, None);
    }
}
