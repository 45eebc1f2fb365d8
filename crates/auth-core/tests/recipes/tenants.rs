//! Tenants and apps, where no request tells.

use auth_core::{
    Auth, BuildError, Context, Result,
    factors::FactorId,
    protocol::{
        TenantId,
        multitenancy::{CreateOrUpdateApp, TenantConfig},
    },
    recipes::{
        emailpassword::{CreateResetPasswordTokenInput, EmailPasswordRecipe, PasswordResetEmail},
        multitenancy::{
            CreateOrUpdateTenantInput, GetTenantInput, MultitenancyFunctions, MultitenancyOverride,
            MultitenancyRecipe,
        },
        session::SessionRecipe,
    },
};
use auth_engine::Engine;

use crate::harness::{App, EMAIL, Mailbox, PASSWORD, builder, cheap_engine, form};

fn on(engine: &Engine, app_id: &str) -> auth_core::AuthBuilder {
    let info = auth_core::AppInfo::new("App", "https://api.example.com", "https://example.com");
    Auth::builder(info).core(engine.clone()).app_id(app_id).recipe(SessionRecipe::new())
}

#[tokio::test]
async fn an_app_that_is_not_there_is_a_mistake_at_the_start() {
    let engine = cheap_engine().await;
    for (app_id, problem) in [
        ("shop", "the core has no app `shop`"),
        ("", "can't be the id of an app"),
        ("a/b", "can't be the id of an app"),
        ("appid-shop", "can't be the id of an app"),
    ] {
        let error = on(&engine, app_id).build().await.unwrap_err();
        let BuildError::Config(error) = error else { panic!("{error}") };
        assert_eq!(error.field(), "app_id");
        assert!(error.to_string().contains(problem), "{error}");
    }
    let first = on(&engine, "public").build().await.unwrap();
    let shop = CreateOrUpdateApp { app_id: Some("shop".into()), ..Default::default() };
    first.core().call(&TenantId::default(), shop).await.unwrap();
    on(&engine, "Shop").build().await.unwrap();
}

/// Keeps tenants elsewhere than in the core.
struct Elsewhere;

impl MultitenancyOverride for Elsewhere {
    async fn get_tenant(
        &self,
        original: &MultitenancyFunctions,
        cx: &Context,
        input: GetTenantInput,
    ) -> Result<Option<TenantConfig>> {
        let found = original.get_tenant(cx, input).await?;
        let first_factors = Some(vec!["hardware-key".to_owned()]);
        Ok(found.map(|tenant| TenantConfig { first_factors, ..tenant }))
    }
}

#[tokio::test]
async fn what_is_known_of_a_tenant_is_known_through_the_override() {
    let recipe = MultitenancyRecipe::new().override_functions(Elsewhere);
    let auth = builder().recipe(EmailPasswordRecipe::new()).recipe(recipe).build().await.unwrap();
    let first = auth.get_available_first_factors(&TenantId::default()).await.unwrap();
    assert_eq!(first, [FactorId::new("hardware-key")]);
    let answer = App(auth).post("/auth/signup", &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.0.status, 401);
}

#[tokio::test]
async fn what_can_not_be_is_the_caller_s_mistake_and_changes_nothing() {
    let app = App::new().await;
    let tenants = app.0.multitenancy().unwrap();
    for wrong in [
        CreateOrUpdateTenantInput::new(""),
        CreateOrUpdateTenantInput::new("a_b"),
        CreateOrUpdateTenantInput::new("recipe"),
        CreateOrUpdateTenantInput::new("appid-x"),
        CreateOrUpdateTenantInput::new("x".repeat(65)),
        CreateOrUpdateTenantInput::new("acme").first_factors([FactorId::new("a b")]),
        CreateOrUpdateTenantInput::new("acme")
            .first_factors([FactorId::EMAIL_PASSWORD, FactorId::EMAIL_PASSWORD]),
        CreateOrUpdateTenantInput::new("acme").core_setting("nothing_of_that_name", 1),
    ] {
        let shown = format!("{wrong:?}");
        let error = tenants.create_or_update_tenant(wrong).await.expect_err(&shown);
        assert_eq!(error.status(), 400, "{shown}: {error}");
    }
    let names: Vec<TenantId> =
        tenants.list_all_tenants().await.unwrap().into_iter().map(|it| it.tenant_id).collect();
    assert_eq!(names, ["public"]);
    assert!(tenants.get_tenant("acme").await.unwrap().is_none());
    assert!(tenants.get_tenant("a_b").await.unwrap().is_none());
    let secret =
        CreateOrUpdateTenantInput::new("acme").core_setting("postgresql_password", "s3cret");
    assert!(!format!("{secret:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_mail_tells_the_lifetime_that_its_tenant_has() {
    let (mailbox, mut mails) = Mailbox::new();
    let app = App::with(EmailPasswordRecipe::new().email_delivery(mailbox)).await;
    let tenants = app.0.multitenancy().unwrap();
    for (tenant, lifetime_ms) in
        [("acme", Some(600_000)), ("blog", None), ("public", Some(1_800_000))]
    {
        let mut input = CreateOrUpdateTenantInput::new(tenant);
        if tenant != "public" {
            input = input.first_factors([FactorId::EMAIL_PASSWORD]);
        }
        if let Some(lifetime_ms) = lifetime_ms {
            input = input.core_setting("password_reset_token_lifetime", lifetime_ms);
        }
        let set = tenants.create_or_update_tenant(input).await;
        // The tenant `public` of the app `public` has the settings of the engine.
        assert_eq!(set.is_ok(), tenant != "public", "{set:?}");
    }
    for (tenant, minutes) in [("acme", 10), ("blog", 60), ("public", 60)] {
        let path = format!("/auth/{tenant}/signup");
        let answer = app.post(&path, &form(EMAIL, PASSWORD)).await.json();
        let id = answer["user"]["id"].as_str().unwrap();
        let input = CreateResetPasswordTokenInput::new(id, EMAIL).tenant_id(tenant);
        let functions = app.0.emailpassword().unwrap();
        assert!(functions.send_reset_password_email(input).await.unwrap());
        let mail = mails.recv().await.unwrap();
        let link = mail.link().unwrap().expose_secret().to_owned();
        assert!(link.ends_with(&format!("&tenantId={tenant}")), "{link}");
        let mail = mail.get::<PasswordResetEmail>().unwrap();
        assert_eq!(mail.link_lifetime.as_secs() / 60, minutes, "{tenant}");
    }
}
