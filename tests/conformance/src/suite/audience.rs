//! Whom access tokens are for, and from when on.

use serde_json::{Value, json};

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "ext-audience" => tokens_name_the_audience_and_go_on_naming_it,
    "ext-audience" => a_token_for_another_audience_opens_nothing_and_is_not_refreshed,
    "ext-audience" => a_session_that_names_nobody_gets_the_audience_at_its_refresh,
    "fdi-2.3-verification" => a_token_is_of_no_use_before_its_time,
    "ext-audience" => without_an_audience_none_is_named_or_looked_for,
}

const OWN: &str = "https://api.example.com";
const BILLING: &str = "https://billing.example.com";

async fn start(harness: &Harness) -> App {
    let setup = Setup::new().session(|session| session.audience(OWN).further_audiences([BILLING]));
    harness.start(setup).await
}

/// Lets the core sign a token that has this `aud`, or none.
async fn with_audience(app: &App, mode: Mode, audience: &Value) -> FrontEnd {
    let mut front_end = app.sign_in(mode).await;
    let request = Req::post("/merge-payload").json(&json!({ "aud": audience }));
    assert_eq!(front_end.send(app, request).await.status, 200);
    front_end
}

async fn tokens_name_the_audience_and_go_on_naming_it(harness: Harness) {
    let app = start(&harness).await;
    let audiences = json!([OWN, BILLING]);
    for mode in Mode::BOTH {
        // What the caller says of it doesn't count.
        let claims = json!({ "payload": { "aud": "https://other.example.com" } });
        let (mut front_end, _) = app.sign_in_with(mode, &claims).await;
        assert_eq!(front_end.payload()["aud"], audiences);
        let merge = Req::post("/merge-payload").json(&json!({ "a": 1 }));
        for request in [merge, Req::post("/auth/session/refresh"), Req::get("/sessioninfo")] {
            assert_eq!(front_end.send(&app, request).await.status, 200);
            assert_eq!(front_end.payload()["aud"], audiences);
        }
        assert_eq!(front_end.payload()["a"], 1);
    }
}

async fn a_token_for_another_audience_opens_nothing_and_is_not_refreshed(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        for other in [json!(BILLING), json!([BILLING]), json!([]), json!("https://api.example.co")]
        {
            let front_end = with_audience(&app, mode, &other).await;
            for path in ["/sessioninfo", "/session-optional", "/session-check-db"] {
                let reply = app.send(front_end.with_tokens(Req::get(path))).await;
                reply.expect_message(401, "unauthorised");
                reply.expect_tokens_untouched();
            }
            let refresh = front_end.with_tokens(Req::post("/auth/session/refresh"));
            let reply = app.send(refresh).await;
            reply.expect_message(401, "unauthorised");
            reply.expect_cleared_in_both_ways();
        }
    }
}

async fn a_session_that_names_nobody_gets_the_audience_at_its_refresh(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        let mut front_end = with_audience(&app, mode, &Value::Null).await;
        assert_eq!(front_end.payload().get("aud"), None);
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        reply.expect_message(401, "try refresh token");
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(front_end.payload()["aud"], json!([OWN, BILLING]));
        for path in ["/sessioninfo", "/session-check-db"] {
            assert_eq!(front_end.send(&app, Req::get(path)).await.status, 200);
        }
        // One of several names is enough, and the refresh says what is configured now.
        let several = json!(["https://old.example.com", OWN]);
        let mut front_end = with_audience(&app, mode, &several).await;
        assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 200);
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(front_end.payload()["aud"], json!([OWN, BILLING]));
    }
}

async fn a_token_is_of_no_use_before_its_time(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let starts = app.clock.now_ms() / 1000 + 60;
    let request = Req::post("/merge-payload").json(&json!({ "nbf": starts }));
    assert_eq!(front_end.send(&app, request).await.status, 200);
    let get = async || app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
    get().await.expect_message(401, "try refresh token");
    app.advance_secs(60);
    assert_eq!(get().await.status, 200);
}

async fn without_an_audience_none_is_named_or_looked_for(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    assert_eq!(front_end.payload().get("aud"), None);
    let front_end = with_audience(&app, Mode::Header, &json!(BILLING)).await;
    let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
    assert_eq!(reply.status, 200);
}
