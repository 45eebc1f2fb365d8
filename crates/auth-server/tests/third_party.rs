//! Sign-in by an account at a third party, over HTTP: CDI §1.5.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Core, send, text};
use serde_json::{Value, json};

const SIGN_IN_UP: &str = "/recipe/signinup";
const ADA: &str = "ada@example.com";

fn account(id: &str, email: &str, is_verified: bool) -> Value {
    json!({
        "thirdPartyId": "google",
        "thirdPartyUserId": id,
        "email": { "id": email, "isVerified": is_verified },
    })
}

async fn sign_in_up(core: &Core, body: &Value) -> Value {
    let answer = core.post(SIGN_IN_UP, body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn find(core: &Core, query: &str) -> Value {
    let request = core.request("GET", &format!("/recipe/user?{query}"));
    send(request.header("rid", "thirdparty")).await.json()
}

#[tokio::test]
async fn cdi_1_5_an_account_signs_up_once_and_in_from_then_on() {
    let core = Core::start().await;
    let first = sign_in_up(&core, &account("7", " ADA@example.com", false)).await;
    assert_eq!((&first["status"], &first["createdNewUser"]), (&json!("OK"), &json!(true)));
    let user = &first["user"];
    assert_eq!(user["emails"], json!([ADA]));
    assert_eq!(user["thirdParty"], json!([{ "id": "google", "userId": "7" }]));
    let method = &user["loginMethods"][0];
    assert_eq!((&method["recipeId"], &method["verified"]), (&json!("thirdparty"), &json!(false)));
    assert_eq!(method["recipeUserId"], first["recipeUserId"]);
    let second = sign_in_up(&core, &account("7", ADA, true)).await;
    assert_eq!(second["createdNewUser"], false);
    assert_eq!(second["recipeUserId"], first["recipeUserId"]);
    assert_eq!(second["user"]["loginMethods"][0]["verified"], true);
    // Another account is another user, whatever its address.
    for other in [
        account("8", ADA, true),
        json!({ "thirdPartyId": "github", "thirdPartyUserId": "7",
            "email": { "id": ADA, "isVerified": true } }),
    ] {
        let third = sign_in_up(&core, &other).await;
        assert_eq!(third["createdNewUser"], true);
    }
    let counted = core.get("/users/count?includeRecipeIds=thirdparty").await.json();
    assert_eq!(counted["count"], 3);
}

#[tokio::test]
async fn cdi_1_5_users_are_found_by_account_and_by_address() {
    let core = Core::start().await;
    let user = sign_in_up(&core, &account("7::x", ADA, true)).await["user"].clone();
    sign_in_up(&core, &account("9", "eve@example.com", true)).await;
    let password = json!({ "email": ADA, "password": "correct horse" });
    let other = core.post("/recipe/signup", &password).await.json()["user"].clone();
    let id = user["id"].as_str().unwrap();
    let ok = json!({ "status": "OK", "user": user });
    assert_eq!(find(&core, &format!("userId={id}")).await, ok);
    assert_eq!(find(&core, "thirdPartyId=google&thirdPartyUserId=7%3A%3Ax").await, ok);
    let other_id = other["id"].as_str().unwrap();
    let unknown = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    assert_eq!(find(&core, &format!("userId={other_id}")).await, unknown);
    let unknown = json!({ "status": "UNKNOWN_THIRD_PARTY_USER_ERROR" });
    assert_eq!(find(&core, "thirdPartyId=google&thirdPartyUserId=8").await, unknown);
    let by_email = core.get("/recipe/users/by-email?email=ADA@example.com").await.json();
    assert_eq!(by_email, json!({ "status": "OK", "users": [user] }));
    let info = "/users/by-accountinfo?thirdPartyId=google&thirdPartyUserId=7%3A%3Ax";
    let by_info = core.get(&format!("{info}&doUnionOfAccountInfo=false")).await.json();
    assert_eq!(by_info["users"], json!([user]));
    let searched = core.get("/users?limit=10&provider=goo&email=ada").await.json();
    assert_eq!(searched["users"], json!([user]));
    let before = core.get_in("3.0", "/recipe/users/by-email?email=ada@example.com").await.json();
    let flat = json!({
        "id": id, "email": ADA, "timeJoined": user["timeJoined"], "tenantIds": ["public"],
        "thirdParty": { "id": "google", "userId": "7::x" },
    });
    assert_eq!(before["users"], json!([flat]));
}

#[tokio::test]
async fn cdi_5_3_an_account_s_new_address_is_the_user_s_unless_another_primary_user_has_it() {
    let core = Core::start().await;
    let first = sign_in_up(&core, &account("7", ADA, true)).await;
    let eve = sign_in_up(&core, &account("8", "eve@example.com", true)).await;
    // Nobody is primary: an address may be shared.
    let changed = sign_in_up(&core, &account("7", "new@example.com", false)).await;
    assert_eq!(changed["user"]["emails"], json!(["new@example.com"]));
    assert_eq!(changed["user"]["loginMethods"][0]["verified"], false);
    // Back again, what was proved once is proved.
    let back = sign_in_up(&core, &account("7", ADA, false)).await;
    assert_eq!(back["user"]["loginMethods"][0]["verified"], true);
    for user in [&first, &eve] {
        let primary = json!({ "recipeUserId": user["recipeUserId"] });
        let made = core.post("/recipe/accountlinking/user/primary", &primary).await.json();
        assert_eq!(made["status"], "OK");
    }
    let refused = sign_in_up(&core, &account("7", "eve@example.com", true)).await;
    let reason = "Email already associated with another primary user.";
    let expected = json!({ "status": "EMAIL_CHANGE_NOT_ALLOWED_ERROR", "reason": reason });
    assert_eq!(refused, expected);
    let found = find(&core, "thirdPartyId=google&thirdPartyUserId=7").await;
    assert_eq!(found["user"]["emails"], json!([ADA]));
    // What a primary user has let go of is free.
    sign_in_up(&core, &account("8", "eve2@example.com", true)).await;
    let allowed = sign_in_up(&core, &account("7", "eve@example.com", true)).await;
    assert_eq!(allowed["user"]["emails"], json!(["eve@example.com"]));
}

#[tokio::test]
async fn cdi_5_5_a_mapped_user_signs_in_with_the_external_id_and_can_be_deleted() {
    let core = Core::start().await;
    let own = sign_in_up(&core, &account("7", ADA, true)).await["recipeUserId"].clone();
    let map = json!({ "superTokensUserId": own, "externalUserId": "old-7" });
    assert_eq!(core.post("/recipe/userid/map", &map).await.json()["status"], "OK");
    let again = sign_in_up(&core, &account("7", ADA, true)).await;
    assert_eq!((&again["recipeUserId"], &again["user"]["id"]), (&json!("old-7"), &json!("old-7")));
    core.post("/user/remove", &json!({ "userId": "old-7" })).await;
    let anew = sign_in_up(&core, &account("7", ADA, false)).await;
    assert_eq!(anew["createdNewUser"], true);
    assert_eq!(anew["user"]["loginMethods"][0]["verified"], false);
}

#[tokio::test]
async fn cdi_1_5_of_requests_that_race_one_makes_the_user() {
    let core = Core::start().await;
    let body = account("7", ADA, true);
    let answers = futures_util::future::join_all((0..8).map(|_| sign_in_up(&core, &body))).await;
    let created = answers.iter().filter(|answer| answer["createdNewUser"] == true).count();
    assert_eq!(created, 1);
    assert!(answers.iter().all(|answer| answer["recipeUserId"] == answers[0]["recipeUserId"]));
}

#[tokio::test]
async fn cdi_1_5_what_is_wrong_is_refused() {
    let core = Core::start().await;
    let invalid =
        |field: &str| text(400, &format!("Field name '{field}' is invalid in JSON input"));
    let of = |field: &str, value: Value| {
        let mut body = account("7", ADA, true);
        body[field] = value;
        body
    };
    for (body, field) in [
        (json!({ "thirdPartyUserId": "7", "email": { "id": ADA } }), "thirdPartyId"),
        (json!({ "thirdPartyId": "google", "email": { "id": ADA } }), "thirdPartyUserId"),
        (json!({ "thirdPartyId": "google", "thirdPartyUserId": "7" }), "email"),
        (of("email", json!(ADA)), "email"),
        (of("email", json!({ "isVerified": true })), "id"),
        (of("email", json!({ "id": ADA })), "isVerified"),
        (of("email", json!({ "id": ADA, "isVerified": "yes" })), "isVerified"),
        (of("thirdPartyId", json!("x".repeat(29))), "thirdPartyId"),
        (of("thirdPartyUserId", json!("x".repeat(257))), "thirdPartyUserId"),
    ] {
        assert_eq!(core.post(SIGN_IN_UP, &body).await, invalid(field), "{body}");
    }
    let empty = text(400, "Field name 'thirdPartyId' cannot be an empty String");
    assert_eq!(core.post(SIGN_IN_UP, &of("thirdPartyId", json!(""))).await, empty);
    // Before 4.0 nobody said whether an address is verified.
    let unsaid = of("email", json!({ "id": ADA }));
    let answer = core.post_in("3.1", SIGN_IN_UP, &unsaid).await.json();
    assert_eq!((&answer["status"], &answer["user"]["email"]), (&json!("OK"), &json!(ADA)));
    assert!(answer.get("recipeUserId").is_none());
    let request = core.request("GET", "/recipe/user?thirdPartyId=google");
    let refusal = "Please provide one of userId or (thirdPartyId & thirdPartyUserId)";
    assert_eq!(send(request.header("rid", "thirdparty")).await, text(400, refusal));
}
