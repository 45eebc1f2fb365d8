//! Claims at the gate.

use serde_json::json;

use super::cases;
use crate::{
    Harness, Setup,
    app::SecondFactorPending,
    client::{Mode, Req},
};

cases! {
    "fdi-2.4-9" => a_missing_claim_is_named_with_its_reason,
    "fdi-6.10" => the_second_factor_opens_the_route,
}

async fn a_missing_claim_is_named_with_its_reason(harness: Harness) {
    let app = harness.start_default().await;
    let mut front_end = app.sign_in(Mode::Header).await;
    let reply = front_end.send(&app, Req::get("/claims/level-2")).await;
    let reason = json!({ "message": "value does not exist", "expectedValue": 2 });
    let errors = json!([{ "id": "level", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
}

async fn the_second_factor_opens_the_route(harness: Harness) {
    let setup = Setup::new().session(|session| session.override_functions(SecondFactorPending));
    let app = harness.start(setup).await;
    let mut front_end = app.sign_in(Mode::Cookie).await;
    let reply = front_end.send(&app, Req::get("/claims/second-factor")).await;
    let reason = json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
    let errors = json!([{ "id": "2fa-completed", "reason": reason }]);
    reply.expect(403, &json!({ "message": "invalid claim", "claimValidationErrors": errors }));
    let reply = front_end.send(&app, Req::post("/second-factor")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.exposed().contains(&"front-token"), "{reply:?}");
    let reply = front_end.send(&app, Req::get("/claims/second-factor")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(front_end.refresh(&app).await.status, 200);
    let reply = front_end.send(&app, Req::get("/claims/second-factor")).await;
    assert_eq!(reply.status, 200, "the claim outlives a refresh: {reply:?}");
}
