//! Cores that don't rotate at a refresh, but once a token of the refresh is used (until CDI 5.5).

use auth_core::protocol::CdiVersion;
use serde_json::{Value, json};

use super::{cases, errors::Own};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "cdi-2.5-2" => a_token_refreshes_again_until_one_that_it_gave_is_used,
    "cdi-2.5-3" => a_refresh_by_the_next_token_makes_the_one_before_a_stolen_one,
    "cdi-2.5-3" => an_answer_of_the_application_s_own_to_theft_leaves_the_session,
    "cdi-2.5-4" => a_refresh_token_has_one_successor_whose_use_makes_it_a_stolen_one,
    "cdi-2.5-verify" => the_first_use_of_a_refreshed_access_token_gives_another_in_its_place,
    "fdi-2.4-8" => the_token_in_its_place_is_good_for_no_longer,
    "cdi-2.5-verify" => claims_that_changed_in_the_database_show_where_it_is_asked,
    "fdi-2.4-8" => a_refreshed_access_token_of_a_session_that_was_ended_is_refused,
}

async fn start(harness: &Harness) -> App {
    harness.start(Setup::new().served(CdiVersion::V5_4, |config| config)).await
}

fn parent(front_end: &FrontEnd) -> Value {
    front_end.payload()["parentRefreshTokenHash1"].clone()
}

async fn a_token_refreshes_again_until_one_that_it_gave_is_used(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        let front_end = app.sign_in(mode).await;
        let hash = front_end.payload()["refreshTokenHash1"].clone();
        assert!(parent(&front_end).is_null(), "a new session is there from the start");
        for _ in 0..3 {
            let mut tab = front_end.clone();
            tab.refresh(&app).await.expect(200, &json!({}));
            assert_eq!(parent(&tab), hash, "it says which token it came from");
            // No matter how long it takes.
            app.advance_secs(60);
        }
    }
}

async fn a_refresh_by_the_next_token_makes_the_one_before_a_stolen_one(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let mut thief = front_end.clone();
        for _ in 0..2 {
            front_end.refresh(&app).await.expect(200, &json!({}));
        }
        let reply = thief.refresh(&app).await;
        reply.expect_message(401, "token theft detected");
        reply.expect_cleared_in_both_ways();
        // Such a core leaves it to its client to end the session.
        let reply = front_end.refresh(&app).await;
        reply.expect_message(401, "unauthorised");
    }
}

async fn an_answer_of_the_application_s_own_to_theft_leaves_the_session(harness: Harness) {
    let setup = Setup::new().session(|session| session.error_handlers(Own));
    let app = harness.start(setup.served(CdiVersion::V5_4, |config| config)).await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let mut thief = front_end.clone();
    for _ in 0..2 {
        front_end.refresh(&app).await.expect(200, &json!({}));
    }
    let reply = thief.refresh(&app).await;
    reply.expect(299, &json!({ "own": "theft of ada" }));
    reply.expect_cleared_in_both_ways();
    front_end.refresh(&app).await.expect(200, &json!({}));
}

async fn a_refresh_token_has_one_successor_whose_use_makes_it_a_stolen_one(harness: Harness) {
    let app = start(&harness).await;
    let front_end = app.sign_in(Mode::Header).await;
    let mut late = front_end.clone();
    let (mut one, mut other) = (front_end.clone(), front_end);
    for tab in [&mut one, &mut other] {
        tab.refresh(&app).await.expect(200, &json!({}));
    }
    assert_eq!(one.refresh_token(), other.refresh_token());
    assert_eq!(one.send(&app, Req::get("/sessioninfo")).await.status, 200);
    other.refresh(&app).await.expect(200, &json!({}));
    late.refresh(&app).await.expect_message(401, "token theft detected");
}

async fn the_first_use_of_a_refreshed_access_token_gives_another_in_its_place(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        for path in ["/sessioninfo", "/session-optional", "/session-check-db"] {
            let mut front_end = app.sign_in(mode).await;
            let mut before = front_end.clone();
            front_end.refresh(&app).await.expect(200, &json!({}));
            let refreshed = front_end.payload();
            let reply = front_end.send(&app, Req::get(path)).await;
            let payload = front_end.payload();
            assert!(parent(&front_end).is_null(), "{payload}");
            assert_eq!(payload["refreshTokenHash1"], refreshed["refreshTokenHash1"]);
            assert_eq!(reply.json()["accessTokenPayload"], payload);
            assert_eq!(front_end.front_token.as_ref().expect("a front token")["up"], payload);
            let exposed: &[&str] = match mode {
                Mode::Cookie => &["front-token"],
                Mode::Header => &["front-token", "st-access-token"],
            };
            assert_eq!(reply.exposed(), exposed);
            let reply = front_end.send(&app, Req::get(path)).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            reply.expect_tokens_untouched();
            before.refresh(&app).await.expect_message(401, "token theft detected");
        }
    }
}

async fn the_token_in_its_place_is_good_for_no_longer(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        for path in ["/sessioninfo", "/session-check-db"] {
            let mut front_end = app.sign_in(mode).await;
            front_end.refresh(&app).await.expect(200, &json!({}));
            let exp = front_end.payload()["exp"].clone();
            let mut other_tab = front_end.clone();
            app.advance_secs(600);
            // The second tab has the older token still: its use confirms the same refresh again.
            for tab in [&mut front_end, &mut other_tab] {
                tab.send(&app, Req::get(path)).await;
                assert!(parent(tab).is_null(), "{path}: {}", tab.payload());
                assert_eq!(tab.payload()["exp"], exp, "{path}");
                let shown = &tab.front_token.as_ref().expect("a front token")["ate"];
                assert_eq!(*shown, exp.as_i64().expect("seconds") * 1000, "{path}");
            }
            app.advance_secs(2999);
            assert_eq!(front_end.send(&app, Req::get(path)).await.status, 200);
            app.advance_secs(1);
            front_end.send(&app, Req::get(path)).await.expect_message(401, "try refresh token");
        }
    }
}

async fn claims_that_changed_in_the_database_show_where_it_is_asked(harness: Harness) {
    let app = start(&harness).await;
    let mut tab = app.sign_in(Mode::Header).await;
    let mut other_tab = tab.clone();
    tab.send(&app, Req::post("/merge-payload").json(&json!({ "theme": "dark" }))).await;
    let reply = other_tab.send(&app, Req::get("/sessioninfo")).await;
    assert_eq!(reply.json()["accessTokenPayload"].get("theme"), None);
    reply.expect_tokens_untouched();
    let reply = other_tab.send(&app, Req::get("/session-check-db")).await;
    assert_eq!(reply.json()["accessTokenPayload"]["theme"], "dark");
    assert_eq!(other_tab.payload()["theme"], "dark", "the client gets it, too");
}

async fn a_refreshed_access_token_of_a_session_that_was_ended_is_refused(harness: Harness) {
    let app = start(&harness).await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        front_end.refresh(&app).await.expect(200, &json!({}));
        let handle = front_end.handle().as_str().into();
        let sessions = app.auth.session().expect("the recipe is there");
        assert!(sessions.revoke_session(&handle).await.expect("answered"));
        // The core is asked, although the route doesn't want it to be.
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        reply.expect_message(401, "unauthorised");
        reply.expect_cleared_in_both_ways();
    }
}
