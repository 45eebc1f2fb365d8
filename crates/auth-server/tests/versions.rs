//! One served core, spoken to in several versions (CDI §0.4).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Core, START_MS, send};
use serde_json::{Value, json};

fn credentials() -> Value {
    json!({ "email": "Ada@Example.com ", "password": "correct1horse" })
}

#[tokio::test]
async fn cdi_0_4_a_user_has_login_methods_from_4_0_and_passkeys_from_5_3() {
    let core = Core::start().await;
    let signed_up = core.post_in("4.0", "/recipe/signup", &credentials()).await.json();
    let id = &signed_up["user"]["id"];
    assert_eq!(signed_up["recipeUserId"], *id);
    assert_eq!(signed_up["user"]["loginMethods"][0]["recipeUserId"], *id);
    assert_eq!(signed_up["user"].get("webauthn"), None);
    let newest = core.post("/recipe/signin", &credentials()).await.json();
    assert_eq!(newest["user"]["webauthn"], json!({ "credentialIds": [] }));
    let oldest = core.post_in("3.0", "/recipe/signin", &credentials()).await.json();
    let user = json!({
        "id": id, "email": "ada@example.com", "timeJoined": START_MS, "tenantIds": ["public"],
    });
    assert_eq!(oldest, json!({ "status": "OK", "user": user }));
    let list = core.get_in("3.1", "/users").await.json();
    assert_eq!(list["users"], json!([{ "recipeId": "emailpassword", "user": user }]));
}

#[tokio::test]
async fn cdi_0_4_a_login_method_is_named_userid_before_4_0() {
    let core = Core::start().await;
    let user = core.post("/recipe/signup", &credentials()).await.json();
    let id = &user["user"]["id"];
    let put = |version: &'static str, body: Value| {
        let request = core.request("PUT", "/recipe/user").header("cdi-version", version);
        send(request.json(&body))
    };
    let ok = json!({ "status": "OK" });
    let new = "another1horse";
    assert_eq!(put("3.0", json!({ "userId": id, "password": new })).await.json(), ok);
    assert_eq!(put("4.0", json!({ "recipeUserId": id, "password": new })).await.json(), ok);
    let refused = put("3.0", json!({ "recipeUserId": id, "password": new })).await;
    assert_eq!(refused.text, "Field name 'userId' is invalid in JSON input\n");
    let refused = put("5.4", json!({ "userId": id, "password": new })).await;
    assert_eq!(refused.text, "Field name 'recipeUserId' is invalid in JSON input\n");
}

#[tokio::test]
async fn cdi_0_4_a_passwordless_login_method_is_named_userid_before_4_0() {
    let core = Core::start().await;
    let code = core.post("/recipe/signinup/code", &json!({ "email": "ada@example.com" })).await;
    let code = code.json();
    let consume = json!({
        "preAuthSessionId": code["preAuthSessionId"], "linkCode": code["linkCode"],
    });
    let user = core.post("/recipe/signinup/code/consume", &consume).await.json();
    let put = |version: &'static str, field: &'static str| {
        let request = core.request("PUT", "/recipe/user").header("rid", "passwordless");
        let body = json!({ field: user["user"]["id"], "phoneNumber": "+4915112345678" });
        send(request.header("cdi-version", version).json(&body))
    };
    for (version, field) in [("3.1", "userId"), ("4.0", "recipeUserId")] {
        assert_eq!(put(version, field).await.json(), json!({ "status": "OK" }), "{version}");
    }
    let refused = put("3.1", "recipeUserId").await;
    assert_eq!(refused.text, "Field name 'userId' is invalid in JSON input\n");
}

#[tokio::test]
async fn cdi_1_3_a_reset_token_is_for_the_user_s_own_address_before_4_0() {
    let core = Core::start().await;
    let user = core.post("/recipe/signup", &credentials()).await.json();
    let path = "/recipe/user/password/reset/token";
    let body = json!({ "userId": user["user"]["id"] });
    let token = core.post_in("3.0", path, &body).await.json()["token"].clone();
    let consumed = core.post(&format!("{path}/consume"), &json!({ "token": token })).await.json();
    assert_eq!(consumed["email"], "ada@example.com");
    let unknown = core.post_in("3.0", path, &json!({ "userId": "nobody" })).await.json();
    assert_eq!(unknown, json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
    let refused = core.post_in("4.0", path, &body).await;
    assert_eq!(refused.text, "Field name 'email' is invalid in JSON input\n");
}

#[tokio::test]
async fn cdi_0_4_a_session_knows_its_login_method_from_4_0_and_a_validity_from_5_6() {
    let core = Core::start().await;
    let create = json!({
        "userId": "ada", "enableAntiCsrf": false, "userDataInJWT": {}, "userDataInDatabase": {},
        "accessTokenValidity": 60_000,
    });
    let created = |version| core.post_in(version, "/recipe/session", &create);
    let (old, new) = (created("3.0").await.json(), created("5.6").await.json());
    assert_eq!(old["session"].get("recipeUserId"), None);
    assert_eq!(new["session"]["recipeUserId"], "ada");
    assert_eq!(old["accessToken"]["expiry"], START_MS + 3_600_000);
    assert_eq!(new["accessToken"]["expiry"], START_MS + 60_000);
    let mut refresh = json!({
        "refreshToken": new["refreshToken"]["token"], "enableAntiCsrf": false,
    });
    let path = "/recipe/session/refresh";
    let refused = core.post_in("5.0", path, &refresh).await;
    assert_eq!(refused.text, "Field name 'useDynamicSigningKey' is invalid in JSON input\n");
    refresh["useDynamicSigningKey"] = json!(true);
    assert_eq!(core.post_in("5.0", path, &refresh).await.json()["status"], "OK");
    refresh["refreshToken"] = old["refreshToken"]["token"].clone();
    refresh.as_object_mut().unwrap().remove("useDynamicSigningKey");
    assert_eq!(core.post_in("4.0", path, &refresh).await.json()["status"], "OK");
    let handle = old["session"]["handle"].as_str().unwrap();
    let row = core.get_in("3.0", &format!("/recipe/session?sessionHandle={handle}")).await.json();
    assert_eq!((&row["userId"], row.get("recipeUserId")), (&json!("ada"), None));
}

#[tokio::test]
async fn cdi_0_6_null_is_a_value_only_for_what_a_passwordless_user_loses() {
    let core = Core::start().await;
    let put = |body: Value| {
        let request = core.request("PUT", "/recipe/user").header("rid", "passwordless");
        send(request.json(&body))
    };
    let unknown = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    let clear = json!({ "recipeUserId": "nobody", "email": null, "phoneNumber": "+4930123456" });
    assert_eq!(put(clear).await.json(), unknown);
    let refused = put(json!({ "recipeUserId": null, "email": null })).await;
    assert_eq!(refused.text, "Field name 'recipeUserId' is invalid in JSON input\n");
}

#[tokio::test]
async fn cdi_2_5_and_2_6_the_version_decides_how_a_session_is_refreshed() {
    let core = Core::start().await;
    let create = json!({
        "userId": "ada", "enableAntiCsrf": false, "userDataInJWT": {}, "userDataInDatabase": {},
    });
    let refresh = async |version: &str, token: Value| {
        let body = json!({
            "refreshToken": token, "enableAntiCsrf": false, "useDynamicSigningKey": true,
        });
        core.post_in(version, "/recipe/session/refresh", &body).await.json()
    };
    let first = core.post("/recipe/session", &create).await.json();
    let first = first["refreshToken"]["token"].clone();
    for _ in 0..3 {
        assert_eq!(refresh("5.5", first.clone()).await["status"], "OK");
    }
    let second = refresh("5.6", first.clone()).await["refreshToken"]["token"].clone();
    assert_eq!(refresh("5.6", second).await["status"], "OK");
    let theft = refresh("5.5", first.clone()).await;
    assert_eq!(theft["status"], "TOKEN_THEFT_DETECTED");
    assert_eq!(theft.get("recentTokenReuseSubtype"), None);
    let theft = refresh("5.6", first).await;
    assert_eq!(theft["recentTokenReuseSubtype"], "STALE_LINEAGE");
}

#[tokio::test]
async fn cdi_1_3_the_routes_that_ended_with_4_0_are_still_there() {
    let core = Core::start().await;
    let user = core.post_in("3.1", "/recipe/signup", &credentials()).await.json()["user"].clone();
    let id = user["id"].as_str().unwrap();
    let by_id = core.get_in("3.1", &format!("/recipe/user?userId={id}")).await.json();
    assert_eq!(by_id, json!({ "status": "OK", "user": user }));
    let by_email = core.get_in("3.1", "/recipe/user?email=ADA@example.com").await.json();
    assert_eq!(by_email, by_id);
    let unknown = core.get_in("3.1", "/recipe/user?userId=nobody").await.json();
    assert_eq!(unknown, json!({ "status": "UNKNOWN_USER_ID_ERROR" }));
    let unknown = core.get_in("3.1", "/recipe/user?email=nobody").await.json();
    assert_eq!(unknown, json!({ "status": "UNKNOWN_EMAIL_ERROR" }));
    let neither = core.get_in("3.1", "/recipe/user").await;
    assert_eq!(
        (neither.status, neither.text.trim()),
        (400, "Please provide one of userId or email")
    );

    let path = "/recipe/user/password/reset";
    let body = json!({ "userId": id });
    let token = core.post_in("3.1", &format!("{path}/token"), &body).await.json()["token"].clone();
    let reset =
        |method: &str| json!({ "method": method, "token": token, "newPassword": "another1horse" });
    let refused = core.post_in("3.1", path, &reset("email")).await;
    assert_eq!(refused.text, "Unsupported method for password reset\n");
    let done = core.post_in("3.1", path, &reset("token")).await.json();
    assert_eq!(done, json!({ "status": "OK", "userId": id }));
    let again = core.post_in("3.1", path, &reset("token")).await.json();
    assert_eq!(again, json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
    let old = core.post("/recipe/signin", &credentials()).await.json();
    assert_eq!(old, json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    let new = json!({ "email": "ada@example.com", "password": "another1horse" });
    assert_eq!(core.post("/recipe/signin", &new).await.json()["user"]["id"], id);
}

#[tokio::test]
async fn cdi_0_4_before_3_0_nothing_tells_of_tenants_and_none_is_in_a_path() {
    let core = Core::start().await;
    let signed_up = core.post_in("2.21", "/recipe/signup", &credentials()).await.json();
    let id = &signed_up["user"]["id"];
    let user = json!({ "id": id, "email": "ada@example.com", "timeJoined": START_MS });
    assert_eq!(signed_up, json!({ "status": "OK", "user": user }));
    let sign_in = core.post_in("2.21", "/recipe/signin", &credentials()).await.json();
    assert_eq!(sign_in, json!({ "status": "OK", "user": user }));
    let by_id = format!("/recipe/user?userId={}", id.as_str().unwrap());
    let by_id = core.get_in("2.21", &by_id).await.json();
    assert_eq!(by_id, json!({ "status": "OK", "user": user }));
    let list = core.get_in("2.21", "/users").await.json();
    assert_eq!(list["users"], json!([{ "recipeId": "emailpassword", "user": user }]));
    let create = json!({
        "userId": id, "enableAntiCsrf": false, "userDataInJWT": { "tId": "mine", "rsub": 1 },
        "userDataInDatabase": {}, "useDynamicSigningKey": true,
    });
    let created = core.post_in("2.21", "/recipe/session", &create).await.json();
    let handle = created["session"]["handle"].clone();
    let session = json!({
        "handle": handle, "userId": id, "userDataInJWT": { "tId": "mine", "rsub": 1 },
    });
    assert_eq!(created["session"], session);
    let row = format!("/recipe/session?sessionHandle={}", handle.as_str().unwrap());
    assert_eq!(core.get_in("2.21", &row).await.json().get("tenantId"), None);
    let verify = json!({
        "accessToken": created["accessToken"]["token"], "doAntiCsrfCheck": false,
        "enableAntiCsrf": false, "checkDatabase": true,
    });
    let verified = core.post_in("2.21", "/recipe/session/verify", &verify).await.json();
    assert_eq!(verified, json!({ "status": "OK", "session": session }));
    // Newer callers read the older token, whose tenant is the public one.
    let verified = core.post_in("5.4", "/recipe/session/verify", &verify).await.json();
    assert_eq!(verified["session"]["tenantId"], "public");
    assert_eq!(verified["session"]["recipeUserId"], *id);
    let regenerate = json!({
        "accessToken": created["accessToken"]["token"], "userDataInJWT": { "tId": "other" },
    });
    let path = "/recipe/session/regenerate";
    let regenerated = core.post_in("2.21", path, &regenerate).await.json();
    assert_eq!(regenerated["session"]["userDataInJWT"], json!({ "tId": "other" }));
    assert_eq!(regenerated["session"].get("tenantId"), None);
    // Whether to sign with a key that rotates was said only at the start.
    let refresh = json!({
        "refreshToken": created["refreshToken"]["token"], "enableAntiCsrf": false,
        "useDynamicSigningKey": "nonsense",
    });
    let refreshed = core.post_in("2.21", "/recipe/session/refresh", &refresh).await.json();
    assert_eq!((&refreshed["status"], refreshed["session"].get("tenantId")), (&json!("OK"), None));
    for path in ["/t1/users", "/t1/hello", "/t1/recipe/session/user?userId=u"] {
        let answer = core.get_in("2.21", path).await;
        assert_eq!((answer.status, answer.text.as_str()), (404, "Not found\n"), "{path}");
    }
    assert_eq!(core.get_in("2.21", "/public/users").await.status, 200);
    let handshake = core.post_in("2.21", "/recipe/handshake", &json!({})).await;
    assert_eq!(handshake.status, 404);
    for older in ["2.20", "2.18"] {
        let answer = core.get_in(older, "/users").await;
        assert_eq!(answer.text, format!("cdi-version {older} not supported\n"));
    }
}

#[tokio::test]
async fn cdi_0_4_what_came_with_login_methods_has_them_in_every_version() {
    let core = Core::start().await;
    let user = core.post_in("5.2", "/recipe/signup", &credentials()).await.json()["user"].clone();
    let id = user["id"].as_str().unwrap();
    for version in ["2.21", "3.1", "4.0"] {
        let by_id = core.get_in(version, &format!("/user/id?userId={id}")).await.json();
        assert_eq!(by_id, json!({ "status": "OK", "user": user }), "{version}");
        let query = "/users/by-accountinfo?doUnionOfAccountInfo=true&email=ada@example.com";
        let found = core.get_in(version, query).await.json();
        assert_eq!(found, json!({ "status": "OK", "users": [user] }), "{version}");
        let tenant = core.get_in(version, "/recipe/multitenancy/tenant/v2").await.json();
        assert_eq!(tenant["tenantId"], "public", "{version}");
        let path = "/recipe/accountlinking/user/primary";
        let primary = core.post_in(version, path, &json!({ "recipeUserId": id })).await.json();
        assert_eq!(primary["user"]["loginMethods"], user["loginMethods"], "{version}");
        core.post("/recipe/accountlinking/user/unlink", &json!({ "recipeUserId": id })).await;
    }
}

#[tokio::test]
async fn cdi_0_4_a_code_is_removed_by_its_own_id_alone_before_5_0() {
    let core = Core::start().await;
    let code = core.post("/recipe/signinup/code", &json!({ "email": "ada@example.com" })).await;
    let device = json!({ "preAuthSessionId": code.json()["preAuthSessionId"] });
    let path = "/recipe/signinup/code/remove";
    for version in ["2.21", "4.0"] {
        let refused = core.post_in(version, path, &device).await;
        assert_eq!(refused.text, "Field name 'codeId' is invalid in JSON input\n", "{version}");
        let both = json!({ "codeId": "c", "preAuthSessionId": 1 });
        assert_eq!(core.post_in(version, path, &both).await.status, 200, "{version}");
    }
    assert_eq!(core.post_in("5.0", path, &device).await.json(), json!({ "status": "OK" }));
}
