//! Apps and tenants over the wire (CDI §1.12, 6).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use auth_server::{ApiKeys, ServerConfig};
use common::{Answer, Core, send, text};
use serde_json::{Value, json};

const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";

const TENANT: &str = "/recipe/multitenancy/tenant";

impl Core {
    async fn put(&self, path: &str, body: &Value) -> Answer {
        send(self.request("PUT", path).json(body)).await
    }

    async fn put_in(&self, version: &str, path: &str, body: &Value) -> Answer {
        send(self.request("PUT", path).header("cdi-version", version).json(body)).await
    }

    async fn at_host(&self, host: &str, method: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("host", host).header("api-key", KEY);
        send(request.json(body)).await
    }
}

fn made(created_new: bool) -> Value {
    json!({ "status": "OK", "createdNew": created_new })
}

#[tokio::test]
async fn cdi_1_12_tenants_are_made_read_listed_and_removed() {
    let core = Core::start().await;
    let body = json!({ "tenantId": "T1", "firstFactors": ["emailpassword"],
        "coreConfig": { "totp_max_attempts": 3 } });
    let path = "/recipe/multitenancy/tenant/v2";
    assert_eq!(core.put(path, &body).await.json(), made(true));
    let cleared = json!({ "tenantId": "t1", "firstFactors": null });
    assert_eq!(core.put(path, &cleared).await.json(), made(false));
    let config = json!({ "config": { "thirdPartyId": "google",
        "clients": [{ "clientId": "c", "clientSecret": "s" }] } });
    let put = core.put("/t1/recipe/multitenancy/config/thirdparty", &config).await;
    assert_eq!(put.json(), made(true));
    let tenant = json!({
        "tenantId": "t1",
        "thirdParty": { "providers": [{
            "thirdPartyId": "google",
            "clients": [{ "clientId": "c", "clientSecret": "s" }],
            "userInfoMap": { "fromIdTokenPayload": {}, "fromUserInfoAPI": {} },
        }] },
        "coreConfig": { "totp_max_attempts": 3 },
    });
    let mut found = tenant.clone();
    found["status"] = json!("OK");
    assert_eq!(core.get("/t1/recipe/multitenancy/tenant/v2").await.json(), found);
    let list = core.get("/recipe/multitenancy/tenant/list/v2").await.json();
    let public = json!({ "tenantId": "public", "thirdParty": { "providers": [] },
        "coreConfig": {} });
    assert_eq!(list, json!({ "status": "OK", "tenants": [public, tenant] }));

    let removal = json!({ "thirdPartyId": "google" });
    let removed = core.post("/t1/recipe/multitenancy/config/thirdparty/remove", &removal).await;
    assert_eq!(removed.json(), json!({ "status": "OK", "didConfigExist": true }));
    let removal = json!({ "tenantId": "t1" });
    for did_exist in [true, false] {
        let removed = core.post("/recipe/multitenancy/tenant/remove", &removal).await;
        assert_eq!(removed.json(), json!({ "status": "OK", "didExist": did_exist }));
    }
    let gone = json!({ "status": "TENANT_NOT_FOUND_ERROR" });
    assert_eq!(core.get("/t1/recipe/multitenancy/tenant/v2").await.json(), gone);
    assert_eq!(core.get("/appid-a9/recipe/multitenancy/tenant").await.json(), gone);
}

#[tokio::test]
async fn cdi_1_12_what_can_t_be_done_is_told_in_the_reference_s_words() {
    let core = Core::start().await;
    let path = "/recipe/multitenancy/tenant/v2";
    core.put(path, &json!({ "tenantId": "t1" })).await.json();
    for (path, body, status, line) in [
        (path, json!({ "tenantId": 1 }), 400, "Field name 'tenantId' is invalid in JSON input"),
        (
            path,
            json!({ "firstFactors": "totp" }),
            400,
            "Field name 'firstFactors' is invalid in JSON input",
        ),
        (
            path,
            json!({ "firstFactors": [null] }),
            400,
            "Field name 'firstFactors' is invalid in JSON input",
        ),
        (
            path,
            json!({ "emailPasswordEnabled": true }),
            400,
            "emailPasswordEnabled is not a valid input for this API",
        ),
        (
            path,
            json!({ "thirdPartyEnabled": true }),
            400,
            "thirdParty is not a valid input for this API",
        ),
        (
            path,
            json!({ "coreConfig": null }),
            400,
            "Field name 'coreConfig' is invalid in JSON input",
        ),
        (
            path,
            json!({ "coreConfig": { "totp_max_attempts": 3 } }),
            400,
            "Cannot modify base config",
        ),
        (
            path,
            json!({ "tenantId": "t1", "coreConfig": { "x": 3 } }),
            400,
            "Invalid core config: Invalid config key: x",
        ),
        (
            "/recipe/multitenancy/app/v2",
            json!({ "appId": "a1", "coreConfig": { "api_keys": "short" } }),
            400,
            "Invalid core config: One of the API keys is too short. Please use at least 20 \
             characters",
        ),
        (
            path,
            json!({ "tenantId": "t1", "coreConfig": { "ip_deny_regex": "(" } }),
            400,
            "Invalid core config: Provided regular expression is invalid for ip_deny_regex config",
        ),
        (
            "/t1/recipe/multitenancy/tenant/v2",
            json!({ "tenantId": "t2" }),
            403,
            "You must use the public or same tenant to add/update a tenant",
        ),
        (
            "/recipe/multitenancy/config/thirdparty",
            json!({ "config": {} }),
            400,
            "Field name 'thirdPartyId' is invalid in JSON input",
        ),
        (
            "/recipe/multitenancy/config/thirdparty",
            json!({ "config": { "thirdPartyId": "a", "clients": [{ "clientId": null }] } }),
            400,
            "Invalid third party config: clientId cannot be null",
        ),
        (
            "/recipe/multitenancy/config/thirdparty",
            json!({ "config": { "thirdPartyId": "a", "clients": 3 } }),
            400,
            "Field name 'config' is invalid in JSON input",
        ),
        (
            "/t9/recipe/multitenancy/config/thirdparty",
            json!({ "config": { "thirdPartyId": "a" } }),
            400,
            "AppId or tenantId not found => Tenant with the following connectionURIDomain, appId \
             and tenantId combination not found: (, public, t9)",
        ),
    ] {
        assert_eq!(core.put(path, &body).await, text(status, line), "{path} {body}");
    }
    let public = json!({ "tenantId": "public" });
    let answer = core.post("/recipe/multitenancy/tenant/remove", &public).await;
    assert_eq!(answer, text(403, "Cannot delete public tenant, use remove app API instead"));
}

#[tokio::test]
async fn cdi_0_4_before_5_1_recipes_are_switched_on_and_off() {
    let core = Core::start().await;
    let made_by = async |version: &str, tenant: &str, body: Value| {
        let mut body = body;
        body["tenantId"] = json!(tenant);
        core.put_in(version, TENANT, &body).await.json()
    };
    let read = async |version: &str, tenant: &str| {
        core.get_in(version, &format!("/{tenant}{TENANT}")).await.json()
    };
    let switches = |tenant: &Value| {
        ["emailPassword", "thirdParty", "passwordless"]
            .map(|recipe| tenant[recipe]["enabled"].as_bool().unwrap())
    };
    assert_eq!(made_by("3.0", "t3", json!({ "emailPasswordEnabled": true })).await, made(true));
    let tenant = read("3.0", "t3").await;
    assert_eq!(switches(&tenant), [true, false, false]);
    assert_eq!(tenant.get("firstFactors"), None);
    assert_eq!(tenant["thirdParty"]["providers"], json!([]));
    let newest = core.get("/t3/recipe/multitenancy/tenant/v2").await.json();
    assert_eq!(newest["firstFactors"], json!(["emailpassword"]));

    let body = json!({ "thirdPartyEnabled": true, "requiredSecondaryFactors": ["totp"] });
    assert_eq!(made_by("5.0", "t5", body).await, made(true));
    let tenant = read("5.0", "t5").await;
    assert_eq!(switches(&tenant), [false, true, false]);
    assert_eq!(tenant["requiredSecondaryFactors"], json!(["totp"]));
    let newest = core.get("/t5/recipe/multitenancy/tenant/v2").await.json();
    assert_eq!(newest["firstFactors"], json!(["thirdparty"]));
    let list = core.get_in("4.0", &format!("{TENANT}/list")).await.json();
    let names: Vec<_> =
        list["tenants"].as_array().unwrap().iter().map(|t| &t["tenantId"]).collect();
    assert_eq!(names, ["public", "t3", "t5"]);

    let app = json!({ "appId": "a1", "passwordlessEnabled": false });
    assert_eq!(core.put_in("4.0", "/recipe/multitenancy/app", &app).await.json(), made(true));
    let apps = core.get_in("4.0", "/recipe/multitenancy/app/list").await.json();
    assert_eq!(apps["apps"][0]["appId"], "a1");
    assert_eq!(switches(&apps["apps"][0]["tenants"][0]), [true, true, false]);
    let domain = json!({ "connectionUriDomain": "core.example.com" });
    let path = "/recipe/multitenancy/connectionuridomain";
    assert_eq!(core.put_in("4.0", path, &domain).await.json(), made(true));
    let domains = core.get_in("4.0", &format!("{path}/list")).await.json();
    assert_eq!(domains["connectionUriDomains"][1]["connectionUriDomain"], "core.example.com");
    assert_eq!(domains["connectionUriDomains"][1]["apps"][0]["appId"], "public");
}

#[tokio::test]
async fn cdi_1_12_a_user_is_let_into_a_tenant_by_the_name_that_the_version_has_for_it() {
    let core = Core::start().await;
    core.put("/recipe/multitenancy/tenant/v2", &json!({ "tenantId": "t1" })).await.json();
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    let id = core.post("/recipe/signup", &credentials).await.json()["recipeUserId"].clone();
    let path = "/t1/recipe/multitenancy/tenant/user";
    let old = core.post_in("3.0", path, &json!({ "userId": id })).await.json();
    assert_eq!(old, json!({ "status": "OK", "wasAlreadyAssociated": false }));
    let new = core.post(path, &json!({ "recipeUserId": id })).await.json();
    assert_eq!(new, json!({ "status": "OK", "wasAlreadyAssociated": true }));
    let signed_in = core.post("/t1/recipe/signin", &credentials).await.json();
    assert_eq!(signed_in["user"]["tenantIds"], json!(["public", "t1"]));
    let path = format!("{path}/remove");
    let left = core.post(&path, &json!({ "recipeUserId": id })).await.json();
    assert_eq!(left, json!({ "status": "OK", "wasAssociated": true }));
    let unknown = core.post(&path, &json!({ "recipeUserId": "nobody" })).await.json();
    assert_eq!(unknown, json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
    assert_eq!(
        core.post(&path, &json!({ "userId": id })).await,
        text(400, "Field name 'recipeUserId' is invalid in JSON input")
    );
}

#[tokio::test]
async fn cdi_0_1_the_host_of_a_request_names_the_domain_whose_apps_it_asks_for() {
    let core = Core::with(ServerConfig::new().api_keys(ApiKeys::parse(KEY).unwrap())).await;
    let (host, at) = ("core.example.com", "Core.Example.com:3567");
    let domain = json!({ "connectionUriDomain": host });
    let path = "/recipe/multitenancy/connectionuridomain/v2";
    let base = core.url.strip_prefix("http://").unwrap().to_owned();
    assert_eq!(core.at_host(&base, "PUT", path, &domain).await.json(), made(true));
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    core.at_host(at, "POST", "/recipe/signup", &credentials).await.json();
    for (host, count) in [(at, 1), (host, 1), ("elsewhere.example.com", 0)] {
        let answer = core.at_host(host, "GET", "/users/count", &json!({})).await.json();
        assert_eq!(answer["count"], count, "{host}");
    }
    let app = json!({ "appId": "a1" });
    let path = "/recipe/multitenancy/app/v2";
    assert_eq!(core.at_host(at, "PUT", path, &app).await.json(), made(true));
    let signed_up = core.at_host(at, "POST", "/appid-a1/recipe/signup", &credentials).await;
    assert_eq!(signed_up.json()["status"], "OK");
    // Not that of the default domain.
    let elsewhere = core.at_host(&base, "POST", "/appid-a1/recipe/signup", &credentials).await;
    assert_eq!(elsewhere.status, 400);
    // What isn't there is named as its caller does it.
    for (tenant, app, place) in [
        ("", "a9", "(core.example.com, a9, public)"),
        ("/t9", "a1", "(core.example.com, a1, t9)"),
        ("/t9", "public", "(core.example.com, public, t9)"),
    ] {
        let path = format!("/appid-{app}{tenant}/recipe/signin");
        let answer = core.at_host(at, "POST", &path, &credentials).await;
        let words = "AppId or tenantId not found => Tenant with the following connectionURIDomain, \
            appId and tenantId combination not found: ";
        assert_eq!(answer, text(400, &format!("{words}{place}")));
    }
    let list = core.at_host(at, "GET", "/recipe/multitenancy/app/list/v2", &json!({})).await;
    assert_eq!(list.json()["apps"][0]["appId"], "a1");
    assert_eq!(
        core.at_host(at, "GET", "/recipe/multitenancy/connectionuridomain/list/v2", &json!({}))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn cdi_0_1_a_server_may_be_for_one_domain_and_refuses_the_others_that_are_there() {
    let config = ServerConfig::new().api_keys(ApiKeys::parse(KEY).unwrap());
    let core = Core::with(config.only_domain("One.example.com")).await;
    let base = core.url.strip_prefix("http://").unwrap().to_owned();
    let path = "/recipe/multitenancy/connectionuridomain/v2";
    for host in ["one.example.com", "two.example.com"] {
        let domain = json!({ "connectionUriDomain": host });
        assert_eq!(core.at_host(&base, "PUT", path, &domain).await.json(), made(true));
    }
    let refused = text(400, "Connection URI domain is disallowed");
    for (host, is_served) in [
        ("one.example.com:3567", true),
        ("two.example.com", false),
        ("TWO.example.com:3567", false),
        // What is no domain is the default one.
        ("three.example.com", true),
        (&base, true),
    ] {
        let answer = core.at_host(host, "GET", "/users/count", &json!({})).await;
        assert_eq!(answer.status == 200, is_served, "{host}: {answer:?}");
        assert!(is_served || answer == refused, "{host}: {answer:?}");
    }
}

#[tokio::test]
async fn cdi_6_2_an_app_may_have_keys_versions_and_addresses_of_its_own() {
    let (base, own) = (KEY, "another-key-0123456789");
    let core = Core::with(ServerConfig::new().api_keys(ApiKeys::parse(base).unwrap())).await;
    let ask = async |method: &str, path: &str, key: &str, body: Value| {
        send(core.request(method, path).header("api-key", key).json(&body)).await
    };
    let app = json!({ "appId": "a1",
        "coreConfig": { "api_keys": own, "supertokens_max_cdi_version": "5.4" } });
    let path = "/recipe/multitenancy/app/v2";
    assert_eq!(ask("PUT", path, base, app).await.json(), made(true));
    for (path, key, status) in [
        ("/users/count", base, 200),
        ("/users/count", own, 401),
        ("/appid-a1/users/count", own, 200),
        ("/appid-a1/users/count", base, 401),
        ("/appid-a1/t9/users/count", base, 401),
        ("/appid-a9/users/count", base, 400),
    ] {
        assert_eq!(ask("GET", path, key, json!({})).await.status, status, "{path} {key}");
    }
    let versions = ask("GET", "/appid-a1/apiversion", own, json!({})).await.json();
    assert_eq!(versions["versions"].as_array().unwrap().last().unwrap(), "5.4");
    let tenant = json!({ "tenantId": "t1", "coreConfig": { "ip_deny_regex": r"127\..*" } });
    let path = "/appid-a1/recipe/multitenancy/tenant/v2";
    assert_eq!(ask("PUT", path, own, tenant).await.json(), made(true));
    assert_eq!(
        ask("GET", "/appid-a1/t1/users/count", own, json!({})).await,
        text(403, "Forbidden")
    );
    assert_eq!(ask("GET", "/appid-a1/users/count", own, json!({})).await.status, 200);
}
