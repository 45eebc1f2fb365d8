//! Signing out.

use serde_json::json;

use super::cases;
use crate::{
    Harness,
    client::{Cookie, Mode, Req},
};

cases! {
    "fdi-2.7" => signing_out_ends_the_session_and_clears_its_tokens,
    "fdi-2.7" => signing_out_without_a_session_is_refused_without_clearing,
}

async fn signing_out_ends_the_session_and_clears_its_tokens(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let before = front_end.clone();
        let reply = front_end.send(&app, Req::post("/auth/signout")).await;
        reply.expect(200, &json!({ "status": "OK" }));
        assert_eq!(reply.header("front-token"), Some("remove"));
        match mode {
            Mode::Cookie => {
                let cookies = reply.cookies();
                assert!(cookies.len() == 2 && cookies.iter().all(Cookie::is_cleared));
            }
            Mode::Header => assert_eq!(reply.header("st-access-token"), Some("")),
        }
        let reply = app.send(before.with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn signing_out_without_a_session_is_refused_without_clearing(harness: Harness) {
    let app = harness.start_default().await;
    let reply = app.send(Req::post("/auth/signout")).await;
    reply.expect_message(401, "unauthorised");
    reply.expect_tokens_untouched();
}
