//! What stands before the operations: paths, keys, versions (CDI §0.1, 0.2, 0.3, 0.4).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use auth_engine::EngineConfig;
use auth_server::{ApiKeys, ServerConfig};
use common::{Core, send, text};
use serde_json::json;

const KEY: &str = "kDsT3bA7xwWmQ0uR5vHy";

async fn keyed() -> Core {
    Core::with(ServerConfig::new().api_keys(ApiKeys::parse(KEY).unwrap())).await
}

#[tokio::test]
async fn cdi_0_1_unknown_paths_are_404_and_unknown_methods_405() {
    let core = Core::start().await;
    for path in ["/nothing", "/recipe", "/recipe/nothing", "/a/b/c/recipe/signup", "/metrics"] {
        assert_eq!(core.get(path).await, text(404, "Not found"), "{path}");
    }
    for (method, path) in [("GET", "/recipe/signup"), ("PATCH", "/"), ("DELETE", "/users")] {
        let answer = send(core.request(method, path)).await;
        assert_eq!(answer, text(405, "Method not supported"), "{method} {path}");
    }
}

#[tokio::test]
async fn cdi_0_1_an_unknown_app_or_tenant_is_400_and_the_root_of_an_unknown_tenant_404() {
    let core = Core::start().await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    for path in ["/t1/recipe/signup", "/appid-a1/recipe/signup", "/appid-a1/t1/recipe/signup"] {
        let answer = core.post(path, &credentials).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text.starts_with("AppId or tenantId not found => "), "{answer:?}");
    }
    let answer = core.get("/appid-a1/recipe/session?sessionHandle=h").await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(core.get("/t1").await, text(404, "Not found"));
    assert_eq!(core.get("/appid-a1").await.status, 400);
    for path in ["/", "/hello", "/public/hello", "/appid-public/public", "/HELLO/"] {
        assert_eq!(core.get(path).await, text(200, "Hello"), "{path}");
    }
}

#[tokio::test]
async fn cdi_0_1_a_base_path_stands_before_everything() {
    let core = Core::with(ServerConfig::new().base_path("core/")).await;
    assert_eq!(core.get("/core/hello").await, text(200, "Hello"));
    assert_eq!(core.get("/core").await, text(200, "Hello"));
    assert_eq!(core.get("/hello").await, text(404, "Not found"));
    assert_eq!(core.get("/corehello").await, text(404, "Not found"));
}

#[tokio::test]
async fn cdi_0_2_a_wrong_or_missing_key_is_401_in_one_text_even_for_an_unknown_tenant() {
    let core = keyed().await;
    let refused = text(401, "Invalid API key");
    for path in ["/users", "/t1/users", "/apiversion", "/metrics"] {
        assert_eq!(core.get(path).await, refused, "{path}");
        let wrong = core.request("GET", path).header("api-key", &KEY[1..]);
        assert_eq!(send(wrong).await, refused, "{path}");
    }
    let right = core.request("GET", "/users").bearer_auth(KEY);
    assert_eq!(send(right).await.status, 200);
    for path in ["/", "/hello", "/.well-known/jwks.json", "/config?pid=0"] {
        assert_eq!(core.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn cdi_0_2_the_key_is_checked_before_the_version() {
    let core = keyed().await;
    assert_eq!(core.get_in("x", "/users").await.status, 401);
    let answer = send(core.request("GET", "/users").bearer_auth(KEY).header("cdi-version", "x"));
    assert_eq!(answer.await, text(400, "cdi-version header is invalid"));
}

#[tokio::test]
async fn cdi_0_3_apiversion_lists_what_is_spoken() {
    let core = Core::start().await;
    let versions = ["2.21", "3.0", "3.1", "4.0", "5.0", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6"];
    assert_eq!(core.get("/apiversion").await.json(), json!({ "versions": versions }));
    let answer = core.get_in("5.7", "/users").await;
    assert_eq!(answer, text(400, "cdi-version 5.7 not supported"));
}

#[tokio::test]
async fn cdi_0_4_operations_of_the_app_are_refused_to_tenants_from_5_0() {
    let core = Core::start().await;
    let refused = text(403, "Only public tenantId can call this app specific API");
    let path = "/t1/user/id?userId=u";
    assert_eq!(core.get_in("5.0", path).await, refused);
    assert_eq!(core.get_in("4.0", path).await.json(), json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
    assert_eq!(core.get_in("5.0", "/t1/users/count?includeAllTenants=TRUE").await, refused);
    let verify = json!({
        "accessToken": "t", "doAntiCsrfCheck": false, "enableAntiCsrf": false,
        "checkDatabase": false,
    });
    let path = "/t1/recipe/session/verify";
    assert_eq!(core.post_in("5.6", path, &verify).await, refused);
    assert_eq!(core.post_in("5.5", path, &verify).await.json()["status"], "TRY_REFRESH_TOKEN");
}

#[tokio::test]
async fn cdi_0_5_a_browser_runs_nothing_of_what_an_error_repeats() {
    let core = Core::start().await;
    for (path, status) in
        [("/users/count?includeRecipeIds=%3Cscript%3Ex%3C/script%3E", 400), ("/users", 200)]
    {
        let answer = core.request("GET", path).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(status == 400, answer.text().await.unwrap().contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn passwords_that_would_wait_too_long_are_503_with_the_time_to_try_again() {
    let engine = EngineConfig::new(test_postgres::url_for_this_test().parse().unwrap())
        .password_hashing_longest_wait(Duration::ZERO);
    let core = Core::on(engine, ServerConfig::new()).await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    assert_eq!(core.post("/recipe/signup", &credentials).await.status, 200);
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        callers.spawn(core.request("POST", "/recipe/signin").json(&credentials).send());
    }
    let (mut done, mut refused) = (0, 0);
    for answer in callers.join_all().await {
        let answer = answer.unwrap();
        if answer.status() == 200 {
            done += 1;
            continue;
        }
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["retry-after"], "1");
        let text = answer.text().await.unwrap();
        assert!(text.contains("password_hashing_longest_wait"), "{text}");
        refused += 1;
    }
    assert!(done > 0 && refused > 0, "{done} done, {refused} refused");
}

#[tokio::test]
async fn cdi_1_1_what_get_answers_head_answers_without_a_body() {
    let core = keyed().await;
    for path in ["/hello", "/", "/.well-known/jwks.json"] {
        let answer = send(core.request("HEAD", path)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, ""), "{path}");
    }
    let users = |key: &str| send(core.request("HEAD", "/users").bearer_auth(key));
    assert_eq!(users(KEY).await.status, 200);
    assert_eq!(users("another-key-0123456789").await.status, 401);
    assert_eq!(send(core.request("HEAD", "/recipe/signin").bearer_auth(KEY)).await.status, 405);
    assert_eq!(send(core.request("HEAD", "/nothing")).await.status, 404);
}

/// What a page in a browser, or a name that it points here, can make somebody send.
#[tokio::test]
async fn without_keys_only_this_machine_s_names_and_json_are_taken_and_no_page_s_requests() {
    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
    let open = Core::start().await;
    let keyed = keyed().await;
    let role = json!({ "role": "admin" }).to_string();
    let send = async |core: &Core, method: &str, path: &str, headers: &[(&str, &str)]| {
        let method = method.parse().unwrap();
        let request = core.client.request(method, format!("{}{path}", core.url));
        let request = headers.iter().fold(request, |it, (name, value)| it.header(*name, *value));
        let request = if path == "/users" { request } else { request.body(role.clone()) };
        common::send(request.header("api-key", KEY)).await
    };
    for (headers, status) in [
        (&[JSON][..], 200),
        (&[JSON, ("host", "localhost:3567")], 200),
        (&[JSON, ("host", "core.example.com")], 403),
        (&[JSON, ("host", "10.0.0.1:3567")], 403),
        (&[JSON, ("sec-fetch-site", "same-origin")], 200),
        (&[JSON, ("sec-fetch-site", "none")], 200),
        (&[JSON, ("sec-fetch-site", "same-site")], 403),
        (&[JSON, ("sec-fetch-site", "cross-site")], 403),
        (&[JSON, ("origin", "https://example.com")], 403),
        (&[JSON, ("origin", "null")], 403),
        (&[("content-type", "text/plain")], 415),
        (&[("content-type", "application/x-www-form-urlencoded")], 415),
        (&[], 415),
    ] {
        let put = send(&open, "PUT", "/recipe/role", headers).await;
        assert_eq!(put.status, status, "{headers:?}: {put:?}");
        let read = send(&open, "GET", "/users", headers).await;
        // What has no body needs no type of one.
        let expected = if status == 415 { 200 } else { status };
        assert_eq!(read.status, expected, "{headers:?}: {read:?}");
        // No page has the key.
        assert_eq!(send(&keyed, "PUT", "/recipe/role", headers).await.status, 200, "{headers:?}");
        // Nothing is told there.
        assert_eq!(send(&open, "GET", "/hello", headers).await.status, 200, "{headers:?}");
    }
    let refused = send(&open, "GET", "/users", &[("host", "auth:3567")]).await;
    let line = "Without `api_keys` only `Host` names of this machine are taken, such as \
                `localhost`, not `auth:3567`. Set `api_keys` to be called by another name";
    assert_eq!(refused, text(403, line));
}
