//! What somebody has shown in one tenant, and what is set for it: authenticator apps, devices that are known,
//! and settings of the core.

use auth_core::{
    protocol::{RecipeUserId, Secret},
    recipes::{
        multifactorauth::FactorId,
        multitenancy::{AssociateUserToTenantInput, CreateOrUpdateTenantInput},
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{code, set_up_totp, with_factors},
    support::{EMAIL, PASSWORD, form, start_email_password},
    tenants::{open, set},
};
use crate::{
    App, Harness,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.8-isolation" => an_authenticator_app_is_the_user_s_and_its_wrong_codes_are_one_tenant_s,
    "fdi-1.8-isolation" => a_device_that_is_known_to_a_tenant_is_a_stranger_s_in_another,
    "fdi-1.8-isolation" => a_setting_of_a_tenant_holds_there_alone,
}

const ACME: &str = "acme";
const BLOG: &str = "blog";

async fn sign(app: &App, what: &str, tenant: &str, password: &str) -> (FrontEnd, Reply) {
    let mut front_end = app.front_end(Mode::Header);
    let request = Req::post(&format!("/auth/{tenant}/{what}")).json(&form(EMAIL, password));
    let reply = front_end.send(app, request).await;
    (front_end, reply)
}

/// A user who is in both tenants, and a session in each.
async fn in_both(app: &App) -> [FrontEnd; 2] {
    let (acme, reply) = sign(app, "signup", ACME, PASSWORD).await;
    let id = reply.json()["user"]["id"].as_str().expect("an id").to_owned();
    let tenants = app.auth.multitenancy().expect("always there");
    let input = AssociateUserToTenantInput::new(BLOG, RecipeUserId::from(id));
    tenants.associate_user_to_tenant(input).await.expect("nobody else is there");
    let (blog, reply) = sign(app, "signin", BLOG, PASSWORD).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    [acme, blog]
}

async fn totp(app: &App, front_end: &mut FrontEnd, totp: &str) -> Value {
    let request = Req::post("/auth/totp/verify").json(&json!({ "totp": totp }));
    front_end.send(app, request).await.json()
}

fn wrong(failed: u32, most: u32) -> Value {
    json!({
        "status": "INVALID_TOTP_ERROR",
        "currentNumberOfFailedAttempts": failed,
        "maxNumberOfFailedAttempts": most,
    })
}

async fn an_authenticator_app_is_the_user_s_and_its_wrong_codes_are_one_tenant_s(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    open(&app, [ACME, BLOG]).await;
    let [mut acme, mut blog] = in_both(&app).await;
    let secret: Secret = set_up_totp(&app, &mut acme).await;
    app.advance_secs(60);
    let now = code(&app, &secret);
    assert_eq!(totp(&app, &mut acme, &now).await, json!({ "status": "OK" }));
    assert_eq!(totp(&app, &mut blog, &now).await, wrong(1, 5), "it was used");
    app.advance_secs(30);
    assert_eq!(totp(&app, &mut blog, &code(&app, &secret)).await, json!({ "status": "OK" }));
    for failed in 1..=5 {
        assert_eq!(totp(&app, &mut acme, "000000").await, wrong(failed, 5));
    }
    assert_eq!(totp(&app, &mut acme, "000000").await["status"], "LIMIT_REACHED_ERROR");
    assert_eq!(totp(&app, &mut blog, "000000").await, wrong(1, 5));
    app.advance_secs(30);
    assert_eq!(totp(&app, &mut blog, &code(&app, &secret)).await, json!({ "status": "OK" }));
    assert_eq!(totp(&app, &mut acme, "000000").await["status"], "LIMIT_REACHED_ERROR");
}

async fn a_device_that_is_known_to_a_tenant_is_a_stranger_s_in_another(harness: Harness) {
    let app = start_email_password(&harness).await;
    open(&app, [ACME, BLOG]).await;
    let mut tokens = Vec::new();
    for (tenant, password) in [(ACME, PASSWORD), (BLOG, "battery staple 2")] {
        let (_, reply) = sign(&app, "signup", tenant, password).await;
        tokens.push(reply.header("st-known-device").expect("a token").to_owned());
    }
    for _ in 0..10 {
        let (_, reply) = sign(&app, "signin", BLOG, "wrong 1").await;
        assert_eq!(reply.json()["status"], "WRONG_CREDENTIALS_ERROR");
    }
    for (token, status) in [(&tokens[0], 429), (&tokens[1], 200)] {
        let request = Req::post("/auth/blog/signin").json(&form(EMAIL, "battery staple 2"));
        let reply = app.send(request.header("st-known-device", &**token)).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}

async fn a_setting_of_a_tenant_holds_there_alone(harness: Harness) {
    let app = harness.start(with_factors([])).await;
    open(&app, [BLOG]).await;
    let acme = CreateOrUpdateTenantInput::new(ACME).first_factors([FactorId::EMAIL_PASSWORD]);
    let settings = acme.core_setting("totp_max_attempts", 2);
    set(&app, settings.core_setting("totp_rate_limit_cooldown_sec", 60)).await;
    let [mut acme, mut blog] = in_both(&app).await;
    let secret = set_up_totp(&app, &mut acme).await;
    for failed in 1..=2 {
        assert_eq!(totp(&app, &mut acme, "000000").await, wrong(failed, 2));
        assert_eq!(totp(&app, &mut blog, "000000").await, wrong(failed, 5));
    }
    let limit = totp(&app, &mut acme, "000000").await;
    assert_eq!(
        (&limit["status"], &limit["retryAfterMs"]),
        (&json!("LIMIT_REACHED_ERROR"), &json!(60_000))
    );
    assert_eq!(totp(&app, &mut blog, "000000").await, wrong(3, 5));
    app.advance_secs(61);
    assert_eq!(totp(&app, &mut acme, &code(&app, &secret)).await, json!({ "status": "OK" }));
    // Another setting counts at once, and what isn't set any more is the program's.
    let unset = CreateOrUpdateTenantInput::new(ACME).core_setting("totp_max_attempts", Value::Null);
    set(&app, unset).await;
    assert_eq!(totp(&app, &mut acme, "000000").await, wrong(1, 5));
}
