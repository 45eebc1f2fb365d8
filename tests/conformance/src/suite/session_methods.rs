//! What a handler does with its session shows in the response.

use serde_json::{Value, json};

use super::cases;
use crate::{
    App, Harness, START_MS,
    client::{Mode, Reply, Req, front_token},
};

cases! {
    "fdi-2.8-merge" => merging_writes_a_new_token_at_once_and_keeps_its_expiry,
    "fdi-2.8-merge" => merging_is_one_level_deep_and_null_removes_a_key,
    "fdi-2.8-merge" => protected_names_cannot_be_merged,
    "fdi-2.8-merge" => what_was_merged_outlives_a_refresh,
    "fdi-2.8-merge" => what_was_taken_away_does_not_come_back_with_an_old_token,
    "fdi-2.8-merge" => parallel_writes_of_different_claims_all_stay,
    "fdi-2.8-data" => data_in_the_database_is_replaced_whole_and_shows_in_no_token,
    "fdi-2.8-revoke" => revoking_clears_the_tokens_of_the_request_s_way_of_transfer,
    "fdi-2.8-revoke" => every_session_of_a_user_can_be_ended,
    "fdi-2.8-gone" => what_needs_the_database_is_unauthorised_once_the_session_is_gone,
    "cdi-2.8" => changes_by_one_token_show_in_the_tokens_of_others_at_their_refresh,
}

fn merge(payload: &Value) -> Req {
    Req::post("/merge-payload").json(payload)
}

async fn merging_writes_a_new_token_at_once_and_keeps_its_expiry(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let (before, old) = (front_end.payload(), front_end.clone());
        app.advance_secs(10);
        let reply = front_end.send(&app, merge(&json!({ "a": 1 }))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let payload = front_end.payload();
        assert_eq!((&payload["a"], &payload["exp"]), (&json!(1), &before["exp"]));
        assert_eq!(payload["refreshTokenHash1"], before["refreshTokenHash1"]);
        assert_eq!(reply.json()["accessTokenPayload"], payload);
        assert_eq!(front_end.front_token.as_ref().expect("a front token")["up"], payload);
        match mode {
            Mode::Cookie => {
                assert_eq!(reply.cookies().len(), 1, "the refresh token stays: {reply:?}");
                assert_eq!(reply.exposed(), ["front-token"]);
            }
            Mode::Header => {
                assert_eq!(reply.header("st-refresh-token"), None, "{reply:?}");
                assert_eq!(reply.exposed(), ["front-token", "st-access-token"]);
            }
        }
        for front_end in [&front_end, &old] {
            let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
            assert_eq!(reply.status, 200, "both tokens are good: {reply:?}");
        }
        // A token that was checked before isn't the worse for it.
        for turn in 1..=2 {
            let reply = app.send(old.with_tokens(merge(&json!({ "turn": turn })))).await;
            let token = reply.header("front-token").map(front_token).expect("a front token");
            assert_eq!(token["up"]["turn"], turn, "{reply:?}");
        }
    }
}

async fn merging_is_one_level_deep_and_null_removes_a_key(harness: Harness) {
    let app = harness.start_default().await;
    let start = json!({ "payload": { "a": { "x": 1, "y": 2 }, "b": 1, "c": [null] } });
    let (mut front_end, _) = app.sign_in_with(Mode::Header, &start).await;
    front_end.send(&app, merge(&json!({ "a": { "z": 3 }, "b": null, "none": null }))).await;
    let payload = front_end.payload();
    assert_eq!((&payload["a"], &payload["c"]), (&json!({ "z": 3 }), &json!([null])));
    assert!(payload.get("b").is_none() && payload.get("none").is_none(), "{payload}");
    assert_eq!(payload["iss"], "https://api.example.com/auth", "it isn't protected, but kept");
    front_end.send(&app, merge(&json!({ "iss": null }))).await;
    assert_eq!(front_end.payload().get("iss"), None, "it isn't protected");
}

async fn protected_names_cannot_be_merged(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let before = front_end.payload();
    for name in [
        "sub",
        "iat",
        "exp",
        "sessionHandle",
        "parentRefreshTokenHash1",
        "refreshTokenHash1",
        "antiCsrfToken",
        "rsub",
        "tId",
    ] {
        let reply = front_end.send(&app, merge(&json!({ name: "eve" }))).await;
        assert!([200, 400].contains(&reply.status), "{name}: {reply:?}");
        assert_eq!(front_end.payload()[name], before[name], "{name}");
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.json()["userId"], "ada", "{name}");
    }
}

async fn what_was_merged_outlives_a_refresh(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        front_end.send(&app, merge(&json!({ "role": "admin" }))).await;
        app.advance_secs(4000);
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(front_end.payload()["role"], "admin");
        let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
        assert_eq!(reply.json()["accessTokenPayload"]["role"], "admin");
    }
}

async fn what_was_taken_away_does_not_come_back_with_an_old_token(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let start = json!({ "payload": { "role": "admin", "kept": 1 } });
        let (mut front_end, _) = app.sign_in_with(mode, &start).await;
        let mut old = front_end.clone();
        front_end.send(&app, merge(&json!({ "role": null, "banned": true }))).await;
        // Any claim that is written, and any validator that refetches one, by a token from before.
        for request in [
            merge(&json!({ "a": 1 })),
            Req::post("/second-factor"),
            Req::post("/second-factor/fetch"),
        ] {
            let reply = old.send(&app, request).await;
            assert_eq!(reply.status, 200, "{reply:?}");
        }
        for front_end in [&mut old, &mut front_end] {
            front_end.refresh(&app).await.expect(200, &json!({}));
            let payload = front_end.payload();
            assert_eq!(payload.get("role"), None, "{payload}");
            assert_eq!((&payload["banned"], &payload["a"]), (&json!(true), &json!(1)));
            assert_eq!(payload["kept"], 1);
        }
    }
}

async fn parallel_writes_of_different_claims_all_stay(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let writes = (0..6).map(|number| {
        let request = front_end.prepare(merge(&json!({ format!("claim{number}"): number })));
        let app = &app;
        async move { unrecorded(app, request).await }
    });
    for reply in futures_util::future::join_all(writes).await {
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let refresh = front_end.prepare(Req::post("/auth/session/refresh"));
    let reply = unrecorded(&app, refresh).await;
    reply.expect(200, &json!({}));
    front_end.keep(&reply);
    for number in 0..6 {
        assert_eq!(front_end.payload()[format!("claim{number}")], number);
    }
}

/// An exchange that isn't compared between storages: which claims were written first is a matter of
/// chance.
async fn unrecorded(app: &App, request: Req) -> Reply {
    app.connect().await.send(&request.header("connection", "close")).await
}

async fn data_in_the_database_is_replaced_whole_and_shows_in_no_token(harness: Harness) {
    let app = harness.start_default().await;
    let start = json!({ "data": { "cart": [1, 2], "secret": "for the server" } });
    let (mut front_end, _) = app.sign_in_with(Mode::Header, &start).await;
    let expiry = START_MS + 100 * 24 * 3_600_000;
    let expected =
        |data: &Value| json!({ "data": data, "timeCreated": START_MS, "expiry": expiry });
    let reply = front_end.send(&app, Req::post("/session-data")).await;
    reply.expect(200, &expected(&start["data"]));
    reply.expect_tokens_untouched();
    let reply = front_end.send(&app, Req::post("/session-data").json(&json!({ "x": null }))).await;
    reply.expect(200, &expected(&json!({ "x": null })));
    let replaced = front_end.send(&app, Req::post("/session-data/replace").body("{}")).await;
    replaced.expect(200, &json!({ "replaced": true }));
    let reply = front_end.send(&app, Req::post("/session-data")).await;
    reply.expect(200, &expected(&json!({})));
    front_end.refresh(&app).await.expect(200, &json!({}));
    assert!(front_end.payload().get("cart").is_none() && front_end.payload().get("x").is_none());
}

async fn revoking_clears_the_tokens_of_the_request_s_way_of_transfer(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let before = front_end.clone();
        let reply = front_end.send(&app, Req::post("/revoke")).await;
        reply.expect(200, &json!({ "revoked": true }));
        assert_eq!(reply.header("front-token"), Some("remove"));
        assert_eq!(reply.cookies().len(), if mode == Mode::Cookie { 2 } else { 0 });
        assert_eq!(reply.header("st-access-token"), (mode == Mode::Header).then_some(""));
        let reply = app.send(before.with_tokens(Req::get("/session-check-db"))).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn every_session_of_a_user_can_be_ended(harness: Harness) {
    let app = harness.start_default().await;
    let mut first = app.sign_in(Mode::Header).await;
    let mut second = app.sign_in(Mode::Cookie).await;
    let (mut other, _) = app.sign_in_with(Mode::Header, &json!({ "userId": "bob" })).await;
    let reply = first.send(&app, Req::post("/revoke-all")).await;
    reply.expect(200, &json!({ "revoked": 2 }));
    let status = async |reply: Reply| reply.status;
    assert_eq!(status(second.send(&app, Req::get("/session-check-db")).await).await, 401);
    assert_eq!(status(second.refresh(&app).await).await, 401);
    assert_eq!(status(other.send(&app, Req::get("/session-check-db")).await).await, 200);
}

async fn what_needs_the_database_is_unauthorised_once_the_session_is_gone(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let gone = front_end.clone();
        front_end.send(&app, Req::post("/auth/signout")).await;
        for request in [
            Req::post("/session-data"),
            Req::post("/session-data").json(&json!({ "a": 1 })),
            Req::post("/session-data/replace").json(&json!({ "a": 1 })),
            merge(&json!({ "a": 1 })),
            Req::post("/second-factor"),
        ] {
            let reply = app.send(gone.with_tokens(request)).await;
            reply.expect_message(401, "unauthorised");
            reply.expect_cleared_in_both_ways();
        }
        let reply = app.send(gone.with_tokens(Req::post("/revoke"))).await;
        reply.expect(200, &json!({ "revoked": true }));
    }
}

async fn changes_by_one_token_show_in_the_tokens_of_others_at_their_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let mut tab = app.sign_in(Mode::Header).await;
    let mut other_tab = tab.clone();
    tab.send(&app, merge(&json!({ "theme": "dark" }))).await;
    let reply = other_tab.send(&app, Req::get("/session-check-db")).await;
    assert_eq!(reply.json()["accessTokenPayload"].get("theme"), None);
    reply.expect_tokens_untouched();
    other_tab.refresh(&app).await.expect(200, &json!({}));
    assert_eq!(other_tab.payload()["theme"], "dark");
}
