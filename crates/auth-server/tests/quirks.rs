//! How fields are read (CDI: section 0.6).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Core, send, text};
use serde_json::{Value, json};

fn verify(enable_anti_csrf: &Value) -> Value {
    json!({
        "accessToken": "t", "doAntiCsrfCheck": false, "enableAntiCsrf": enable_anti_csrf,
        "checkDatabase": false,
    })
}

#[tokio::test]
async fn cdi_0_6_a_text_has_to_be_one() {
    let core = Core::start().await;
    let line = "Field name 'password' is invalid in JSON input";
    for wrong in [json!(1), json!(true), json!(null), json!({}), json!([])] {
        let body = json!({ "email": "ada@example.com", "password": wrong });
        assert_eq!(core.post("/recipe/signin", &body).await, text(400, line), "{wrong}");
    }
}

#[tokio::test]
async fn cdi_0_6_a_flag_in_a_body_is_no_text() {
    let core = Core::start().await;
    let path = "/recipe/session/verify";
    let line = "Field name 'enableAntiCsrf' is invalid in JSON input";
    for wrong in [json!("true"), json!(null), json!({}), json!(1)] {
        assert_eq!(core.post(path, &verify(&wrong)).await, text(400, line), "{wrong}");
    }
    for right in [true, false] {
        assert_eq!(core.post(path, &verify(&json!(right))).await.status, 200);
    }
}

#[tokio::test]
async fn cdi_0_6_a_number_may_be_written_as_a_text() {
    let core = Core::start().await;
    let jwt = |validity: &Value| json!({ "algorithm": "eddsa", "jwksDomain": "d", "payload": {}, "validity": validity });
    for right in [json!(60), json!("60")] {
        let answer = core.post("/recipe/jwt", &jwt(&right)).await;
        assert_eq!(answer.json()["status"], "OK", "{right}");
    }
    let line = "Field name 'validity' is invalid in JSON input";
    for wrong in [json!("soon"), json!(""), json!(null), json!([60]), json!(true)] {
        assert_eq!(core.post("/recipe/jwt", &jwt(&wrong)).await, text(400, line), "{wrong}");
    }
}

#[tokio::test]
async fn cdi_0_6_null_is_no_value_but_for_the_addresses_of_a_passwordless_user() {
    let core = Core::start().await;
    let line = "Field name 'email' is invalid in JSON input";
    let null = json!({ "email": null, "phoneNumber": "+4915112345678" });
    assert_eq!(core.post("/recipe/signinup/code", &null).await, text(400, line));
    let code = core.post("/recipe/signinup/code", &json!({ "email": "ada@example.com" })).await;
    let code = code.json();
    let consume = json!({
        "preAuthSessionId": code["preAuthSessionId"], "deviceId": code["deviceId"],
        "userInputCode": code["userInputCode"],
    });
    let user = core.post("/recipe/signinup/code/consume", &consume).await.json();
    let change = json!({
        "recipeUserId": user["user"]["id"], "email": null, "phoneNumber": "+4915112345678",
    });
    let request = core.request("PUT", "/recipe/user").header("rid", "passwordless").json(&change);
    assert_eq!(send(request).await.json(), json!({ "status": "OK" }));
    let path = format!("/user/id?userId={}", user["user"]["id"].as_str().unwrap());
    let found = core.get(&path).await.json();
    assert_eq!(found["user"]["emails"], json!([]));
    assert_eq!(found["user"]["phoneNumbers"], json!(["+4915112345678"]));
}

#[tokio::test]
async fn cdi_0_6_in_a_query_only_the_word_true_is_true_in_any_case() {
    let core = Core::start().await;
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    core.post("/recipe/signup", &credentials).await;
    // Counting every tenant's users is for the public tenant only.
    for (value, is_true) in
        [("true", true), ("TRUE", true), ("True", true), ("yes", false), ("1", false), ("", false)]
    {
        let answer = core.get(&format!("/t1/users/count?includeAllTenants={value}")).await;
        assert_eq!(answer.status, if is_true { 403 } else { 400 }, "{value}");
    }
}

#[tokio::test]
async fn cdi_0_6_flags_that_are_true_unless_said_otherwise() {
    let core = Core::start().await;
    let create = json!({
        "userId": "u", "enableAntiCsrf": false, "userDataInJWT": {}, "userDataInDatabase": {},
    });
    let session = core.post("/recipe/session", &create).await.json();
    let handles = json!([session["session"]["handle"]]);
    for parameters in ["", "&fetchAcrossAllTenants=true", "&fetchAcrossAllTenants=false"] {
        let answer = core.get(&format!("/recipe/session/user?userId=u{parameters}")).await.json();
        assert_eq!(answer, json!({ "status": "OK", "sessionHandles": handles }), "{parameters}");
    }
    // Across all tenants it is for the public tenant only; in one tenant that has to be there.
    let across = core.get("/t1/recipe/session/user?userId=u").await;
    assert_eq!(across, text(403, "Only public tenantId can call this app specific API"));
    let within = core.get("/t1/recipe/session/user?userId=u&fetchAcrossAllTenants=false").await;
    assert_eq!(within.status, 400, "{within:?}");
    let body = json!({ "userId": "u", "revokeAcrossAllTenants": false });
    assert_eq!(core.post("/t1/recipe/session/remove", &body).await.status, 400);
    let removed = core.post("/recipe/session/remove", &json!({ "userId": "u" })).await.json();
    assert_eq!(removed, json!({ "status": "OK", "sessionHandlesRevoked": handles }));
}

#[tokio::test]
async fn cdi_0_6_a_list_in_a_query_has_commas_and_recipes_come_in_any_case() {
    let core = Core::start().await;
    for ids in ["EmailPassword", "emailpassword,thirdparty", "EmailPassword,,%20thirdparty%20,", ""]
    {
        let answer = core.get(&format!("/users?includeRecipeIds={ids}")).await;
        assert_eq!(answer.status, 200, "{ids}");
    }
    let answer = core.get("/users/count?includeRecipeIds=passwordless,Oops").await;
    assert_eq!(answer, text(400, "Unknown recipe ID: Oops"));
}

#[tokio::test]
async fn of_several_values_the_first_counts_and_fields_that_nobody_knows_do_not() {
    let core = Core::start().await;
    assert_eq!(core.get("/users?limit=1&limit=many&unknown=1").await.status, 200);
    let body = json!({ "email": "a", "password": "p", "unknown": [{}] });
    assert_eq!(core.post("/recipe/signin", &body).await.status, 200);
    let answer = core.get("/users/count?includeAllTenants=yes").await;
    assert_eq!(answer.json(), json!({ "status": "OK", "count": 0 }));
}
