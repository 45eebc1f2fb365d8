//! A user that another system has an id for.

use auth_core::{
    CreateUserIdMappingInput, DeleteUserIdMappingInput, GetUserCountInput, GetUserIdMappingInput,
    UpdateOrDeleteUserIdMappingInfoInput,
    protocol::{
        JsonObject, RecipeId, RecipeUserId, UserId,
        user::ListUsers,
        user_id_mapping::{CreateUserIdMappingResponse, UserIdType},
    },
    recipes::{
        emailpassword::{
            CreateResetPasswordTokenInput, CreateResetPasswordTokenOutcome, SignUpInput,
            SignUpOutcome,
        },
        multifactorauth::FactorId,
        passwordless::{Contact, CreateCodeInput},
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    mfa::{code, expect_closed, expect_open, set_up_totp, sign_in, with_factors},
    support::{EMAIL, PASSWORD, form, sign_up, start_email_password},
};
use crate::{
    App, Harness,
    client::{FrontEnd, Mode, Req},
};

cases! {
    "cdi-5.5-session" => a_mapped_user_s_session_has_the_external_id,
    "cdi-5.5-session" => a_session_follows_a_mapping_that_comes_and_goes,
    "cdi-5.5-refusal" => a_user_that_has_a_session_is_mapped_only_by_force,
    "cdi-5.5-functions" => every_function_takes_either_id_and_gives_the_external_one,
    "cdi-5.5-functions" => a_mapping_is_found_changed_and_ended_by_the_type_of_its_id,
    "cdi-5.5-password" => a_mapped_user_sets_a_new_password_by_a_link,
    "cdi-5.5-factors" => a_mapped_user_s_second_factors_are_its_own,
    "cdi-5.5-codes" => a_mapped_user_signs_in_by_a_code,
    "cdi-5.5-deletion" => a_mapped_user_goes_with_everything_by_either_id,
}

const OLD: &str = "legacy-7";

fn either(own: &UserId) -> [UserId; 2] {
    [own.clone(), OLD.into()]
}

/// A user with the external id, who has never signed in.
async fn mapped(app: &App) -> UserId {
    let functions = app.auth.emailpassword().expect("in the list");
    let own = match functions.sign_up(SignUpInput::new(EMAIL, PASSWORD)).await.expect("answered") {
        SignUpOutcome::Ok { user, .. } => user.id,
        other => panic!("{other:?}"),
    };
    map(app, &own).await;
    own
}

async fn map(app: &App, own: &UserId) {
    let mapping = CreateUserIdMappingInput::new(own, OLD);
    let made = app.auth.create_user_id_mapping(mapping).await.expect("answered");
    assert_eq!(made, CreateUserIdMappingResponse::Ok);
}

async fn force(app: &App, own: &UserId) {
    let mapping = CreateUserIdMappingInput::new(own, OLD).force(true);
    let made = app.auth.create_user_id_mapping(mapping).await.expect("answered");
    assert_eq!(made, CreateUserIdMappingResponse::Ok);
}

/// The ids in a session's token, and in the front token.
fn ids(front_end: &FrontEnd) -> [Value; 3] {
    let payload = front_end.payload();
    let front_token = front_end.front_token.as_ref().expect("signed in");
    [payload["sub"].clone(), payload["rsub"].clone(), front_token["uid"].clone()]
}

fn three(id: &str) -> [Value; 3] {
    [json!(id), json!(id), json!(id)]
}

async fn a_mapped_user_s_session_has_the_external_id(harness: Harness) {
    for mode in Mode::BOTH {
        let app = start_email_password(&harness).await;
        mapped(&app).await;
        let mut front_end = app.front_end(mode);
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        let reply = front_end.send(&app, request).await.json();
        assert_eq!((&reply["user"]["id"], &reply["status"]), (&json!(OLD), &json!("OK")));
        assert_eq!(reply["user"]["loginMethods"][0]["recipeUserId"], OLD);
        assert_eq!(ids(&front_end), three(OLD));
        for path in ["/sessioninfo", "/session-check-db"] {
            let reply = front_end.send(&app, Req::get(path)).await.json();
            assert_eq!((&reply["userId"], &reply["recipeUserId"]), (&json!(OLD), &json!(OLD)));
        }
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(ids(&front_end), three(OLD));
        let reply = front_end.send(&app, Req::post("/revoke-all")).await;
        reply.expect(200, &json!({ "revoked": 1 }));
    }
}

async fn a_session_follows_a_mapping_that_comes_and_goes(harness: Harness) {
    for mode in Mode::BOTH {
        let app = start_email_password(&harness).await;
        let mut front_end = sign_up(&app, mode, "/auth/signup").await.0;
        let own = UserId::from(front_end.payload()["sub"].as_str().expect("an id"));
        force(&app, &own).await;
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(ids(&front_end), three(OLD));
        let ended =
            app.auth.delete_user_id_mapping(DeleteUserIdMappingInput::new(&own).force(true)).await;
        assert!(ended.expect("answered"));
        front_end.refresh(&app).await.expect(200, &json!({}));
        assert_eq!(ids(&front_end), three(own.as_str()));
    }
}

async fn a_user_that_has_a_session_is_mapped_only_by_force(harness: Harness) {
    let app = start_email_password(&harness).await;
    let mut front_end = sign_up(&app, Mode::Header, "/auth/signup").await.0;
    let own = UserId::from(front_end.payload()["sub"].as_str().expect("an id"));
    let mapping = CreateUserIdMappingInput::new(&own, OLD);
    let error = app.auth.create_user_id_mapping(mapping.clone()).await.expect_err("in use");
    let text = error.to_string();
    assert!(text.contains("UserId is already in use in Session recipe"), "{text}");
    front_end.send(&app, Req::post("/auth/signout")).await;
    let made = app.auth.create_user_id_mapping(mapping).await.expect("answered");
    assert_eq!(made, CreateUserIdMappingResponse::Ok);
}

async fn every_function_takes_either_id_and_gives_the_external_one(harness: Harness) {
    let app = start_email_password(&harness).await;
    let own = mapped(&app).await;
    let auth = &app.auth;
    for id in either(&own) {
        let user = auth.get_user(&id).await.expect("answered").expect("a user");
        assert_eq!((user.id.as_str(), user.login_methods.len()), (OLD, 1));
        assert_eq!(user.login_methods[0].recipe_user_id, OLD);
    }
    let page = auth.get_users_oldest_first(ListUsers::default()).await.expect("a page");
    assert_eq!(page.users.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), [OLD]);
    let only = GetUserCountInput::new().include_recipe_ids([RecipeId::EmailPassword]);
    assert_eq!(auth.get_user_count(only).await.expect("a count"), 1);
    let linking = auth.accountlinking().expect("always there");
    for id in either(&own) {
        let made =
            linking.create_primary_user(RecipeUserId::from(id.clone())).await.expect("answered");
        let made = serde_json::to_value(made).expect("JSON");
        assert_eq!((&made["status"], &made["user"]["id"]), (&json!("OK"), &json!(OLD)));
    }
    let roles = auth.usermetadata().expect("always there");
    roles.set_value(OLD, "theme", "dark").await.expect("written");
    let theme = roles.get_value::<String>(OLD, "theme").await.expect("answered");
    assert_eq!(theme.as_deref(), Some("dark"));
    assert_eq!(roles.get_user_metadata(&own).await.expect("answered"), JsonObject::new());
}

async fn a_mapping_is_found_changed_and_ended_by_the_type_of_its_id(harness: Harness) {
    let app = start_email_password(&harness).await;
    let own = mapped(&app).await;
    let auth = &app.auth;
    let external = UserId::from(OLD);
    for (id, id_type, is_found) in [
        (&own, UserIdType::SuperTokens, true),
        (&own, UserIdType::External, false),
        (&external, UserIdType::External, true),
        (&external, UserIdType::Any, true),
    ] {
        let input = GetUserIdMappingInput::new(id).user_id_type(id_type);
        let found = auth.get_user_id_mapping(input).await.expect("answered");
        assert_eq!(found.is_some(), is_found, "{id} as {id_type:?}");
        let found = found.map(|it| (it.super_tokens_user_id, it.external_user_id));
        assert!(found.is_none_or(|ids| ids == (own.clone(), external.clone())));
        let info = format!("{id_type:?}");
        let input = UpdateOrDeleteUserIdMappingInfoInput::new(id)
            .user_id_type(id_type)
            .external_user_id_info(&*info);
        let update = auth.update_or_delete_user_id_mapping_info(input).await;
        assert_eq!(update.expect("answered"), is_found);
        if is_found {
            let found = auth.get_user_id_mapping(&own).await.expect("answered");
            assert_eq!(found.and_then(|it| it.external_user_id_info), Some(info));
        }
    }
    let removed = auth.update_or_delete_user_id_mapping_info(&own).await;
    assert!(removed.expect("answered"));
    let found = auth.get_user_id_mapping(&own).await.expect("answered");
    assert_eq!(found.and_then(|it| it.external_user_id_info), None);
    for (id, id_type, did) in [
        (&own, UserIdType::External, false),
        (&external, UserIdType::External, true),
        (&external, UserIdType::Any, false),
    ] {
        let input = DeleteUserIdMappingInput::new(id).user_id_type(id_type);
        let ended = auth.delete_user_id_mapping(input).await.expect("answered");
        assert_eq!(ended, did, "{id} as {id_type:?}");
    }
    let user = auth.get_user(&own).await.expect("answered").expect("a user");
    assert_eq!(user.id, own);
    assert_eq!(auth.get_user(&external).await.expect("answered"), None);
}

async fn a_mapped_user_sets_a_new_password_by_a_link(harness: Harness) {
    const NEW: &str = "battery staple 2";
    let app = start_email_password(&harness).await;
    let own = mapped(&app).await;
    for id in either(&own) {
        let functions = app.auth.emailpassword().expect("in the list");
        let input = CreateResetPasswordTokenInput::new(id, EMAIL);
        let token = match functions.create_reset_password_token(input).await.expect("answered") {
            CreateResetPasswordTokenOutcome::Ok(token) => token.expose_secret().to_owned(),
            other => panic!("{other:?}"),
        };
        let fields = json!([{ "id": "password", "value": NEW }]);
        let body = json!({ "formFields": fields, "token": token, "method": "token" });
        let reply = app.send(Req::post("/auth/user/password/reset").json(&body)).await;
        reply.expect(200, &json!({ "status": "OK" }));
        let reply = app.send(Req::post("/auth/signin").json(&form(EMAIL, NEW))).await;
        assert_eq!(reply.json()["user"]["id"], OLD, "{reply:?}");
    }
}

async fn a_mapped_user_s_second_factors_are_its_own(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors([FactorId::TOTP])).await;
        let own = mapped(&app).await;
        let mut ada = sign_in(&app, mode).await;
        expect_closed(&app, &mut ada).await;
        let secret = set_up_totp(&app, &mut ada).await;
        expect_open(&app, &mut ada).await;
        let totp = app.auth.totp().expect("in the list");
        let devices = async |id: UserId| totp.list_devices(&id).await.expect("a list").len();
        assert_eq!((devices(OLD.into()).await, devices(own).await), (1, 0));
        app.advance_secs(60);
        let mut ada = sign_in(&app, mode).await;
        expect_closed(&app, &mut ada).await;
        let body = json!({ "totp": code(&app, &secret) });
        let reply = ada.send(&app, Req::post("/auth/totp/verify").json(&body)).await;
        reply.expect(200, &json!({ "status": "OK" }));
        expect_open(&app, &mut ada).await;
        assert_eq!(ids(&ada), three(OLD));
    }
}

async fn a_mapped_user_signs_in_by_a_code(harness: Harness) {
    for mode in Mode::BOTH {
        let app = harness.start(with_factors([])).await;
        let passwordless = app.auth.passwordless().expect("in the list");
        let consume = async || {
            let contact = Contact::Email(EMAIL.to_owned());
            let input = CreateCodeInput::new(contact);
            let code = passwordless.create_code(input).await.expect("created");
            let proof = json!({
                "preAuthSessionId": code.pre_auth_session_id, "linkCode": code.link_code,
            });
            let mut front_end = app.front_end(mode);
            let request = Req::post("/auth/signinup/code/consume").json(&proof);
            let reply = front_end.send(&app, request).await.json();
            assert_eq!(reply["status"], "OK", "{reply}");
            (front_end, reply)
        };
        let (front_end, reply) = consume().await;
        assert_eq!(reply["createdNewRecipeUser"], true);
        force(&app, &UserId::from(front_end.payload()["sub"].as_str().expect("an id"))).await;
        let (front_end, reply) = consume().await;
        assert_eq!(reply["createdNewRecipeUser"], false);
        assert_eq!(reply["user"]["id"], OLD);
        assert_eq!(reply["user"]["loginMethods"][0]["verified"], true);
        assert_eq!(ids(&front_end), three(OLD));
    }
}

async fn a_mapped_user_goes_with_everything_by_either_id(harness: Harness) {
    for by_own in [true, false] {
        let app = start_email_password(&harness).await;
        let own = mapped(&app).await;
        let mut front_end = app.front_end(Mode::Cookie);
        let request = Req::post("/auth/signin").json(&form(EMAIL, PASSWORD));
        assert_eq!(front_end.send(&app, request).await.json()["status"], "OK");
        let metadata = app.auth.usermetadata().expect("always there");
        for id in either(&own) {
            metadata.set_value(&id, "theme", "dark").await.expect("written");
        }
        let id = if by_own { own.clone() } else { OLD.into() };
        app.auth.delete_user(&id).await.expect("answered");
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        reply.expect_message(401, "unauthorised");
        for id in either(&own) {
            assert_eq!(app.auth.get_user(&id).await.expect("answered"), None);
            assert!(metadata.get_user_metadata(&id).await.expect("answered").is_empty());
            let mapping = app.auth.get_user_id_mapping(&id).await;
            assert_eq!(mapping.expect("answered"), None);
        }
    }
}
