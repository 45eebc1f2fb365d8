//! One served core, spoken to in several versions (CDI: section 0.4).

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
