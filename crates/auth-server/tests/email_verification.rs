//! Addresses proved by a token, over HTTP: CDI §1.4 and 4.2.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::time::Duration;

use common::{Core, text};
use serde_json::{Value, json};

const EMAIL: &str = "ada@example.com";
const TOKEN: &str = "/recipe/user/email/verify/token";
const VERIFY: &str = "/recipe/user/email/verify";

async fn sign_up(core: &Core) -> String {
    let body = json!({ "email": EMAIL, "password": "correct horse" });
    core.post("/recipe/signup", &body).await.json()["recipeUserId"].as_str().unwrap().to_owned()
}

async fn token(core: &Core, tenant: &str, user: &str, email: &str) -> String {
    let body = json!({ "userId": user, "email": email });
    let answer = core.post(&format!("{tenant}{TOKEN}"), &body).await.json();
    assert_eq!(answer["status"], "OK", "{answer}");
    answer["token"].as_str().unwrap().to_owned()
}

async fn verify(core: &Core, token: &str) -> Value {
    core.post(VERIFY, &json!({ "method": "token", "token": token })).await.json()
}

async fn is_verified(core: &Core, user: &str, email: &str) -> Value {
    let answer = core.get(&format!("{VERIFY}?userId={user}&email={email}")).await.json();
    assert_eq!(answer["status"], "OK");
    answer["isVerified"].clone()
}

fn invalid() -> Value {
    json!({ "status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" })
}

#[tokio::test]
async fn cdi_4_2_a_token_verifies_once_and_ends_the_others_of_its_address() {
    let core = Core::start().await;
    let user = sign_up(&core).await;
    assert_eq!(is_verified(&core, &user, EMAIL).await, false);
    let first = token(&core, "", &user, " ADA@example.com").await;
    let second = token(&core, "", &user, EMAIL).await;
    let other = token(&core, "", &user, "other@example.com").await;
    assert_ne!(first, second);
    let expected = json!({ "status": "OK", "userId": user, "email": EMAIL });
    assert_eq!(verify(&core, &second).await, expected);
    assert_eq!(verify(&core, &second).await, invalid());
    assert_eq!(verify(&core, &first).await, invalid());
    assert_eq!(is_verified(&core, &user, EMAIL).await, true);
    assert_eq!(is_verified(&core, &user, "other@example.com").await, false);
    let found = core.get(&format!("/user/id?userId={user}")).await.json();
    assert_eq!(found["user"]["loginMethods"][0]["verified"], true);
    let again = json!({ "userId": user, "email": EMAIL });
    let answer = core.post(TOKEN, &again).await.json();
    assert_eq!(answer, json!({ "status": "EMAIL_ALREADY_VERIFIED_ERROR" }));
    let expected = json!({ "status": "OK", "userId": user, "email": "other@example.com" });
    assert_eq!(verify(&core, &other).await, expected);
}

#[tokio::test]
async fn cdi_4_2_a_token_runs_out_after_a_day() {
    let core = Core::start().await;
    let user = sign_up(&core).await;
    let in_time = token(&core, "", &user, EMAIL).await;
    core.clock.advance(Duration::from_hours(24));
    assert_eq!(verify(&core, &in_time).await["status"], "OK");
    let late = token(&core, "", &user, "late@example.com").await;
    let beside = token(&core, "", &user, "late@example.com").await;
    core.clock.advance(Duration::from_millis(24 * 3_600_000 + 1));
    assert_eq!(verify(&core, &late).await, invalid());
    // Whoever has an expired one has seen the mail: the others end with it.
    assert_eq!(verify(&core, &beside).await, invalid());
    assert_eq!(is_verified(&core, &user, "late@example.com").await, false);
}

#[tokio::test]
async fn cdi_1_4_tokens_are_revoked_and_a_proof_is_taken_back() {
    let core = Core::start().await;
    let user = sign_up(&core).await;
    let (revoked, kept) =
        (token(&core, "", &user, EMAIL).await, token(&core, "", &user, "b@example.com").await);
    let of = |email: &str| json!({ "userId": user, "email": email });
    for _ in 0..2 {
        let answer = core.post(&format!("{TOKEN}/remove"), &of(EMAIL)).await.json();
        assert_eq!(answer, json!({ "status": "OK" }));
    }
    assert_eq!(verify(&core, &revoked).await, invalid());
    assert_eq!(verify(&core, &kept).await["status"], "OK");
    for _ in 0..2 {
        let answer = core.post(&format!("{VERIFY}/remove"), &of("b@example.com")).await.json();
        assert_eq!(answer, json!({ "status": "OK" }));
    }
    assert_eq!(is_verified(&core, &user, "b@example.com").await, false);
}

#[tokio::test]
async fn cdi_1_4_a_user_of_the_application_s_own_can_be_verified() {
    let core = Core::start().await;
    let own = token(&core, "", "legacy|7", EMAIL).await;
    let expected = json!({ "status": "OK", "userId": "legacy|7", "email": EMAIL });
    assert_eq!(verify(&core, &own).await, expected);
    assert_eq!(is_verified(&core, "legacy%7C7", EMAIL).await, true);
}

#[tokio::test]
async fn cdi_5_4_tokens_and_proofs_go_with_their_user() {
    let core = Core::start().await;
    let user = sign_up(&core).await;
    let open = token(&core, "", &user, EMAIL).await;
    let used = token(&core, "", &user, "b@example.com").await;
    verify(&core, &used).await;
    core.post("/user/remove", &json!({ "userId": user })).await;
    assert_eq!(verify(&core, &open).await, invalid());
    assert_eq!(is_verified(&core, &user, "b@example.com").await, false);
}

#[tokio::test]
async fn cdi_5_5_a_mapped_user_is_verified_by_either_id() {
    let core = Core::start().await;
    let user = sign_up(&core).await;
    let before = token(&core, "", &user, EMAIL).await;
    let map = json!({ "superTokensUserId": user, "externalUserId": "old-7" });
    assert_eq!(core.post("/recipe/userid/map", &map).await.json()["status"], "OK");
    let expected = json!({ "status": "OK", "userId": "old-7", "email": EMAIL });
    assert_eq!(verify(&core, &before).await, expected);
    for id in [user.as_str(), "old-7"] {
        assert_eq!(is_verified(&core, id, EMAIL).await, true);
        let answer = core.post(TOKEN, &json!({ "userId": id, "email": EMAIL })).await.json();
        assert_eq!(answer["status"], "EMAIL_ALREADY_VERIFIED_ERROR");
    }
    let unverify = json!({ "userId": "old-7", "email": EMAIL });
    core.post(&format!("{VERIFY}/remove"), &unverify).await;
    assert_eq!(is_verified(&core, &user, EMAIL).await, false);
}

#[tokio::test]
async fn cdi_1_4_what_is_wrong_is_refused() {
    let core = Core::start().await;
    let invalid =
        |field: &str| text(400, &format!("Field name '{field}' is invalid in JSON input"));
    for (path, body, field) in [
        (TOKEN, json!({ "userId": "a" }), "email"),
        (TOKEN, json!({ "email": EMAIL }), "userId"),
        (TOKEN, json!({ "userId": "a".repeat(129), "email": EMAIL }), "userId"),
        (VERIFY, json!({ "token": "t" }), "method"),
        (VERIFY, json!({ "method": "token" }), "token"),
    ] {
        assert_eq!(core.post(path, &body).await, invalid(field), "{path} {body}");
    }
    let other = json!({ "method": "link", "token": "t" });
    let refusal = text(400, "Unsupported method for email verification");
    assert_eq!(core.post(VERIFY, &other).await, refusal);
    let missing = text(400, "Field name 'email' is missing in GET request");
    assert_eq!(core.get(&format!("{VERIFY}?userId=a")).await, missing);
}
