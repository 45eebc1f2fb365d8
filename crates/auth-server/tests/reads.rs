//! Reads of one thing or of many, over HTTP (CDI §1).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use common::{Core, START_MS, send};
use serde_json::{Value, json};

/// Signs up by a code and gives the id.
async fn by_code(core: &Core, contact: &Value) -> String {
    let code = core.post("/recipe/signinup/code", contact).await.json();
    let proof =
        json!({ "preAuthSessionId": code["preAuthSessionId"], "linkCode": code["linkCode"] });
    let consumed = core.post("/recipe/signinup/code/consume", &proof).await.json();
    consumed["recipeUserId"].as_str().unwrap().to_owned()
}

async fn sign_up(core: &Core, email: &str) -> String {
    let body = json!({ "email": email, "password": "correct1horse" });
    let user = core.post("/recipe/signup", &body).await.json();
    user["recipeUserId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn cdi_1_1_active_users_are_those_seen_since_a_time() {
    let core = Core::start().await;
    sign_up(&core, "ada@example.com").await;
    core.clock.advance(Duration::from_secs(3600));
    let bob = sign_up(&core, "bob@example.com").await;
    by_code(&core, &json!({ "phoneNumber": "+4930123456" })).await;
    let count = async |since: i64| {
        let path = format!("/users/count/active?since={since}");
        core.get(&path).await.json()["count"].as_u64().unwrap()
    };
    assert_eq!((count(0).await, count(START_MS).await), (3, 3));
    assert_eq!(count(START_MS + 1).await, 2);
    assert_eq!(count(START_MS + 3_600_001).await, 0);
    // A session is a sign of life, too.
    core.clock.advance(Duration::from_secs(3600));
    let create = json!({
        "userId": bob, "enableAntiCsrf": false, "userDataInJWT": {}, "userDataInDatabase": {},
    });
    core.post("/recipe/session", &create).await.json();
    assert_eq!(count(START_MS + 3_600_001).await, 1);
    let refused = core.get("/users/count/active?since=-1").await;
    assert_eq!(
        (refused.status, refused.text.trim()),
        (400, "'since' query parameter must be >= 0")
    );
    let refused = core.get("/users/count/active").await;
    assert_eq!(refused.text, "Field name 'since' is missing in GET request\n");
    let refused = core.get("/users/count/active?since=now").await;
    assert_eq!(refused.text, "Field name 'since' must be a long in the GET request\n");
    assert_eq!(core.get("/t1/users/count/active?since=0").await.status, 403);
}

#[tokio::test]
async fn cdi_1_1_a_count_that_may_be_old_says_when_it_was_taken_from_5_6_on() {
    let core = Core::start().await;
    sign_up(&core, "ada@example.com").await;
    let path = "/users/count?allowApproximate=true";
    let exact = json!({ "status": "OK", "count": 1 });
    assert_eq!(core.get_in("5.5", path).await.json(), exact);
    assert_eq!(core.get_in("5.6", "/users/count").await.json(), exact);
    let dated = json!({ "status": "OK", "count": 1, "approximate": false, "asOf": START_MS });
    assert_eq!(core.get_in("5.6", path).await.json(), dated);
}

#[tokio::test]
async fn cdi_1_2_a_session_s_data_and_claims_are_read_alone() {
    let core = Core::start().await;
    let create = json!({
        "userId": "ada", "enableAntiCsrf": false,
        "userDataInJWT": { "role": "admin", "none": null },
        "userDataInDatabase": { "cart": [1], "none": null },
    });
    let session = core.post("/recipe/session", &create).await.json();
    let handle = session["session"]["handle"].as_str().unwrap().to_owned();
    let data = format!("/recipe/session/data?sessionHandle={handle}");
    let claims = format!("/recipe/jwt/data?sessionHandle={handle}");
    let expected = json!({ "status": "OK", "userDataInDatabase": create["userDataInDatabase"] });
    assert_eq!(core.get(&data).await.json(), expected);
    let expected = json!({ "status": "OK", "userDataInJWT": create["userDataInJWT"] });
    assert_eq!(core.get(&claims).await.json(), expected);
    core.clock.advance(Duration::from_secs(101 * 24 * 3600));
    let gone = json!({ "status": "UNAUTHORISED", "message": "Session does not exist." });
    for path in [&data, &claims] {
        assert_eq!(core.get(path).await.json(), gone, "{path}");
    }
}

#[tokio::test]
async fn cdi_1_10_metadata_of_many_users_is_read_at_once_in_the_order_asked_for() {
    let core = Core::start().await;
    let put = async |user: &str, update: Value| {
        let body = json!({ "userId": user, "metadataUpdate": update });
        send(core.request("PUT", "/recipe/user/metadata").json(&body)).await.json();
    };
    // More than one statement reads.
    let ids: Vec<String> = (0..40).map(|number| format!("user-{number}")).collect();
    for id in ids.iter().step_by(2) {
        put(id, json!({ "name": id })).await;
    }
    put("empty", json!({})).await;
    let path = "/recipe/user/metadata/bulk";
    let mut asked: Vec<&str> = ids.iter().rev().map(String::as_str).collect();
    asked.extend(["empty", "user-0"]);
    let answer = core.post(path, &json!({ "userIds": asked })).await.json();
    let entry = |id: &str, metadata: Value| json!({ "userId": id, "metadata": metadata });
    let mut expected: Vec<Value> = Vec::new();
    for (number, id) in ids.iter().enumerate().rev() {
        let metadata = if number % 2 == 0 { json!({ "name": id }) } else { Value::Null };
        expected.push(entry(id, metadata));
    }
    expected.extend([entry("empty", json!({})), entry("user-0", json!({ "name": "user-0" }))]);
    assert_eq!(answer, json!({ "status": "OK", "users": expected }));
    let none = core.post(path, &json!({ "userIds": [] })).await.json();
    assert_eq!(none, json!({ "status": "OK", "users": [] }));
    for path in [path, "/recipe/totp/device/status/bulk"] {
        let most = core.post(path, &json!({ "userIds": vec!["x"; 500] })).await.json();
        assert_eq!(most["users"].as_array().unwrap().len(), 500);
        let refused = core.post(path, &json!({ "userIds": vec!["x"; 501] })).await;
        let text = "You can only query up to 500 users at a time.\n";
        assert_eq!((refused.status, refused.text.as_str()), (400, text));
    }
}

#[tokio::test]
async fn cdi_1_6_a_user_by_codes_is_found_by_one_of_three() {
    let core = Core::start().await;
    let by_mail = by_code(&core, &json!({ "email": "ada@example.com" })).await;
    let by_sms = by_code(&core, &json!({ "phoneNumber": "+4930123456" })).await;
    let other = sign_up(&core, "ada@example.com").await;
    let get = async |version: &str, query: &str| {
        let request = core.request("GET", &format!("/recipe/user?{query}"));
        send(request.header("rid", "passwordless").header("cdi-version", version)).await
    };
    for (query, id) in [
        (format!("userId={by_mail}"), &by_mail),
        ("email=+ADA@example.com".to_owned(), &by_mail),
        ("phoneNumber=%2B49+30+123456".to_owned(), &by_sms),
    ] {
        let found = get("5.6", &query).await.json();
        assert_eq!((&found["status"], &found["user"]["id"]), (&json!("OK"), &json!(id)));
        assert_eq!(found["user"]["loginMethods"][0]["recipeId"], "passwordless");
        let old = get("3.1", &query).await.json();
        assert_eq!((&old["user"]["id"], old["user"].get("loginMethods")), (&json!(id), None));
    }
    for (query, status) in [
        (format!("userId={other}"), "UNKNOWN_USER_ID_ERROR"),
        ("email=bob@example.com".to_owned(), "UNKNOWN_EMAIL_ERROR"),
        ("phoneNumber=%2B4930123457".to_owned(), "UNKNOWN_PHONE_NUMBER_ERROR"),
    ] {
        assert_eq!(get("5.6", &query).await.json(), json!({ "status": status }), "{query}");
    }
    for query in ["", "userId=x&email=y"] {
        let refused = get("5.6", query).await;
        let text = "Please provide exactly one of userId, email or phoneNumber\n";
        assert_eq!((refused.status, refused.text.as_str()), (400, text));
    }
}
