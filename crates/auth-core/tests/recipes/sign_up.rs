//! FDI: emailpassword, sign up.

use auth_core::recipes::emailpassword::{EmailPasswordApi, EmailPasswordRecipe, FormField};
use http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, field_errors, form};

#[tokio::test]
async fn a_new_user_is_created_and_signed_in() {
    let app = App::new().await;
    let answer = app.post("/auth/signup", &form(" Ada@Example.com ", PASSWORD)).await;
    assert_eq!(answer.0.status, StatusCode::OK);
    let body = answer.json();
    let user = &body["user"];
    assert_eq!(body["status"], "OK");
    assert_eq!(user["emails"], json!([EMAIL]));
    assert_eq!(user["isPrimaryUser"], false);
    assert_eq!(user["tenantIds"], json!(["public"]));
    assert_eq!(user["phoneNumbers"], json!([]));
    assert_eq!(user["thirdParty"], json!([]));
    assert_eq!(user["webauthn"], json!({ "credentialIds": [] }));
    let method = user["loginMethods"][0].as_object().expect("a login method");
    let mut members: Vec<&str> = method.keys().map(String::as_str).collect();
    members.sort_unstable();
    let known = ["email", "recipeId", "recipeUserId", "tenantIds", "timeJoined", "verified"];
    assert_eq!(members, known);
    assert_eq!(method["recipeId"], "emailpassword");
    assert_eq!(method["recipeUserId"], user["id"]);
    assert_eq!(body.get("createdNewRecipeUser"), None);
    assert!(answer.header("front-token").is_some());
}

#[tokio::test]
async fn a_taken_address_is_a_field_error() {
    let app = App::new().await;
    app.sign_up().await;
    let answer = app.post("/auth/signup", &form("ADA@example.com", "other-pass1")).await;
    let text = "This email already exists. Please sign in instead.";
    answer.is_ok_json(&field_errors(&[("email", text)]));
    assert_eq!(answer.header("front-token"), None);
}

#[tokio::test]
async fn a_fake_address_counts_as_taken() {
    let app = App::new().await;
    for email in ["x@stfakeemail.supertokens.com", "x@google.fakeemail.com"] {
        let answer = app.post("/auth/signup", &form(email, PASSWORD)).await;
        assert_eq!(answer.json()["formFields"][0]["id"], "email", "{email}");
    }
    assert_eq!(app.0.get_user_count(None, None).await.expect("a count"), 0);
}

#[tokio::test]
async fn front_ends_before_fdi_3_read_the_legacy_user() {
    let app = App::new().await;
    for (version, email, is_legacy) in [
        ("1.17", "a@example.com", true),
        ("1.18", "b@example.com", false),
        ("2.0", "c@example.com", true),
        ("1.16,3.0", "d@example.com", false),
    ] {
        let headers = [("fdi-version", version)];
        let answer = app.post_with("/auth/signup", &headers, &form(email, PASSWORD)).await.json();
        let user = &answer["user"];
        assert_eq!(user.get("loginMethods").is_none(), is_legacy, "{version}");
        assert_eq!(user["email"] == json!(email), is_legacy, "{version}");
    }
}

#[tokio::test]
async fn a_sign_up_that_is_to_be_linked_needs_a_session() {
    let app = App::new().await;
    let mut body = form(EMAIL, PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let answer = app.post("/auth/signup", &body).await;
    assert_eq!(answer.0.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json(), json!({ "message": "unauthorised" }));
    assert_eq!(app.0.get_user_count(None, None).await.expect("a count"), 0);
}

#[tokio::test]
async fn linking_to_a_session_is_an_error_of_the_application_without_account_linking() {
    let app = App::new().await;
    let token = format!("Bearer {}", app.sign_up().await);
    let mut body = form("second@example.com", PASSWORD);
    body["shouldTryLinkingWithSessionUser"] = json!(true);
    let headers = [("authorization", token.as_str()), ("rid", "x")];
    let answer = app.post_with("/auth/signup", &headers, &body).await;
    assert_eq!(answer.0.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.0.get_user_count(None, None).await.expect("a count"), 1);
}

#[tokio::test]
async fn more_form_fields_are_accepted_where_they_are_configured() {
    let recipe = EmailPasswordRecipe::new().form_field(FormField::new("name"));
    let app = App::with(recipe).await;
    let mut body = form(EMAIL, PASSWORD);
    let fields = body["formFields"].as_array_mut().expect("a list");
    fields.push(json!({ "id": "name", "value": "Ada" }));
    assert_eq!(app.post("/auth/signup", &body).await.json()["status"], "OK");
}

#[tokio::test]
async fn a_disabled_api_has_no_route_and_the_others_keep_theirs() {
    let recipe = EmailPasswordRecipe::new()
        .disable_api(EmailPasswordApi::SignUpPost)
        .disable_api(EmailPasswordApi::EmailExistsGet);
    let app = App::with(recipe).await;
    assert!(app.send(Method::POST, "/auth/signup", &[], "").await.is_none());
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"] {
        assert!(app.send(Method::GET, path, &[], "").await.is_none());
    }
    assert!(app.send(Method::POST, "/auth/signin", &[], "").await.is_some());
}

#[tokio::test]
async fn email_exists_tells_by_both_paths_and_only_of_this_tenant() {
    let app = App::new().await;
    app.sign_up().await;
    for path in ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"] {
        for (email, exists) in [("ADA@example.com%20", true), ("other@example.com", false)] {
            let answer = app.get(&format!("{path}?email={email}")).await;
            answer.is_ok_json(&json!({ "status": "OK", "exists": exists }));
        }
    }
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_is_bad_input() {
    let app = App::new().await;
    for path in ["/auth/nowhere/signup", "/auth/nowhere/signin"] {
        let answer = app.post(path, &form(EMAIL, PASSWORD)).await;
        assert_eq!(answer.0.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let answer = app.get("/auth/nowhere/emailpassword/email/exists?email=x").await;
    assert_eq!(answer.0.status, StatusCode::BAD_REQUEST);
}
