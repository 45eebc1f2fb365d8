//! How fields are read (CDI §0.6).

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
    for wrong in [
        json!(1),
        json!(true),
        json!(null),
        json!({ "a": "b" }),
        json!([]),
        json!([1]),
        json!([null]),
        json!(["a", "b"]),
    ] {
        let body = json!({ "email": "ada@example.com", "password": wrong });
        assert_eq!(core.post("/recipe/signin", &body).await, text(400, line), "{wrong}");
    }
    // Of a list with one text, that one is read, wherever a text may stand.
    let sign_up = json!({ "email": ["ada@example.com"], "password": [["correct1horse"]] });
    let user = core.post("/recipe/signup", &sign_up).await.json()["user"].clone();
    assert_eq!(user["emails"], json!(["ada@example.com"]));
    let sign_in = json!({ "email": "ada@example.com", "password": "correct1horse" });
    assert_eq!(core.post("/recipe/signin", &sign_in).await.json()["user"], user);
    let reset = json!({ "userId": [user["id"]], "email": ["ada@example.com"] });
    let token = core.post_in("3.0", "/recipe/user/password/reset/token", &reset).await.json();
    assert_eq!(token["status"], "OK");
    let change = json!({ "userId": [user["id"]], "password": ["another1horse"] });
    let request = core.request("PUT", "/recipe/user").header("cdi-version", "3.0").json(&change);
    assert_eq!(send(request).await.json(), json!({ "status": "OK" }));
    let jwt = json!({ "algorithm": ["eddsa"], "jwksDomain": "d", "payload": {}, "validity": 60 });
    assert_eq!(core.post("/recipe/jwt", &jwt).await.json()["status"], "OK");
    let handles = json!({ "sessionHandles": [["a"], "b"] });
    assert_eq!(core.post("/recipe/session/remove", &handles).await.status, 200);
}

#[tokio::test]
async fn cdi_0_6_a_flag_in_a_body_is_no_text() {
    let core = Core::start().await;
    let path = "/recipe/session/verify";
    let line = "Field name 'enableAntiCsrf' is invalid in JSON input";
    for wrong in [json!("true"), json!(null), json!({}), json!([]), json!(["true"]), json!([null])]
    {
        assert_eq!(core.post(path, &verify(&wrong)).await, text(400, line), "{wrong}");
    }
    // No number is true.
    for (right, is_true) in [
        (json!(true), true),
        (json!([true]), true),
        (json!(false), false),
        (json!(1), false),
        (json!(-1.5), false),
        (json!([1]), false),
    ] {
        let create = json!({
            "userId": "u", "enableAntiCsrf": right, "userDataInJWT": {}, "userDataInDatabase": {},
        });
        let session = core.post("/recipe/session", &create).await.json();
        assert_eq!(session.get("antiCsrfToken").is_some(), is_true, "{right}");
    }
}

#[tokio::test]
async fn cdi_0_6_an_object_has_to_be_one() {
    let core = Core::start().await;
    for wrong in [json!(null), json!([]), json!([{}]), json!("{}"), json!(1)] {
        for (method, path, field, body) in [
            (
                "POST",
                "/recipe/session",
                "userDataInJWT",
                json!({ "userId": "u", "enableAntiCsrf": false, "userDataInJWT": wrong,
                        "userDataInDatabase": {} }),
            ),
            (
                "POST",
                "/recipe/session",
                "userDataInDatabase",
                json!({ "userId": "u", "enableAntiCsrf": false, "userDataInJWT": {},
                        "userDataInDatabase": wrong }),
            ),
            (
                "POST",
                "/recipe/session/regenerate",
                "userDataInJWT",
                json!({ "accessToken": "t", "userDataInJWT": wrong }),
            ),
            (
                "PUT",
                "/recipe/session/data",
                "userDataInDatabase",
                json!({ "sessionHandle": "h", "userDataInDatabase": wrong }),
            ),
            (
                "POST",
                "/recipe/jwt",
                "payload",
                json!({ "algorithm": "a", "jwksDomain": "d", "payload": wrong, "validity": 1 }),
            ),
            (
                "PUT",
                "/recipe/user/metadata",
                "metadataUpdate",
                json!({ "userId": "u", "metadataUpdate": wrong }),
            ),
        ] {
            let answer = send(core.request(method, path).json(&body)).await;
            let line = format!("Field name '{field}' is invalid in JSON input");
            assert_eq!(answer, text(400, &line), "{path}: {wrong}");
        }
    }
}

#[tokio::test]
async fn cdi_0_6_of_several_wrong_fields_the_first_is_told_in_the_reference_s_order() {
    let core = Core::start().await;
    let all = json!({
        "accessToken": 1, "antiCsrfToken": 1, "doAntiCsrfCheck": "", "enableAntiCsrf": "",
        "checkDatabase": "",
    });
    let order =
        ["accessToken", "antiCsrfToken", "doAntiCsrfCheck", "enableAntiCsrf", "checkDatabase"];
    let right = json!({
        "accessToken": "t", "antiCsrfToken": "a", "doAntiCsrfCheck": false,
        "enableAntiCsrf": false, "checkDatabase": false,
    });
    for (index, field) in order.into_iter().enumerate() {
        let mut body = all.clone();
        for earlier in &order[..index] {
            body[*earlier] = right[*earlier].clone();
        }
        let line = format!("Field name '{field}' is invalid in JSON input");
        assert_eq!(core.post("/recipe/session/verify", &body).await, text(400, &line));
        // One that is missing stands where it would, too.
        if field != "antiCsrfToken" {
            body.as_object_mut().unwrap().remove(field);
            assert_eq!(core.post("/recipe/session/verify", &body).await, text(400, &line));
        }
    }
    for (method, path, first) in [
        ("POST", "/recipe/session/refresh", "refreshToken"),
        ("POST", "/recipe/session", "userId"),
        ("POST", "/recipe/totp/device", "userId"),
        ("POST", "/recipe/jwt", "algorithm"),
        ("POST", "/recipe/userid/map", "superTokensUserId"),
        ("PUT", "/recipe/user", "recipeUserId"),
    ] {
        let answer = send(core.request(method, path).json(&json!({}))).await;
        let line = format!("Field name '{first}' is invalid in JSON input");
        assert_eq!(answer, text(400, &line), "{path}");
    }
    for (query, line) in [
        ("limit=x&includeRecipeIds=x", "Unknown recipe ID: x"),
        ("timeJoinedOrder=x&limit=x", "Field name 'limit' must be an int in the GET request"),
        ("limit=0&timeJoinedOrder=x", "timeJoinedOrder can be either ASC OR DESC"),
        ("paginationToken=x&limit=0", "limit must a positive integer with min value 1"),
    ] {
        assert_eq!(core.get(&format!("/users?{query}")).await, text(400, line), "{query}");
    }
}

#[tokio::test]
async fn cdi_0_6_a_number_may_be_written_as_a_text() {
    let core = Core::start().await;
    let jwt = |validity: &Value| json!({ "algorithm": "eddsa", "jwksDomain": "d", "payload": {}, "validity": validity });
    for right in [json!(60), json!("60"), json!(60.9), json!([60]), json!(["60"]), json!("+60")] {
        let answer = core.post("/recipe/jwt", &jwt(&right)).await;
        assert_eq!(answer.json()["status"], "OK", "{right}");
    }
    let line = "Field name 'validity' is invalid in JSON input";
    for wrong in [
        json!("soon"),
        json!(""),
        json!("60.5"),
        json!(" 60"),
        json!(null),
        json!([60, 60]),
        json!({}),
        json!(true),
    ] {
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
    let credentials = json!({ "email": "ada@example.com", "password": "correct1horse" });
    core.post("/recipe/signup", &credentials).await.json();
    let code = core.post("/recipe/signinup/code", &json!({ "email": "bob@example.com" })).await;
    let code = code.json();
    let proof =
        json!({ "preAuthSessionId": code["preAuthSessionId"], "linkCode": code["linkCode"] });
    core.post("/recipe/signinup/code/consume", &proof).await.json();
    let (ada, bob) = ("ada@example.com", "bob@example.com");
    for (ids, expected) in [
        ("EmailPassword", &[ada][..]),
        ("PASSWORDLESS", &[bob]),
        ("thirdparty,webauthn", &[]),
        ("emailpassword,thirdparty", &[ada]),
        ("EmailPassword,,%20thirdparty%20,", &[ada]),
        ("%20Passwordless,EmailPassword%20", &[ada, bob]),
        ("", &[ada, bob]),
        (",%20,", &[ada, bob]),
    ] {
        let answer = core.get(&format!("/users?includeRecipeIds={ids}")).await.json();
        let users = answer["users"].as_array().unwrap();
        let mut emails: Vec<&str> =
            users.iter().map(|user| user["emails"][0].as_str().unwrap()).collect();
        emails.sort_unstable();
        assert_eq!(emails, expected, "{ids}");
        let count = core.get(&format!("/users/count?includeRecipeIds={ids}")).await.json();
        assert_eq!(count, json!({ "status": "OK", "count": expected.len() }), "{ids}");
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
