//! How many sessions a user may have, and what an ended one can still do: extensions.

use auth_core::core::TooManySessions;
use serde_json::json;

use super::{
    cases,
    mfa::{code, set_up_totp, sign_in, with_factors},
    support::{EMAIL, PASSWORD, form, sign_up, with_email_password},
};
use crate::{
    Harness, Setup,
    client::{Mode, Req},
};

cases! {
    "ext-session-bound" => a_session_too_many_ends_the_oldest,
    "ext-session-bound" => a_session_too_many_is_refused_where_the_application_says_so,
    "ext-session-ended" => a_session_that_has_ended_changes_no_factors,
}

async fn a_session_too_many_ends_the_oldest(harness: Harness) {
    let setup = Setup::new().engine(|config| config.max_sessions_per_user(Some(2)));
    let app = harness.start(setup).await;
    for mode in Mode::BOTH {
        let mut front_ends = Vec::new();
        for _ in 0..3 {
            app.advance_secs(1);
            front_ends.push(app.sign_in(mode).await);
        }
        let reply = app.send(front_ends[0].with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
        for (front_end, is_there) in front_ends.iter_mut().zip([false, true, true]) {
            let reply = front_end.refresh(&app).await;
            assert_eq!(reply.status, if is_there { 200 } else { 401 }, "{reply:?}");
        }
    }
}

async fn a_session_too_many_is_refused_where_the_application_says_so(harness: Harness) {
    let setup = with_email_password().engine(|config| {
        config.max_sessions_per_user(Some(1)).too_many_sessions(TooManySessions::RefuseNew)
    });
    let app = harness.start(setup).await;
    for mode in Mode::BOTH {
        let mut first = app.front_end(mode);
        let body = form(EMAIL, PASSWORD);
        let path = if mode == Mode::BOTH[0] { "/auth/signup" } else { "/auth/signin" };
        let reply = first.send(&app, Req::post(path).json(&body)).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");

        let mut second = app.front_end(mode);
        let reply = second.send(&app, Req::post("/auth/signin").json(&body)).await;
        let message =
            "You are signed in too many times. Please sign out somewhere else, and try again.";
        reply.expect(200, &json!({ "status": "GENERAL_ERROR", "message": message }));
        reply.expect_tokens_untouched();

        assert_eq!(first.refresh(&app).await.status, 200);
        assert_eq!(first.send(&app, Req::post("/auth/signout")).await.status, 200);
    }
}

async fn a_session_that_has_ended_changes_no_factors(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    let mut owner = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let secret = set_up_totp(&app, &mut owner).await;
    let left_behind = sign_in(&app, Mode::Header).await;
    let sessions = app.auth.session().expect("the recipe is there");
    let handle = left_behind.handle().as_str().into();
    assert!(sessions.revoke_session(&handle).await.expect("revoked"));
    app.advance_secs(60);

    let code = code(&app, &secret);
    let posts = [
        ("/auth/totp/device", json!({ "deviceName": "another" })),
        ("/auth/totp/device/verify", json!({ "deviceName": "TOTP Device 0", "totp": code })),
        ("/auth/totp/device/remove", json!({ "deviceName": "TOTP Device 0" })),
        ("/auth/totp/verify", json!({ "totp": code })),
        ("/auth/recoverycode/generate", json!({})),
        ("/auth/recoverycode/consume", json!({ "code": "aaaa" })),
    ];
    let posts = posts.map(|(path, body)| Req::post(path).json(&body));
    let others = [
        Req::get("/auth/totp/device/list"),
        Req::get("/auth/recoverycode/count"),
        Req::new("PUT", "/auth/mfa/info").json(&json!({})),
    ];
    for request in posts.into_iter().chain(others) {
        let reply = app.send(left_behind.with_tokens(request)).await;
        reply.expect_message(401, "unauthorised");
    }
    let reply = owner.send(&app, Req::get("/auth/totp/device/list")).await;
    assert_eq!(reply.json()["devices"].as_array().map(Vec::len), Some(1), "{reply:?}");
    // The code wasn't used up.
    let verify = Req::post("/auth/totp/verify").json(&json!({ "totp": code }));
    assert_eq!(owner.send(&app, verify).await.json()["status"], "OK");
}
