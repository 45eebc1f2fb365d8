//! Claims at the gate.

use serde_json::{Value, json};

use super::{cases, support::second_factor_required};
use crate::{
    App, Harness, START_MS, Setup,
    app::SecondFactorPending,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-2.4-9" => a_missing_claim_is_named_with_its_reason,
    "fdi-2.4-9" => a_route_adds_validators_to_the_global_ones_or_replaces_them,
    "fdi-2.9-storage" => a_claim_stands_in_the_token_with_its_value_and_time,
    "fdi-2.9-value" => a_wrong_value_is_told_with_the_expected_one,
    "fdi-2.9-boolean" => a_boolean_claim_is_true_or_false,
    "fdi-2.9-array" => lists_must_include_or_exclude_values,
    "fdi-2.9-missing" => a_missing_list_is_wrong_for_every_validator,
    "fdi-2.9-age" => a_value_that_is_too_old_is_told_with_its_age,
    "fdi-2.9-refetch" => a_value_that_is_missing_or_too_old_is_fetched_first,
    "fdi-2.9-all" => every_failure_is_reported_in_order,
    "fdi-2.9-changes" => a_claim_can_be_set_fetched_and_removed,
    "fdi-6.10" => the_second_factor_opens_the_route,
}

fn invalid(id: &str, reason: &Value) -> Value {
    json!({ "message": "invalid claim", "claimValidationErrors": [{ "id": id, "reason": reason }] })
}

async fn with_payload(app: &App, payload: Value) -> FrontEnd {
    app.sign_in_with(Mode::Header, &json!({ "payload": payload })).await.0
}

async fn get(app: &App, front_end: &FrontEnd, path: &str) -> Reply {
    app.send(front_end.with_tokens(Req::get(path))).await
}

async fn a_missing_claim_is_named_with_its_reason(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let reply = front_end.send(&app, Req::get("/claims/level-2")).await;
        let reason = json!({ "message": "value does not exist", "expectedValue": 2 });
        reply.expect(403, &invalid("level", &reason));
        reply.expect_tokens_untouched();
    }
}

async fn a_route_adds_validators_to_the_global_ones_or_replaces_them(harness: Harness) {
    let app = harness.start(second_factor_required()).await;
    let front_end = app.sign_in(Mode::Header).await;
    let ids = async |path: &str| {
        let reply = get(&app, &front_end, path).await;
        let errors = reply.json()["claimValidationErrors"].as_array().cloned();
        let ids = errors.unwrap_or_default().into_iter().map(|error| error["id"].clone());
        (reply.status, ids.collect::<Vec<Value>>())
    };
    assert_eq!(ids("/sessioninfo").await, (403, vec![json!("2fa-completed")]));
    assert_eq!(ids("/session-optional").await, (403, vec![json!("2fa-completed")]));
    let both = vec![json!("2fa-completed"), json!("level")];
    assert_eq!(ids("/claims/level-2").await, (403, both));
    assert_eq!(ids("/claims/replaced").await, (403, vec![json!("own-id")]));
    assert_eq!(ids("/claims/none").await, (200, vec![]));
    let anybody = app.send(Req::get("/session-optional")).await;
    assert_eq!(anybody.text(), "null", "without a session there are no claims to ask for");
}

async fn a_claim_stands_in_the_token_with_its_value_and_time(harness: Harness) {
    let setup = Setup::new().session(|session| session.override_functions(SecondFactorPending));
    let app = harness.start(setup).await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    assert_eq!(front_end.payload()["2fa-completed"], json!({ "v": false, "t": START_MS }));
    app.advance_secs(7);
    front_end.send(&app, Req::post("/second-factor")).await;
    let claim = json!({ "v": true, "t": START_MS + 7000 });
    assert_eq!(front_end.payload()["2fa-completed"], claim);
    let front_token = front_end.front_token.clone().expect("a front token");
    assert_eq!(front_token["up"]["2fa-completed"], claim);
}

async fn a_wrong_value_is_told_with_the_expected_one(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = with_payload(&app, json!({ "level": { "v": 1, "t": START_MS } })).await;
    let reply = get(&app, &front_end, "/claims/level-2").await;
    let reason = json!({ "message": "wrong value", "expectedValue": 2, "actualValue": 1 });
    reply.expect(403, &invalid("level", &reason));
    let front_end = with_payload(&app, json!({ "level": { "v": 2, "t": START_MS } })).await;
    assert_eq!(get(&app, &front_end, "/claims/level-2").await.status, 200);
}

async fn a_boolean_claim_is_true_or_false(harness: Harness) {
    let app = harness.start_default().await;
    for value in [true, false] {
        let claim = json!({ "2fa-completed": { "v": value, "t": START_MS } });
        let front_end = with_payload(&app, claim).await;
        for (path, expected) in
            [("/claims/second-factor", true), ("/claims/second-factor-open", false)]
        {
            let reply = get(&app, &front_end, path).await;
            if value == expected {
                assert_eq!(reply.status, 200, "{reply:?}");
                continue;
            }
            let reason = json!({
                "message": "wrong value", "expectedValue": expected, "actualValue": value,
            });
            reply.expect(403, &invalid("2fa-completed", &reason));
        }
    }
}

async fn lists_must_include_or_exclude_values(harness: Harness) {
    let app = harness.start_default().await;
    for (path, good, bad, name, expected) in [
        ("includes", json!([1]), json!([2]), "expectedToInclude", json!(1)),
        ("excludes", json!([1]), json!([9]), "expectedToNotInclude", json!(9)),
        ("includes-all", json!([2, 1]), json!([1]), "expectedToInclude", json!([1, 2])),
        ("includes-any", json!([5]), json!([2]), "expectedToIncludeAtLeastOneOf", json!([1, 5])),
        ("excludes-all", json!([1]), json!([8]), "expectedToNotInclude", json!([8, 9])),
    ] {
        let path = format!("/claims/codes/{path}");
        let front_end = with_payload(&app, json!({ "codes": { "v": good, "t": START_MS } })).await;
        assert_eq!(get(&app, &front_end, &path).await.status, 200, "{path}");
        let front_end = with_payload(&app, json!({ "codes": { "v": bad, "t": START_MS } })).await;
        let reply = get(&app, &front_end, &path).await;
        let reason = json!({ "message": "wrong value", name: expected, "actualValue": bad });
        reply.expect(403, &invalid("codes", &reason));
    }
}

async fn a_missing_list_is_wrong_for_every_validator(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = app.sign_in(Mode::Header).await;
    for (path, name, expected) in [
        ("includes", "expectedToInclude", json!(1)),
        ("excludes", "expectedToNotInclude", json!(9)),
        ("includes-all", "expectedToInclude", json!([1, 2])),
        // Clients have come to know this name.
        ("includes-any", "expectedToNotInclude", json!([1, 5])),
        ("excludes-all", "expectedToNotInclude", json!([8, 9])),
    ] {
        let reply = get(&app, &front_end, &format!("/claims/codes/{path}")).await;
        let reason = json!({ "message": "value does not exist", name: expected });
        reply.expect(403, &invalid("codes", &reason));
    }
}

async fn a_value_that_is_too_old_is_told_with_its_age(harness: Harness) {
    let app = harness.start_default().await;
    let front_end = with_payload(&app, json!({ "level": { "v": 2, "t": START_MS } })).await;
    app.advance_secs(60);
    assert_eq!(get(&app, &front_end, "/claims/level-fresh").await.status, 200);
    app.clock.advance(std::time::Duration::from_millis(1500));
    let reply = get(&app, &front_end, "/claims/level-fresh").await;
    let reason = json!({ "message": "expired", "ageInSeconds": 61.5, "maxAgeInSeconds": 60 });
    reply.expect(403, &invalid("level", &reason));
    assert_eq!(get(&app, &front_end, "/claims/level-2").await.status, 200, "no age is asked for");
}

async fn a_value_that_is_missing_or_too_old_is_fetched_first(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        // What is fetched is false.
        let mut front_end = app.sign_in(mode).await;
        let now_ms = app.clock.now_ms();
        let reply = front_end.send(&app, Req::get("/claims/second-factor-open")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(front_end.payload()["2fa-completed"], json!({ "v": false, "t": now_ms }));
        assert!(reply.exposed().contains(&"front-token"), "{reply:?}");
        let reply = front_end.send(&app, Req::get("/claims/second-factor-open")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.expect_tokens_untouched();

        front_end.send(&app, Req::post("/second-factor")).await;
        let reply = front_end.send(&app, Req::get("/claims/second-factor-fresh")).await;
        assert_eq!(reply.status, 200, "it is fresh: {reply:?}");
        app.advance_secs(61);
        let reply = front_end.send(&app, Req::get("/claims/second-factor-fresh")).await;
        let reason =
            json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
        reply.expect(403, &invalid("2fa-completed", &reason));
        // The session isn't the response's yet.
        reply.expect_tokens_untouched();
        front_end.refresh(&app).await.expect(200, &json!({}));
        let claim = &front_end.payload()["2fa-completed"];
        assert_eq!(claim["v"], false, "what was fetched is in the next token: {claim}");
    }
}

async fn every_failure_is_reported_in_order(harness: Harness) {
    let app = harness.start_default().await;
    let claims = json!({
        "level": { "v": 1, "t": START_MS },
        "2fa-completed": { "v": true, "t": START_MS },
    });
    let front_end = with_payload(&app, claims).await;
    let reply = get(&app, &front_end, "/claims/several").await;
    let errors = json!([
        { "id": "level",
          "reason": { "message": "wrong value", "expectedValue": 2, "actualValue": 1 } },
        { "id": "2fa-completed",
          "reason": { "message": "wrong value", "expectedValue": false, "actualValue": true } },
        { "id": "codes",
          "reason": { "message": "value does not exist", "expectedToInclude": 7 } },
    ]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
}

async fn a_claim_can_be_set_fetched_and_removed(harness: Harness) {
    let app = harness.start_default().await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        for (path, value) in [
            ("/second-factor", json!(true)),
            ("/second-factor/fetch", json!(false)),
            ("/second-factor/remove", json!(null)),
        ] {
            let reply = front_end.send(&app, Req::post(path)).await;
            assert_eq!(reply.status, 200, "{reply:?}");
            let payload = front_end.payload();
            assert_eq!(payload["2fa-completed"]["v"], value, "{path}");
            assert_eq!(reply.json()["accessTokenPayload"], payload);
            assert_eq!(front_end.front_token.as_ref().expect("a front token")["up"], payload);
        }
        let payload = front_end.payload();
        assert_eq!(payload.get("2fa-completed"), None, "it isn't there at all");
    }
}

async fn the_second_factor_opens_the_route(harness: Harness) {
    let app = harness.start(second_factor_required()).await;
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
        let reason =
            json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
        reply.expect(403, &invalid("2fa-completed", &reason));
        let reply = front_end.send(&app, Req::post("/second-factor")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(reply.exposed().contains(&"front-token"), "{reply:?}");
        let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(front_end.refresh(&app).await.status, 200);
        let reply = front_end.send(&app, Req::get("/sessioninfo")).await;
        assert_eq!(reply.status, 200, "the claim outlives a refresh: {reply:?}");
    }
}
