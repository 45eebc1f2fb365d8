//! What is one tenant's is nothing to another, nor to another app.

use auth_core::{
    AuthBuilder, GetUserCountInput,
    delivery::Email,
    protocol::{TenantId, UserId, multitenancy::CreateOrUpdateApp, user::ListUsers},
    recipes::{
        accountlinking::GetUsersInput,
        emailpassword::EmailPasswordRecipe,
        emailverification::{EmailVerificationMode, EmailVerificationRecipe},
        multifactorauth::FactorId,
        multitenancy::CreateOrUpdateTenantInput,
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::{GetAllSessionHandlesForUserInput, RevokeAllSessionsForUserInput},
        userroles::{
            AddRoleToUserInput, CreateNewRoleOrAddPermissionsInput, GetUsersThatHaveRoleInput,
            UserRolesRecipe,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    cases,
    support::{EMAIL, Mailbox, PASSWORD, form},
    tenants::{open, set},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.8-isolation" => an_address_is_another_user_in_each_tenant,
    "fdi-1.8-isolation" => a_session_is_its_tenant_s,
    "fdi-1.8-isolation" => a_reset_link_is_good_in_its_tenant_only,
    "fdi-1.8-isolation" => a_link_that_verifies_is_good_in_its_tenant_only,
    "fdi-1.8-isolation" => a_device_s_codes_are_good_in_its_tenant_only,
    "fdi-1.8-isolation" => what_is_guessed_in_a_tenant_is_counted_there,
    "fdi-1.8-isolation" => roles_are_given_in_a_tenant,
    "fdi-1.8-apps" => an_app_shares_nothing_with_another,
    "fdi-1.8-apps" => tenants_of_one_name_in_two_apps_are_two,
}

const ACME: &str = "acme";
const BLOG: &str = "blog";
/// The second one's password.
const OTHER: &str = "battery staple 2";

/// An application with two tenants beside `public`, and its mails.
struct World {
    app: App,
    mails: UnboundedReceiver<Email>,
}

fn setup() -> (Setup, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let boxes = std::sync::Arc::new(mailbox);
    let setup = Setup::new().recipes(move |builder: AuthBuilder| {
        let flow = FlowType::UserInputCodeAndMagicLink;
        let verification = EmailVerificationRecipe::new(EmailVerificationMode::Optional);
        builder
            .recipe(EmailPasswordRecipe::new().email_delivery(Shared(boxes.clone())))
            .recipe(
                PasswordlessRecipe::new(ContactMethod::Email, flow)
                    .email_delivery(Shared(boxes.clone())),
            )
            .recipe(verification.email_delivery(Shared(boxes)))
            .recipe(UserRolesRecipe::new())
    });
    (setup, mails)
}

/// One mailbox for several recipes.
struct Shared(std::sync::Arc<Mailbox>);

#[async_trait::async_trait]
impl auth_core::delivery::EmailDelivery for Shared {
    async fn send_email(&self, cx: &auth_core::Context, email: Email) -> auth_core::Result<()> {
        self.0.send_email(cx, email).await
    }
}

impl World {
    async fn start(harness: &Harness) -> Self {
        let (setup, mails) = setup();
        let app = harness.start(setup).await;
        let first = [FactorId::EMAIL_PASSWORD, FactorId::OTP_EMAIL, FactorId::LINK_EMAIL];
        for name in [ACME, BLOG] {
            let tenant = CreateOrUpdateTenantInput::new(name);
            set(&app, tenant.first_factors(first.clone())).await;
        }
        Self { app, mails }
    }

    async fn post(&self, tenant: &str, path: &str, body: &Value) -> Reply {
        self.app.send(Req::post(&format!("/auth/{tenant}{path}")).json(body)).await
    }

    async fn sign_up(&self, tenant: &str, password: &str) -> (FrontEnd, Value) {
        let mut front_end = self.app.front_end(Mode::Header);
        let request = Req::post(&format!("/auth/{tenant}/signup"));
        let reply = front_end.send(&self.app, request.json(&form(EMAIL, password))).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        (front_end, reply.json()["user"].clone())
    }

    async fn status_of_sign_in(&self, tenant: &str, password: &str) -> Value {
        self.post(tenant, "/signin", &form(EMAIL, password)).await.json()["status"].clone()
    }

    /// The next mail's link.
    async fn link(&mut self) -> String {
        let mail = self.mails.recv().await.expect("a mail");
        mail.link().expect("a link").expose_secret().to_owned()
    }

    /// The token in the next mail's link, which leads to the tenant.
    async fn token(&mut self, tenant: &str) -> String {
        let link = self.link().await;
        assert!(link.ends_with(&format!("&tenantId={tenant}")), "{link}");
        let (_, query) = link.split_once("?token=").expect("a token");
        query.split('&').next().expect("a token").to_owned()
    }
}

fn id_of(user: &Value) -> UserId {
    UserId::new(user["id"].as_str().expect("an id"))
}

async fn an_address_is_another_user_in_each_tenant(harness: Harness) {
    let world = World::start(&harness).await;
    let (_, acme) = world.sign_up(ACME, PASSWORD).await;
    let exists = async |tenant: &str| {
        let path = format!("/auth/{tenant}/emailpassword/email/exists?email=ada%40example.com");
        world.app.send(Req::get(&path)).await.json()["exists"].clone()
    };
    assert_eq!((exists(ACME).await, exists(BLOG).await), (json!(true), json!(false)));
    assert_eq!(exists("public").await, json!(false));
    let (_, blog) = world.sign_up(BLOG, OTHER).await;
    assert_ne!(acme["id"], blog["id"]);
    assert_eq!((&acme["tenantIds"], &blog["tenantIds"]), (&json!([ACME]), &json!([BLOG])));
    for (tenant, password, status) in [
        (ACME, PASSWORD, "OK"),
        (ACME, OTHER, "WRONG_CREDENTIALS_ERROR"),
        (BLOG, OTHER, "OK"),
        (BLOG, PASSWORD, "WRONG_CREDENTIALS_ERROR"),
        ("public", PASSWORD, "WRONG_CREDENTIALS_ERROR"),
    ] {
        assert_eq!(world.status_of_sign_in(tenant, password).await, status, "{tenant}");
    }
    let auth = &world.app.auth;
    for (tenant, ids) in [
        (Some(ACME), vec![id_of(&acme)]),
        (Some(BLOG), vec![id_of(&blog)]),
        (Some("public"), vec![]),
        (None, vec![id_of(&acme), id_of(&blog)]),
    ] {
        let mut asked = GetUserCountInput::new();
        asked.tenant_id = tenant.map(TenantId::new);
        let count = auth.get_user_count(asked).await.expect("a count");
        assert_eq!(count, ids.len() as u64, "{tenant:?}");
        if let Some(tenant) = tenant {
            let asked = GetUsersInput::new(ListUsers::default()).tenant_id(tenant);
            let page = auth.get_users_oldest_first(asked).await.expect("a page");
            let found: Vec<UserId> = page.users.into_iter().map(|user| user.id).collect();
            assert_eq!(found, ids, "{tenant}");
        }
    }
}

async fn a_session_is_its_tenant_s(harness: Harness) {
    let world = World::start(&harness).await;
    let (mut acme, user) = world.sign_up(ACME, PASSWORD).await;
    let (mut blog, _) = world.sign_up(BLOG, OTHER).await;
    assert_eq!((&acme.payload()["tId"], &blog.payload()["tId"]), (&json!(ACME), &json!(BLOG)));
    assert!(acme.handle().ends_with("_acme"), "{}", acme.handle());
    // Wherever it is refreshed, it stays its tenant's.
    let refresh = Req::post("/auth/blog/session/refresh").bearer(&acme.refresh_token());
    let reply = world.app.send(refresh).await;
    reply.expect(200, &json!({}));
    acme.keep(&reply);
    assert_eq!(acme.payload()["tId"], ACME);
    let info = acme.send(&world.app, Req::get("/sessioninfo")).await;
    assert_eq!(info.json()["tenantId"], ACME, "{info:?}");
    let sessions = world.app.auth.session().expect("in the list");
    let user_id = id_of(&user);
    for (tenant, count) in [(ACME, 1), (BLOG, 0), ("public", 0)] {
        let of = GetAllSessionHandlesForUserInput::new(&user_id).tenant_id(tenant);
        let handles = sessions.get_all_session_handles_for_user(of).await.expect("a list");
        assert_eq!(handles.len(), count, "{tenant}");
    }
    for (tenant, count) in [(BLOG, 0), (ACME, 1)] {
        let of = RevokeAllSessionsForUserInput::new(&user_id).tenant_id(tenant);
        let ended = sessions.revoke_all_sessions_for_user(of).await.expect("done");
        assert_eq!(ended.len(), count, "{tenant}");
    }
    let reply = acme.send(&world.app, Req::get("/session-check-db")).await;
    reply.expect_message(401, "unauthorised");
    assert_eq!(blog.send(&world.app, Req::get("/session-check-db")).await.status, 200);
}

async fn a_reset_link_is_good_in_its_tenant_only(harness: Harness) {
    let mut world = World::start(&harness).await;
    world.sign_up(ACME, PASSWORD).await;
    world.sign_up(BLOG, OTHER).await;
    let asked = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    world.post(ACME, "/user/password/reset/token", &asked).await;
    let token = world.token(ACME).await;
    let new = "third word 3";
    let reset = json!({ "formFields": [{ "id": "password", "value": new }], "token": token });
    for tenant in [BLOG, "public"] {
        world
            .post(tenant, "/user/password/reset", &reset)
            .await
            .expect(200, &json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
    }
    let reply = world.post(ACME, "/user/password/reset", &reset).await;
    reply.expect(200, &json!({ "status": "OK" }));
    assert_eq!(world.status_of_sign_in(ACME, new).await, "OK");
    assert_eq!(world.status_of_sign_in(BLOG, OTHER).await, "OK");
    assert_eq!(world.status_of_sign_in(BLOG, new).await, "WRONG_CREDENTIALS_ERROR");
}

async fn a_link_that_verifies_is_good_in_its_tenant_only(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (mut acme, _) = world.sign_up(ACME, PASSWORD).await;
    // The session's tenant counts, not the path's.
    let ask = Req::post("/auth/blog/user/email/verify/token");
    acme.send(&world.app, ask).await.expect(200, &json!({ "status": "OK" }));
    let token = json!({ "token": world.token(ACME).await });
    for tenant in [BLOG, "public"] {
        world
            .post(tenant, "/user/email/verify", &token)
            .await
            .expect(200, &json!({ "status": "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR" }));
    }
    let reply = world.post(ACME, "/user/email/verify", &token).await;
    reply.expect(200, &json!({ "status": "OK" }));
}

async fn a_device_s_codes_are_good_in_its_tenant_only(harness: Harness) {
    let mut world = World::start(&harness).await;
    let asked = world.post(ACME, "/signinup/code", &json!({ "email": EMAIL })).await.json();
    assert_eq!(asked["status"], "OK", "{asked}");
    let link = world.link().await;
    let (page, code) = link.split_once('#').expect("a code");
    assert!(page.ends_with("&tenantId=acme"), "{link}");
    let id = &asked["preAuthSessionId"];
    let consume = json!({ "preAuthSessionId": id, "linkCode": code });
    let resend = json!({ "preAuthSessionId": id, "deviceId": asked["deviceId"] });
    for tenant in [BLOG, "public"] {
        for (path, body) in
            [("/signinup/code/consume", &consume), ("/signinup/code/resend", &resend)]
        {
            let reply = world.post(tenant, path, body).await;
            reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
        }
    }
    let reply = world.post(ACME, "/signinup/code/consume", &consume).await;
    assert_eq!(reply.json()["user"]["tenantIds"], json!([ACME]), "{reply:?}");
    assert_eq!(world.app.auth.get_user_count(GetUserCountInput::new()).await.expect("a count"), 1);
}

async fn what_is_guessed_in_a_tenant_is_counted_there(harness: Harness) {
    let world = World::start(&harness).await;
    world.sign_up(ACME, PASSWORD).await;
    world.sign_up(BLOG, OTHER).await;
    for _ in 0..10 {
        assert_eq!(world.status_of_sign_in(ACME, "wrong 1").await, "WRONG_CREDENTIALS_ERROR");
    }
    assert_eq!(world.post(ACME, "/signin", &form(EMAIL, PASSWORD)).await.status, 429);
    assert_eq!(world.status_of_sign_in(BLOG, OTHER).await, "OK");
    // In other letters it is the same tenant.
    assert_eq!(world.post("ACME", "/signin", &form(EMAIL, PASSWORD)).await.status, 429);
}

async fn roles_are_given_in_a_tenant(harness: Harness) {
    let world = World::start(&harness).await;
    let (_, user) = world.sign_up(ACME, PASSWORD).await;
    let roles = world.app.auth.userroles().expect("in the list");
    let role = CreateNewRoleOrAddPermissionsInput::new("admin");
    roles.create_new_role_or_add_permissions(role).await.expect("done");
    let give = AddRoleToUserInput::new(id_of(&user), "admin").tenant_id(BLOG);
    roles.add_role_to_user(give).await.expect("done");
    let role_of = async || {
        let mut front_end = world.app.front_end(Mode::Header);
        let request = Req::post("/auth/acme/signin").json(&form(EMAIL, PASSWORD));
        front_end.send(&world.app, request).await;
        front_end.payload()["st-role"]["v"].clone()
    };
    assert_eq!(role_of().await, json!([]), "the role is another tenant's");
    let give = AddRoleToUserInput::new(id_of(&user), "admin").tenant_id(ACME);
    roles.add_role_to_user(give).await.expect("done");
    assert_eq!(role_of().await, json!(["admin"]));
    let of_public = GetUsersThatHaveRoleInput::new("admin");
    let users = format!("{:?}", roles.get_users_that_have_role(of_public).await.expect("a list"));
    assert!(!users.contains(user["id"].as_str().expect("an id")), "{users}");
}

/// Makes another app of the core, and starts an application on it.
async fn second_app(harness: &Harness, app: &App) -> World {
    let create = CreateOrUpdateApp { app_id: Some("shop".into()), ..Default::default() };
    app.auth.core().call(&TenantId::default(), create).await.expect("a good app");
    let (setup, mails) = setup();
    World { app: harness.start_beside(app, setup.app_id("Shop")).await, mails }
}

async fn an_app_shares_nothing_with_another(harness: Harness) {
    let mut world = World::start(&harness).await;
    let mut shop = second_app(&harness, &world.app).await;
    let (mut here, _) = world.sign_up("public", PASSWORD).await;
    assert_eq!(shop.status_of_sign_in("public", PASSWORD).await, "WRONG_CREDENTIALS_ERROR");
    let (mut there, _) = shop.sign_up("public", OTHER).await;
    for world in [&world, &shop] {
        let count = world.app.auth.get_user_count(GetUserCountInput::new()).await;
        assert_eq!(count.expect("a count"), 1);
    }
    // Each signs with its own keys.
    let keys = async |app: &App| app.send(Req::get("/auth/jwt/jwks.json")).await.json();
    assert_ne!(keys(&world.app).await, keys(&shop.app).await);
    for (app, front_end) in [(&shop.app, &here), (&world.app, &there)] {
        let reply = app.send(front_end.with_tokens(Req::get("/sessioninfo"))).await;
        reply.expect_message(401, "try refresh token");
        let refresh = front_end.with_tokens(Req::post("/auth/session/refresh"));
        app.send(refresh).await.expect_message(401, "unauthorised");
    }
    for (app, front_end) in [(&world.app, &mut here), (&shop.app, &mut there)] {
        front_end.refresh(app).await.expect(200, &json!({}));
        assert_eq!(front_end.send(app, Req::get("/session-check-db")).await.status, 200);
    }
    // Nor are tokens, codes and budgets shared.
    let asked = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    world.post("public", "/user/password/reset/token", &asked).await;
    let token = world.token("public").await;
    let reset = json!({ "formFields": [{ "id": "password", "value": OTHER }], "token": token });
    shop.post("public", "/user/password/reset", &reset)
        .await
        .expect(200, &json!({ "status": "RESET_PASSWORD_INVALID_TOKEN_ERROR" }));
    let device = shop.post("public", "/signinup/code", &json!({ "email": EMAIL })).await.json();
    let link = shop.link().await;
    let (_, code) = link.split_once('#').expect("a code");
    let consume = json!({ "preAuthSessionId": device["preAuthSessionId"], "linkCode": code });
    let reply = world.post("public", "/signinup/code/consume", &consume).await;
    reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    for _ in 0..10 {
        world.status_of_sign_in("public", "wrong 1").await;
    }
    assert_eq!(world.post("public", "/signin", &form(EMAIL, PASSWORD)).await.status, 429);
    assert_eq!(shop.status_of_sign_in("public", OTHER).await, "OK");
}

async fn tenants_of_one_name_in_two_apps_are_two(harness: Harness) {
    let world = World::start(&harness).await;
    let shop = second_app(&harness, &world.app).await;
    let reply = shop.app.send(Req::get("/auth/acme/loginmethods")).await;
    reply.expect_message(400, "Tenant not found");
    open(&shop.app, [ACME]).await;
    let first = async |world: &World| {
        world.app.send(Req::get("/auth/acme/loginmethods")).await.json()["firstFactors"].clone()
    };
    assert_eq!(first(&shop).await, json!(["emailpassword"]));
    assert_eq!(first(&world).await, json!(["emailpassword", "otp-email", "link-email"]));
    let names = async |world: &World| {
        let tenants = world.app.auth.multitenancy().expect("there").list_all_tenants().await;
        let tenants = tenants.expect("a list");
        tenants.iter().map(|it| it.tenant_id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&world).await, [ACME, BLOG, "public"]);
    assert_eq!(names(&shop).await, [ACME, "public"]);
    world.sign_up(ACME, PASSWORD).await;
    assert_eq!(shop.status_of_sign_in(ACME, PASSWORD).await, "WRONG_CREDENTIALS_ERROR");
}
