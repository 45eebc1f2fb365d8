//! Users in several tenants.

use auth_core::{
    AuthBuilder,
    protocol::{
        LoginMethod, RecipeId, RecipeUserId, TenantId, UserId,
        multitenancy::{
            AssociateUserToTenantResponse as Associated,
            DisassociateUserFromTenantResponse as Disassociated,
        },
    },
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        multitenancy::{
            AssociateUserToTenantInput, CreateOrUpdateTenantInput, DeleteTenantInput,
            DisassociateUserFromTenantInput,
        },
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe, SignInUpInput},
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, start_email_password},
    tenants::{open, set},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-1.8-users" => a_user_signs_in_to_each_tenant_that_it_is_in,
    "fdi-1.8-users" => an_address_that_is_taken_in_a_tenant_keeps_others_out,
    "fdi-1.8-users" => who_leaves_a_tenant_is_signed_out_of_it_alone,
    "fdi-1.8-users" => a_tenant_that_is_gone_takes_its_sessions_along,
    "fdi-1.0-tenants" => a_second_factor_of_another_tenant_is_brought_along_by_its_proof,
}

const OTHER: &str = "battery staple 2";

fn recipe_user_id(user: &Value) -> RecipeUserId {
    RecipeUserId::new(user["loginMethods"][0]["recipeUserId"].as_str().expect("an id"))
}

async fn associate(app: &App, tenant: &str, id: &RecipeUserId) -> Associated {
    let functions = app.auth.multitenancy().expect("always there");
    let input = AssociateUserToTenantInput::new(tenant, id);
    functions.associate_user_to_tenant(input).await.expect("an answer")
}

async fn sign_up_in(app: &App, tenant: &str, password: &str) -> (FrontEnd, Value) {
    let mut front_end = app.front_end(Mode::Header);
    let request = Req::post(&format!("/auth/{tenant}/signup")).json(&form(EMAIL, password));
    let reply = front_end.send(app, request).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    (front_end, reply.json()["user"].clone())
}

async fn sign_in_in(app: &App, tenant: &str, password: &str) -> (FrontEnd, Value) {
    let mut front_end = app.front_end(Mode::Header);
    let request = Req::post(&format!("/auth/{tenant}/signin")).json(&form(EMAIL, password));
    let reply = front_end.send(app, request).await;
    (front_end, reply.json())
}

async fn a_user_signs_in_to_each_tenant_that_it_is_in(harness: Harness) {
    let app = start_email_password(&harness).await;
    open(&app, ["acme", "blog"]).await;
    let (_, user) = sign_up_in(&app, "acme", PASSWORD).await;
    let id = recipe_user_id(&user);
    for was_already_associated in [false, true] {
        let expected = Associated::Ok { was_already_associated };
        assert_eq!(associate(&app, "blog", &id).await, expected);
    }
    for tenant in ["acme", "blog"] {
        let (front_end, reply) = sign_in_in(&app, tenant, PASSWORD).await;
        assert_eq!(reply["user"]["id"], user["id"], "{tenant}: {reply}");
        let tenants = reply["user"]["tenantIds"].as_array().into_iter().flatten();
        let mut tenants: Vec<&str> = tenants.filter_map(Value::as_str).collect();
        tenants.sort_unstable();
        assert_eq!(tenants, ["acme", "blog"]);
        assert_eq!(front_end.payload()["tId"], tenant);
    }
    let (_, reply) = sign_in_in(&app, "public", PASSWORD).await;
    assert_eq!(reply["status"], "WRONG_CREDENTIALS_ERROR");
    let unknown = associate(&app, "blog", &RecipeUserId::new("nobody")).await;
    assert_eq!(unknown, Associated::UnknownUserIdError);
    let functions = app.auth.multitenancy().expect("always there");
    let nowhere = AssociateUserToTenantInput::new("nowhere", &id);
    let refused = functions.associate_user_to_tenant(nowhere).await.expect_err("no such tenant");
    assert_eq!(refused.status(), 400, "{refused}");
}

async fn an_address_that_is_taken_in_a_tenant_keeps_others_out(harness: Harness) {
    let app = start_email_password(&harness).await;
    open(&app, ["acme", "blog"]).await;
    let (_, acme) = sign_up_in(&app, "acme", PASSWORD).await;
    let (_, blog) = sign_up_in(&app, "blog", OTHER).await;
    let taken = associate(&app, "blog", &recipe_user_id(&acme)).await;
    assert_eq!(taken, Associated::EmailAlreadyExistsError);
    for (tenant, password, user) in [("acme", PASSWORD, &acme), ("blog", OTHER, &blog)] {
        let (_, reply) = sign_in_in(&app, tenant, password).await;
        assert_eq!(reply["user"]["id"], user["id"], "{tenant}");
    }
    // Of two primary users with an address only one can be in a tenant.
    let linking = app.auth.accountlinking().expect("always there");
    for user in [&acme, &blog] {
        linking.create_primary_user(recipe_user_id(user)).await.expect("it is one");
    }
    let kept_out = associate(&app, "blog", &recipe_user_id(&acme)).await;
    assert!(
        matches!(
            kept_out,
            Associated::AssociationNotAllowedError { .. } | Associated::EmailAlreadyExistsError
        ),
        "{kept_out:?}"
    );
}

async fn who_leaves_a_tenant_is_signed_out_of_it_alone(harness: Harness) {
    let app = start_email_password(&harness).await;
    open(&app, ["acme", "blog"]).await;
    let (mut acme, user) = sign_up_in(&app, "acme", PASSWORD).await;
    let id = recipe_user_id(&user);
    associate(&app, "blog", &id).await;
    let (mut blog, _) = sign_in_in(&app, "blog", PASSWORD).await;
    let functions = app.auth.multitenancy().expect("always there");
    for was_associated in [true, false] {
        let input = DisassociateUserFromTenantInput::new("blog", &id);
        let left = functions.disassociate_user_from_tenant(input).await.expect("an answer");
        assert_eq!(left, Disassociated::Ok { was_associated });
    }
    let reply = blog.send(&app, Req::get("/session-check-db")).await;
    reply.expect_message(401, "unauthorised");
    blog.refresh(&app).await.expect_message(401, "unauthorised");
    assert_eq!(acme.send(&app, Req::get("/session-check-db")).await.status, 200);
    let (_, reply) = sign_in_in(&app, "blog", PASSWORD).await;
    assert_eq!(reply["status"], "WRONG_CREDENTIALS_ERROR");
    let (_, reply) = sign_in_in(&app, "acme", PASSWORD).await;
    assert_eq!(reply["user"]["tenantIds"], json!(["acme"]));
}

async fn a_tenant_that_is_gone_takes_its_sessions_along(harness: Harness) {
    let app = start_email_password(&harness).await;
    open(&app, ["acme", "blog"]).await;
    let (mut acme, user) = sign_up_in(&app, "acme", PASSWORD).await;
    associate(&app, "blog", &recipe_user_id(&user)).await;
    let (mut blog, _) = sign_in_in(&app, "blog", PASSWORD).await;
    let functions = app.auth.multitenancy().expect("always there");
    assert!(functions.delete_tenant(DeleteTenantInput::new("blog")).await.expect("it may go"));
    let reply = blog.send(&app, Req::get("/session-check-db")).await;
    reply.expect_message(401, "unauthorised");
    blog.refresh(&app).await.expect_message(401, "unauthorised");
    assert_eq!(acme.send(&app, Req::get("/session-check-db")).await.status, 200);
    let user_id = UserId::new(user["id"].as_str().expect("an id"));
    let kept = app.auth.get_user(&user_id).await.expect("an answer").expect("the user stays");
    assert_eq!(kept.tenant_ids, ["acme"]);
    // What is made anew under the name is empty.
    open(&app, ["blog"]).await;
    let (_, reply) = sign_in_in(&app, "blog", PASSWORD).await;
    assert_eq!(reply["status"], "WRONG_CREDENTIALS_ERROR");
    let public = functions.delete_tenant(DeleteTenantInput::new("public")).await;
    assert!(public.is_err(), "the tenant `public` stays");
}

/// The user's password is in one tenant; in the other one it is a second factor.
async fn a_second_factor_of_another_tenant_is_brought_along_by_its_proof(harness: Harness) {
    let setup = Setup::new().recipes(|builder: AuthBuilder| {
        let linking =
            AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async move {
                Ok(AutomaticLinking::Yes { should_require_verification: false })
            });
        builder
            .recipe(EmailPasswordRecipe::new())
            .recipe(PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode))
            .recipe(linking)
            .recipe(MultiFactorAuthRecipe::new())
    });
    let app = harness.start(setup).await;
    open(&app, ["acme"]).await;
    let blog = CreateOrUpdateTenantInput::new("blog").first_factors([FactorId::OTP_EMAIL]);
    set(&app, blog.required_secondary_factors([FactorId::EMAIL_PASSWORD])).await;
    let (_, user) = sign_up_in(&app, "acme", PASSWORD).await;
    // A code's login method, which is linked to the user in `acme` and then may sign in to `blog`.
    app.advance_secs(1);
    let passwordless = app.auth.passwordless().expect("in the list");
    let code = SignInUpInput::new(Contact::Email(EMAIL.to_owned())).tenant_id("acme");
    let outcome = passwordless.sign_in_up(code).await.expect("signed in");
    assert_eq!(outcome.user.id, user["id"].as_str().expect("an id"), "it was linked");
    let added = associate(&app, "blog", &outcome.recipe_user_id).await;
    assert_eq!(added, Associated::Ok { was_already_associated: false });

    let mut front_end = app.front_end(Mode::Header);
    let body = json!({ "userId": outcome.recipe_user_id, "tenantId": "blog" });
    let reply = front_end.send(&app, Req::post("/create-session").json(&body)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let info = front_end.send(&app, Req::new("PUT", "/auth/mfa/info")).await;
    assert_eq!(info.json()["factors"]["next"], json!(["emailpassword"]), "{info:?}");
    let mut second = async |password: &str| {
        let mut body = form(EMAIL, password);
        body["shouldTryLinkingWithSessionUser"] = json!(true);
        front_end.send(&app, Req::post("/auth/blog/signin").json(&body)).await
    };
    let wrong = second(OTHER).await;
    wrong.expect(200, &json!({ "status": "WRONG_CREDENTIALS_ERROR" }));
    // Nobody begins with it there, whether or not the password is right.
    for password in [OTHER, PASSWORD] {
        let begun = Req::post("/auth/blog/signin").json(&form(EMAIL, password));
        let refused = app.front_end(Mode::Header).send(&app, begun).await;
        refused.expect(401, &json!({ "message": "unauthorised" }));
    }
    let right = second(PASSWORD).await;
    assert_eq!(right.json()["status"], "OK", "{right:?}");
    assert_eq!(right.json()["user"]["id"], user["id"]);
    assert_eq!(front_end.payload()["st-mfa"]["v"], true);
    assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 200);
    let found = app.auth.get_user(&outcome.user.id).await.expect("an answer").expect("there");
    let is_password = |it: &&LoginMethod| it.recipe_id == RecipeId::EmailPassword;
    let password = found.login_methods.iter().find(is_password).expect("it is there");
    assert!(password.tenant_ids.contains(&TenantId::new("blog")), "{password:?}");
}
