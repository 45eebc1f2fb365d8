//! Tenants: each with its own ways to sign in.

use auth_core::{
    AppInfo, AuthBuilder, Context, Result,
    protocol::TenantId,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        multitenancy::{
            ALLOWED_DOMAINS_CLAIM, CreateOrUpdateTenantInput, DeleteTenantInput, GetTenantIdInput,
            LoginMethods, LoginMethodsGetInput, MultitenancyApi, MultitenancyApis,
            MultitenancyApisOverride, MultitenancyFunctions, MultitenancyOverride,
            MultitenancyRecipe,
        },
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::{GetSessionWithoutRequestResponseInput, SessionOptions},
        totp::TotpRecipe,
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, sign_up},
};
use crate::{
    App, Harness, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.8-1" => the_ways_to_sign_in_are_the_tenant_s_or_else_the_application_s,
    "fdi-1.8-1" => a_tenant_that_was_just_made_has_no_way_to_sign_in,
    "fdi-1.8-1" => the_ways_to_sign_in_can_be_overridden_and_switched_off,
    "fdi-1.8-tenant" => a_tenant_that_is_not_there_is_bad_input_on_every_route,
    "fdi-1.8-tenant" => a_tenant_s_name_counts_in_any_case,
    "fdi-1.8-tenant" => the_application_may_find_the_tenant_in_the_domain,
    "fdi-6.2" => a_sign_in_starts_with_what_its_tenant_permits,
    "fdi-6.4" => what_must_follow_is_what_is_set_for_the_tenant,
    "fdi-1.8-domains" => a_session_carries_its_tenant_s_domains,
}

/// Makes a tenant, or changes it.
pub(super) async fn set(app: &App, tenant: CreateOrUpdateTenantInput) -> bool {
    let functions = app.auth.multitenancy().expect("always there");
    functions.create_or_update_tenant(tenant).await.expect("a good tenant")
}

/// Makes tenants whose users sign in by password.
pub(super) async fn open<const N: usize>(app: &App, names: [&str; N]) {
    for name in names {
        let tenant = CreateOrUpdateTenantInput::new(name);
        set(app, tenant.first_factors([FactorId::EMAIL_PASSWORD])).await;
    }
}

/// Passwords, and codes or links by mail.
fn with_passwords_and_codes(more: impl FnOnce(AuthBuilder) -> AuthBuilder + 'static) -> Setup {
    Setup::new().recipes(|builder: AuthBuilder| {
        let flow = FlowType::UserInputCodeAndMagicLink;
        more(builder)
            .recipe(EmailPasswordRecipe::new())
            .recipe(PasswordlessRecipe::new(ContactMethod::Email, flow))
    })
}

fn login_methods<const N: usize>(first: [&str; N]) -> Value {
    let has = |id: &str| first.contains(&id);
    let codes = first.iter().any(|id| id.starts_with("otp-") || id.starts_with("link-"));
    json!({
        "status": "OK",
        "emailPassword": { "enabled": has("emailpassword") },
        "thirdParty": { "enabled": has("thirdparty"), "providers": [] },
        "webauthn": { "enabled": has("webauthn") },
        "passwordless": { "enabled": codes },
        "firstFactors": Vec::from(first),
    })
}

async fn the_ways_to_sign_in_are_the_tenant_s_or_else_the_application_s(harness: Harness) {
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    let all = ["emailpassword", "otp-email", "link-email"];
    let asked = Req::get("/auth/loginmethods");
    let reply = app.send(asked.clone()).await;
    reply.expect(200, &login_methods(all));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    reply.expect_tokens_untouched();
    app.send(Req::get("/auth/public/loginmethods?clientType=web"))
        .await
        .expect(200, &login_methods(all));
    // What no recipe offers is left out, but for the application's own.
    let named = [
        FactorId::LINK_EMAIL,
        FactorId::WEBAUTHN,
        FactorId::THIRD_PARTY,
        FactorId::TOTP,
        FactorId::new("hardware-key"),
    ];
    set(&app, CreateOrUpdateTenantInput::new("acme").first_factors(named)).await;
    app.send(Req::get("/auth/acme/loginmethods"))
        .await
        .expect(200, &login_methods(["link-email", "hardware-key"]));
    app.send(asked.clone()).await.expect(200, &login_methods(all));
    // The tenant `public` may be restricted as well, and be left to the application again.
    let public = || CreateOrUpdateTenantInput::new("public");
    set(&app, public().first_factors([FactorId::OTP_EMAIL])).await;
    app.send(asked.clone()).await.expect(200, &login_methods(["otp-email"]));
    set(&app, public().first_factors_of_application()).await;
    app.send(asked).await.expect(200, &login_methods(all));

    // What the application says stands behind what is set, and before what is offered.
    let app = harness
        .start(with_passwords_and_codes(|builder| {
            builder.recipe(
                MultiFactorAuthRecipe::new()
                    .first_factors([FactorId::EMAIL_PASSWORD, FactorId::OTP_EMAIL]),
            )
        }))
        .await;
    let of_application = login_methods(["emailpassword", "otp-email"]);
    app.send(Req::get("/auth/loginmethods")).await.expect(200, &of_application);
    set(&app, CreateOrUpdateTenantInput::new("acme").first_factors_of_application()).await;
    app.send(Req::get("/auth/acme/loginmethods")).await.expect(200, &of_application);
    open(&app, ["acme"]).await;
    app.send(Req::get("/auth/acme/loginmethods"))
        .await
        .expect(200, &login_methods(["emailpassword"]));
}

async fn a_tenant_that_was_just_made_has_no_way_to_sign_in(harness: Harness) {
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    assert!(set(&app, CreateOrUpdateTenantInput::new("acme")).await, "it is new");
    assert!(!set(&app, CreateOrUpdateTenantInput::new("acme")).await, "it was there");
    app.send(Req::get("/auth/acme/loginmethods")).await.expect(200, &login_methods([]));
    let reply = app.send(Req::post("/auth/acme/signup").json(&form(EMAIL, PASSWORD))).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
    let code = json!({ "email": EMAIL });
    let reply = app.send(Req::post("/auth/acme/signinup/code").json(&code)).await;
    reply.expect(401, &json!({ "message": "unauthorised" }));
    // Of one whose ways to sign in are gone it doesn't tell who has an account there.
    let acme = |factors: Vec<FactorId>| {
        set(&app, CreateOrUpdateTenantInput::new("acme").first_factors(factors))
    };
    acme(vec![FactorId::EMAIL_PASSWORD]).await;
    let reply = app.send(Req::post("/auth/acme/signup").json(&form(EMAIL, PASSWORD))).await;
    assert_eq!(reply.json()["status"], "OK");
    acme(Vec::new()).await;
    for email in [EMAIL, "nobody@example.com"] {
        let reply = app.send(Req::post("/auth/acme/signin").json(&form(email, PASSWORD))).await;
        reply.expect(401, &json!({ "message": "unauthorised" }));
    }
}

/// Shows passwords alone, to whoever asks.
struct Overridden;

impl MultitenancyApisOverride for Overridden {
    async fn login_methods_get(
        &self,
        original: &MultitenancyApis,
        cx: &Context,
        input: LoginMethodsGetInput,
    ) -> Result<LoginMethods> {
        let client_type = input.client_type.clone();
        let mut methods = original.login_methods_get(cx, input).await?;
        methods.first_factors.retain(|id| *id == FactorId::EMAIL_PASSWORD);
        methods.first_factors.extend(client_type.map(FactorId::from));
        Ok(methods)
    }
}

async fn the_ways_to_sign_in_can_be_overridden_and_switched_off(harness: Harness) {
    let app = harness
        .start(with_passwords_and_codes(|builder| {
            builder.recipe(MultitenancyRecipe::new().override_apis(Overridden))
        }))
        .await;
    app.send(Req::get("/auth/loginmethods")).await.expect(200, &login_methods(["emailpassword"]));
    app.send(Req::get("/auth/loginmethods?clientType=web"))
        .await
        .expect(200, &login_methods(["emailpassword", "web"]));
    let off = || MultitenancyRecipe::new().disable_api(MultitenancyApi::LoginMethodsGet);
    let app = harness.start(with_passwords_and_codes(move |builder| builder.recipe(off()))).await;
    assert_eq!(app.send(Req::get("/auth/loginmethods")).await.status, 404);
}

/// Requests that are good but for their tenant.
fn requests(tenant: &str) -> Vec<Req> {
    let path = |path: &str| format!("/auth/{tenant}{path}");
    let post = |it: &str, body: Value| Req::post(&path(it)).json(&body);
    let email = json!({ "formFields": [{ "id": "email", "value": EMAIL }] });
    let reset = json!({
        "formFields": [{ "id": "password", "value": PASSWORD }], "token": "x", "method": "token",
    });
    let device = json!({ "deviceId": "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=", "preAuthSessionId": "x" });
    let link = json!({ "linkCode": "x", "preAuthSessionId": "x" });
    vec![
        Req::get(&path("/loginmethods")),
        post("/signup", form(EMAIL, PASSWORD)),
        post("/signin", form(EMAIL, PASSWORD)),
        post("/user/password/reset/token", email),
        post("/user/password/reset", reset),
        Req::get(&path("/emailpassword/email/exists?email=a%40example.com")),
        Req::get(&path("/signup/email/exists?email=a%40example.com")),
        post("/signinup/code", json!({ "email": EMAIL })),
        post("/signinup/code/resend", device),
        post("/signinup/code/consume", link),
        Req::get(&path("/passwordless/email/exists?email=a%40example.com")),
        Req::get(&path("/passwordless/phonenumber/exists?phoneNumber=%2B491701234567")),
    ]
}

async fn a_tenant_that_is_not_there_is_bad_input_on_every_route(harness: Harness) {
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    let longest = "x".repeat(65);
    // The last ones would mean something else in a core's path.
    let odd = [&*longest, "-", "recipe", "users", "config", "hello", "appid-public", "APPID-shop"];
    for tenant in ["nowhere"].into_iter().chain(odd) {
        for request in requests(tenant) {
            let place = format!("{} {}", request.method, request.target);
            let reply = app.send(request).await;
            assert_eq!(reply.status, 400, "{place}: {reply:?}");
            assert_eq!(reply.json(), json!({ "message": "Tenant not found" }), "{place}");
            reply.expect_tokens_untouched();
        }
    }
    app.send(Req::get("/auth/nowhere/loginmethods")).await.expect_message(400, "Tenant not found");
    // Once it is there it is no longer bad, and once it is gone it is again.
    open(&app, ["nowhere"]).await;
    for request in requests("nowhere") {
        let place = format!("{} {}", request.method, request.target);
        let reply = app.send(request).await;
        assert_ne!(reply.status, 400, "{place}: {reply:?}");
    }
    let functions = app.auth.multitenancy().expect("always there");
    for is_there in [true, false] {
        let gone = functions.delete_tenant(DeleteTenantInput::new("nowhere")).await;
        assert_eq!(gone.expect("it may go"), is_there);
    }
    for request in requests("nowhere") {
        app.send(request).await.expect_message(400, "Tenant not found");
    }
}

async fn a_tenant_s_name_counts_in_any_case(harness: Harness) {
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    open(&app, ["Acme-2"]).await;
    let (front_end, reply) = sign_up(&app, Mode::Header, "/auth/ACME-2/signup").await;
    assert_eq!(front_end.payload()["tId"], "acme-2");
    assert_eq!(reply.json()["user"]["tenantIds"], json!(["acme-2"]));
    for tenant in ["acme-2", "aCME-2"] {
        let request = Req::post(&format!("/auth/{tenant}/signin")).json(&form(EMAIL, PASSWORD));
        assert_eq!(app.send(request).await.json()["status"], "OK", "{tenant}");
    }
}

/// The tenant is the first part of the API's domain.
struct ByDomain;

impl MultitenancyOverride for ByDomain {
    async fn get_tenant_id(
        &self,
        original: &MultitenancyFunctions,
        cx: &Context,
        input: GetTenantIdInput,
    ) -> Result<TenantId> {
        let host = cx.request().and_then(|request| request.header("x-forwarded-host"));
        match host.and_then(|host| host.strip_suffix(".api.example.com")) {
            Some(tenant) => Ok(TenantId::new(tenant)),
            None => original.get_tenant_id(cx, input).await,
        }
    }
}

async fn the_application_may_find_the_tenant_in_the_domain(harness: Harness) {
    let by_domain = || MultitenancyRecipe::new().override_functions(ByDomain);
    let setup = with_passwords_and_codes(move |builder| builder.recipe(by_domain()));
    let info = AppInfo::new("Conformance", "https://api.example.com", "https://www.example.com");
    let app = harness.start(setup.app_info(info)).await;
    open(&app, ["acme"]).await;
    let sign_up = |path: &str| Req::post(path).json(&form(EMAIL, PASSWORD));
    for (request, host, tenant) in [
        (sign_up("/auth/signup"), "acme.api.example.com", "acme"),
        (sign_up("/auth/signin"), "ACME.api.example.com", "acme"),
        // The domain counts, not the path.
        (sign_up("/auth/public/signin"), "acme.api.example.com", "acme"),
        (sign_up("/auth/signup"), "api.example.com", "public"),
    ] {
        let mut front_end = app.front_end(Mode::Header);
        let reply = front_end.send(&app, request.header("x-forwarded-host", host)).await;
        assert_eq!(reply.json()["status"], "OK", "{host}: {reply:?}");
        assert_eq!(front_end.payload()["tId"], tenant, "{host}");
    }
    // Whatever the domain is, it is no way into another operation of a core.
    for host in ["..", "appid-x", "a/b", "", "recipe", "b%20c", "nowhere"] {
        let request = Req::get("/auth/loginmethods");
        let host = format!("{host}.api.example.com");
        let reply = app.send(request.header("x-forwarded-host", host)).await;
        reply.expect_message(400, "Tenant not found");
    }
}

async fn a_sign_in_starts_with_what_its_tenant_permits(harness: Harness) {
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    open(&app, ["acme"]).await;
    let codes = CreateOrUpdateTenantInput::new("codes").first_factors([FactorId::OTP_EMAIL]);
    set(&app, codes).await;
    let by_password =
        |tenant: &str| Req::post(&format!("/auth/{tenant}/signup")).json(&form(EMAIL, PASSWORD));
    let by_code = |tenant: &str| {
        Req::post(&format!("/auth/{tenant}/signinup/code")).json(&json!({ "email": EMAIL }))
    };
    let refused = |reply: &Reply| reply.expect(401, &json!({ "message": "unauthorised" }));
    assert_eq!(app.send(by_password("acme")).await.json()["status"], "OK");
    refused(&app.send(by_code("acme")).await);
    refused(&app.send(by_password("codes")).await);
    // Of the two forms the permitted one.
    assert_eq!(app.send(by_code("codes")).await.json()["flowType"], "USER_INPUT_CODE");
    assert_eq!(
        app.send(by_code("public")).await.json()["flowType"],
        "USER_INPUT_CODE_AND_MAGIC_LINK"
    );
    // What changes meanwhile counts at once.
    let both = [FactorId::EMAIL_PASSWORD, FactorId::LINK_EMAIL];
    set(&app, CreateOrUpdateTenantInput::new("acme").first_factors(both)).await;
    assert_eq!(app.send(by_code("acme")).await.json()["flowType"], "MAGIC_LINK");
}

async fn what_must_follow_is_what_is_set_for_the_tenant(harness: Harness) {
    let app = harness
        .start(Setup::new().recipes(|builder: AuthBuilder| {
            builder
                .recipe(EmailPasswordRecipe::new())
                .recipe(MultiFactorAuthRecipe::new())
                .recipe(TotpRecipe::new())
        }))
        .await;
    open(&app, ["strict", "free"]).await;
    let required = CreateOrUpdateTenantInput::new("strict");
    set(&app, required.required_secondary_factors([FactorId::TOTP])).await;
    let mut front_ends: Vec<FrontEnd> = Vec::new();
    for (tenant, next) in [("strict", json!(["totp"])), ("free", json!([])), ("public", json!([]))]
    {
        let path = format!("/auth/{tenant}/signup");
        let (mut front_end, _) = sign_up(&app, Mode::Header, &path).await;
        let is_satisfied = next == json!([]);
        assert_eq!(front_end.payload()["st-mfa"]["v"], is_satisfied, "{tenant}");
        let info = front_end.send(&app, Req::new("PUT", "/auth/mfa/info")).await;
        assert_eq!(info.json()["factors"]["next"], next, "{tenant}: {info:?}");
        let status = if is_satisfied { 200 } else { 403 };
        assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, status);
        front_ends.push(front_end);
    }
    // A requirement that is taken back is asked about no more from the next refresh on.
    let free = CreateOrUpdateTenantInput::new("strict").required_secondary_factors_of_application();
    set(&app, free).await;
    let front_end = &mut front_ends[0];
    assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 403);
    front_end.refresh(&app).await.expect(200, &json!({}));
    assert_eq!(front_end.send(&app, Req::get("/sessioninfo")).await.status, 200);
}

async fn a_session_carries_its_tenant_s_domains(harness: Harness) {
    let recipe = || {
        MultitenancyRecipe::new().get_allowed_domains_for_tenant_id(|_, tenant_id| async move {
            Ok(match tenant_id.is_public() {
                true => vec!["example.com".to_owned()],
                false => vec![format!("{tenant_id}.example.com"), "example.com".to_owned()],
            })
        })
    };
    let app =
        harness.start(with_passwords_and_codes(move |builder| builder.recipe(recipe()))).await;
    open(&app, ["acme"]).await;
    let domain = "acme.example.com".to_owned();
    for (tenant, domains) in
        [("public", json!(["example.com"])), ("acme", json!(["acme.example.com", "example.com"]))]
    {
        let path = format!("/auth/{tenant}/signup");
        let (front_end, _) = sign_up(&app, Mode::Header, &path).await;
        assert_eq!(front_end.payload()["st-t-dmns"]["v"], domains);
        let validator = ALLOWED_DOMAINS_CLAIM.validators().includes(&domain, None);
        assert_eq!(validator.id(), "st-t-dmns");
        let options = SessionOptions::new().claims([validator]);
        let token = front_end.access_token();
        let input = GetSessionWithoutRequestResponseInput::new(token).options(options);
        let sessions = app.auth.session().expect("in the list");
        let checked = sessions.get_session_without_request_response(input).await;
        assert_eq!(checked.is_ok(), tenant == "acme", "{tenant}");
    }
    // Without the setting no session has the claim.
    let app = harness.start(with_passwords_and_codes(|builder| builder)).await;
    let (front_end, _) = sign_up(&app, Mode::Header, "/auth/signup").await;
    assert_eq!(front_end.payload().get("st-t-dmns"), None);
}
