//! Routes that aren't operations of an SDK (CDI §1.1).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use auth_engine::EngineConfig;
use auth_server::ServerConfig;
use common::{Core, send, text};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

#[tokio::test]
async fn cdi_1_1_the_public_keys_may_be_kept_for_a_minute_since_one_may_be_withdrawn() {
    let core = Core::start().await;
    let response = core.request("GET", "/.well-known/jwks.json").send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "max-age=60, must-revalidate");
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["keys"].as_array().unwrap().len(), 2);
    assert_eq!(answer.as_object().unwrap().len(), 1);
    let deprecated = core.get("/recipe/jwt/jwks").await.json();
    assert_eq!(deprecated["status"], "OK");
    assert_eq!(deprecated["keys"], answer["keys"]);
}

#[tokio::test]
async fn cdi_6_5_every_feature_is_there_without_a_licence() {
    let core = Core::start().await;
    let answer = core.get("/ee/featureflag").await.json();
    assert_eq!(answer["status"], "OK");
    let features =
        ["account_linking", "multi_tenancy", "dashboard_login", "mfa", "security", "oauth", "saml"];
    assert_eq!(answer["features"], json!(features));
    assert_eq!(answer["usageStats"], json!({}));
    let license = |method: &'static str, body: Value| {
        let request = core.request(method, "/ee/license").json(&body);
        async move { send(request).await }
    };
    let status = |status: &str| json!({ "status": status });
    let none = license("GET", json!({})).await.json();
    assert_eq!(none, status("NO_LICENSE_KEY_FOUND_ERROR"));
    let put = license("PUT", json!({ "licenseKey": "key" })).await.json();
    assert_eq!(put, status("MISSING_EE_FOLDER_ERROR"));
    let wrong = license("PUT", json!({ "key": "key" })).await;
    assert_eq!(wrong.text, "Field name 'licenseKey' is missing in JSON input\n");
    assert_eq!(license("DELETE", json!({})).await.json(), status("OK"));
}

#[tokio::test]
async fn cdi_1_1_there_is_no_telemetry_and_the_tags_and_the_tenant_are_told() {
    let core = Core::start().await;
    assert_eq!(core.get("/telemetry").await.json(), json!({ "exists": false }));
    let tags = json!({ "status": "OK", "tags": ["email", "phone", "provider"] });
    assert_eq!(core.get("/user/search/tags").await.json(), tags);
    let tenant = json!({
        "tenantId": "public", "thirdParty": { "providers": [] }, "coreConfig": {},
    });
    let list = core.get("/recipe/multitenancy/tenant/list/v2").await.json();
    assert_eq!(list, json!({ "status": "OK", "tenants": [tenant] }));
    let one = core.get("/recipe/multitenancy/tenant/v2").await.json();
    assert_eq!((&one["status"], &one["tenantId"]), (&json!("OK"), &json!("public")));
    let unknown = core.get("/t1/recipe/multitenancy/tenant/v2").await.json();
    assert_eq!(unknown, json!({ "status": "TENANT_NOT_FOUND_ERROR" }));
}

#[tokio::test]
async fn cdi_1_12_the_tenant_is_told_in_the_form_before_5_1_with_every_recipe_on() {
    let core = Core::start().await;
    let mut tenant = json!({
        "tenantId": "public", "emailPassword": { "enabled": true },
        "thirdParty": { "enabled": true, "providers": [] },
        "passwordless": { "enabled": true }, "coreConfig": {},
    });
    let list = core.get_in("3.1", "/recipe/multitenancy/tenant/list").await.json();
    assert_eq!(list, json!({ "status": "OK", "tenants": [tenant] }));
    tenant["status"] = json!("OK");
    for path in ["", "/public"] {
        let path = format!("{path}/recipe/multitenancy/tenant");
        assert_eq!(core.get_in("3.1", &path).await.json(), tenant);
    }
    let unknown = core.get_in("3.1", "/t1/recipe/multitenancy/tenant").await.json();
    assert_eq!(unknown, json!({ "status": "TENANT_NOT_FOUND_ERROR" }));
}

#[tokio::test]
async fn cdi_1_1_telemetry_features_and_figures_are_for_the_public_tenant_and_behind_the_key() {
    let keys = auth_server::ApiKeys::parse("kDsT3bA7xwWmQ0uR5vHy").unwrap();
    let core = Core::with(ServerConfig::new().api_keys(keys)).await;
    for path in ["/telemetry", "/ee/featureflag", "/ee/license", "/requests/stats", "/apiversion"] {
        assert_eq!(core.get(path).await, text(401, "Invalid API key"), "{path}");
        let ask = |path: &str, version| {
            let request = core.request("GET", path).bearer_auth("kDsT3bA7xwWmQ0uR5vHy");
            send(request.header("cdi-version", version))
        };
        assert_eq!(ask(path, "5.4").await.status, 200, "{path}");
        let refused = text(403, "Only public tenantId can call this app specific API");
        assert_eq!(ask(&format!("/t1{path}"), "5.0").await, refused, "{path}");
        assert_eq!(ask(&format!("/t1{path}"), "4.0").await.status, 200, "{path}");
        let unknown = ask(&format!("/appid-a1{path}"), "5.4").await;
        assert_eq!(
            unknown,
            text(
                400,
                "AppId or tenantId not found => Tenant with the following connectionURIDomain, \
                 appId and tenantId combination not found: (, a1, public)"
            ),
            "{path}"
        );
    }
}

#[tokio::test]
async fn cdi_1_1_the_configuration_s_path_is_told_only_to_who_knows_the_process() {
    let core = Core::with(ServerConfig::new().config_path("/etc/auth/config.yaml")).await;
    let own = format!("/config?pid={}", std::process::id());
    let told = json!({ "status": "OK", "path": "/etc/auth/config.yaml" });
    assert_eq!(core.get(&own).await.json(), told);
    assert_eq!(core.get("/config?pid=0").await.json(), json!({ "status": "NOT_ALLOWED" }));
    assert_eq!(core.get("/t1/config?pid=0").await.status, 403);
}

#[tokio::test]
async fn cdi_9_4_answered_requests_are_counted_and_those_to_unknown_apps_are_not() {
    let core = Core::start().await;
    assert_eq!(core.get("/users").await.status, 200);
    assert_eq!(core.get("/appid-a1/users").await.status, 400);
    let stats = core.get("/requests/stats").await.json();
    assert_eq!(stats["averageRequestsPerSecond"].as_array().unwrap().len(), 1440);
    assert_eq!(core.get("/appid-a1/requests/stats").await.status, 400);
}

/// Waits for the rows that hold an app's domains: they are written after the answer.
async fn expect_domains(file: &Path, website: &str, api: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    let database = Connection::open(file).unwrap();
    let sql = "SELECT value FROM key_value WHERE app_id = 'public' AND tenant_id = 'public' \
        AND name IN ('websiteDomain', 'apiDomain') ORDER BY name DESC";
    loop {
        let mut rows = database.prepare(sql).unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        let kept: Vec<String> = rows.map(Result::unwrap).collect();
        if kept == [website, api] {
            return;
        }
        assert!(Instant::now() < deadline, "{kept:?}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn cdi_0_3_the_domains_that_an_sdk_sends_along_are_kept_and_change_no_answer() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("auth.db");
    let engine = EngineConfig::new(format!("sqlite:{}", file.display()).parse().unwrap());
    let core = Core::on(engine, ServerConfig::new()).await;
    let versions = core.get("/apiversion").await.json();
    let (website, api) = ("https://www.example.com", "https://api.example.com");
    for (query, website, api) in [
        ("?websiteDomain=https%3A%2F%2Fwww.example.com&websiteDomain=b&apiDomain=c", website, "c"),
        ("?apiDomain=https%3A%2F%2Fapi.example.com", website, api),
    ] {
        assert_eq!(core.get(&format!("/apiversion{query}")).await.json(), versions, "{query}");
        expect_domains(&file, website, api).await;
    }
    for value in ["", "%00", "%ff", &"x".repeat(5000)] {
        let path = format!("/apiversion?websiteDomain={value}");
        assert_eq!(core.get(&path).await.json(), versions, "{value}");
    }
}
