//! Settings of the core that differ for a tenant (CDI §6.2).

use std::time::Duration;

use auth_protocol::{
    CdiVersion, JsonObject,
    jwt::{GetJwks, GetJwksResponse},
    multitenancy::*,
    session::{CreateSession, CreateSessionResponse, VerifySession, VerifySessionResponse},
};
use serde_json::{Value, json};

use crate::common::Test;

fn object(settings: Value) -> Option<JsonObject> {
    serde_json::from_value(settings).unwrap()
}

fn tenant(id: &str, settings: Value) -> CreateOrUpdateTenant {
    CreateOrUpdateTenant {
        tenant_id: Some(id.into()),
        core_config: object(settings),
        ..CreateOrUpdateTenant::default()
    }
}

fn app(id: &str, settings: Value) -> CreateOrUpdateApp {
    CreateOrUpdateApp {
        app_id: Some(id.into()),
        core_config: object(settings),
        ..CreateOrUpdateApp::default()
    }
}

fn domain(name: &str, settings: Value) -> CreateOrUpdateConnectionUriDomain {
    CreateOrUpdateConnectionUriDomain {
        connection_uri_domain: Some(name.into()),
        core_config: object(settings),
        ..CreateOrUpdateConnectionUriDomain::default()
    }
}

impl Test {
    async fn setting(&self, name: &str) -> Option<Value> {
        self.engine.core_setting(&self.scope, name).await.unwrap()
    }
}

#[tokio::test]
async fn cdi_6_2_settings_are_merged_and_a_null_takes_one_back() {
    let test = Test::new().await;
    test.run(tenant("t1", json!({ "totp_max_attempts": 3, "ip_deny_regex": "x" }))).await;
    test.run(tenant("t1", json!({ "totp_max_attempts": null, "api_keys": null }))).await;
    let t1 = test.at("public", "t1");
    let config = t1.tenant().await.unwrap().core_config;
    assert_eq!(Value::from(config), json!({ "ip_deny_regex": "x" }));
    assert_eq!(t1.setting("ip_deny_regex").await, Some(json!("x")));
    assert_eq!(t1.setting("totp_max_attempts").await, None);
    assert_eq!(test.setting("ip_deny_regex").await, None);
    test.remove_tenant("t1").await;
    assert_eq!(t1.setting("ip_deny_regex").await, None);
}

#[tokio::test]
async fn cdi_6_2_what_a_tenant_can_t_have_is_refused_in_the_reference_s_words_and_makes_nothing() {
    let test = Test::new().await;
    let same_app = "You cannot set different values for access_token_validity for the same appId";
    for (settings, text) in [
        (json!({ "nonsense": 1 }), "Invalid config key: nonsense"),
        (json!({ "port": 80 }), "port can only be set via the core's base config setting"),
        (json!({ "totp_max_attempts": 0 }), "'totp_max_attempts' must be > 0"),
        (json!({ "access_token_validity": "x" }), "'access_token_validity' must be of type long"),
        (json!({ "access_token_validity": 60 }), same_app),
    ] {
        let refusal = test.refused(tenant("t1", settings)).await;
        assert_eq!(refusal, format!("Invalid core config: {text}"));
    }
    let public = test.refused(tenant("public", json!({ "totp_max_attempts": 3 }))).await;
    assert_eq!(public, "Cannot modify base config");
    test.run(tenant("public", json!({}))).await;
    assert_eq!(test.names().await, ["public"]);
}

#[tokio::test]
async fn cdi_6_2_one_value_per_app_is_the_app_s_for_all_its_tenants() {
    let test = Test::new().await;
    test.run(app("a1", json!({ "access_token_validity": 60 }))).await;
    let a1 = test.at("a1", "public");
    a1.run(tenant("t1", json!({ "access_token_validity": 60 }))).await;
    let other = a1.refused(tenant("t1", json!({ "access_token_validity": 61 }))).await;
    assert!(other.contains("for the same appId"), "{other}");
    // The tenant says so itself.
    let other = test.refused(app("a1", json!({ "access_token_validity": 61 }))).await;
    assert!(other.contains("for the same appId"), "{other}");
    a1.run(tenant("t1", json!({ "access_token_validity": null }))).await;
    test.run(app("a1", json!({ "access_token_validity": 61 }))).await;
    assert_eq!(a1.at("a1", "t1").setting("access_token_validity").await, Some(json!(61)));
}

#[tokio::test]
async fn cdi_6_2_apps_inherit_from_their_domain_which_can_t_be_set_to_what_they_can_t_have() {
    let test = Test::new().await;
    let host = "core.example.com";
    test.run(domain(host, json!({ "access_token_validity": 60 }))).await;
    let id = test.engine.app_of(host, &"public".into()).await.unwrap();
    let of_domain = test.at(id.as_str(), "public");
    of_domain.run(app("a1", json!({ "refresh_token_validity": 10 }))).await;
    let a1 = test.engine.app_of("CORE.example.com", &"a1".into()).await.unwrap();
    let a1 = test.at(a1.as_str(), "public");
    assert_eq!(a1.setting("access_token_validity").await, Some(json!(60)));
    let refusal = test.refused(domain(host, json!({ "access_token_validity": 601 }))).await;
    assert!(refusal.contains("must be strictly greater"), "{refusal}");
    assert_eq!(a1.setting("access_token_validity").await, Some(json!(60)));
    assert_eq!(test.setting("access_token_validity").await, None);
}

#[tokio::test]
async fn an_app_may_have_tokens_that_are_valid_for_longer_than_the_program_s_and_they_verify() {
    let test = Test::new().await;
    let day = Duration::from_hours(24);
    let validity = json!({ "access_token_validity": 20 * day.as_secs() });
    test.run(app("a1", validity)).await;
    let a1 = test.at("a1", "public");
    let created = a1.run(CreateSession::new("ada".into())).await;
    let CreateSessionResponse::Ok(tokens) = created else { panic!("too many sessions") };
    // The key signs for a week, and the program's own tokens are valid for an hour.
    test.clock.advance(8 * day);
    test.engine.delete_expired().await.unwrap();
    let GetJwksResponse { keys, .. } = a1.run(GetJwks {}).await;
    assert_eq!(keys.iter().filter(|key| key.kid.starts_with("d-")).count(), 2);
    let verify = VerifySession {
        access_token: tokens.access_token.token,
        anti_csrf_token: None,
        do_anti_csrf_check: false,
        enable_anti_csrf: false,
        check_database: true,
        cdi_version: CdiVersion::LATEST,
    };
    let verified = a1.run(verify).await;
    assert!(matches!(verified, VerifySessionResponse::Ok { .. }), "{verified:?}");
}
