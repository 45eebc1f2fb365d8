//! Third parties, as far as no front end sees it: settings, overrides, tenants, functions, the log.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[allow(dead_code)] // a part of it is used here
#[path = "recipes/harness.rs"]
mod harness;
#[path = "shared/log.rs"]
mod log_of_test;

use std::time::Duration;

use async_trait::async_trait;
use auth_core::{
    ConfigError, Context, Recipe, RecipeConfig, Result, Setup,
    protocol::TenantId,
    recipes::thirdparty::{
        AuthorizationUrl, ClientConfig, Email, ExchangeAuthCodeForOAuthTokensInput,
        GetAuthorisationRedirectUrlInput, GetConfigForClientTypeInput, GetProviderInput,
        GetUserInfoInput, Identity, ManuallyCreateOrUpdateUserInput,
        ManuallyCreateOrUpdateUserOutcome, Provider, ProviderConfig, ProviderFunctions,
        ProviderInput, ProviderOverride, SignInUpInput, SignInUpOutcome, ThirdPartyApi,
        ThirdPartyFunctions, ThirdPartyOverride, ThirdPartyRecipe, Tokens,
    },
};
use harness::{App, builder};
use http::{Method, StatusCode};
use log_of_test::Log;
use serde_json::{Value, json};

const CODE: &str = "code-that-nobody-may-see";
const SECRET: &str = "secret-that-nobody-may-see";
const VERIFIER: &str = "verifier-that-nobody-may-see";

/// A provider by its endpoints, at a port where nothing listens.
fn config(id: &str) -> ProviderConfig {
    let at = |path: &str| format!("http://127.0.0.1:1/{path}");
    ProviderConfig::new(id)
        .endpoints(at("authorize"), at("token"), at("user"))
        .client(ClientConfig::new("shop").client_secret(SECRET).force_pkce())
}

async fn app(recipe: ThirdPartyRecipe) -> App {
    let recipe = recipe.allow_private_network_hosts(["127.0.0.1:1"]);
    App(builder().recipe(recipe).build().await.expect("a valid configuration"))
}

fn sign_in(third_party_id: &str) -> Value {
    let info = json!({
        "redirectURIOnProviderDashboard": "https://example.com/auth/callback/own",
        "redirectURIQueryParams": { "code": CODE },
        "pkceCodeVerifier": VERIFIER,
    });
    json!({ "thirdPartyId": third_party_id, "redirectURIInfo": info })
}

#[tokio::test]
async fn a_mistake_in_the_settings_names_its_field() {
    let new = ThirdPartyRecipe::new;
    let client = || ClientConfig::new("shop");
    for (recipe, field) in [
        (new().provider(config("a")).provider(config("a")), "thirdparty.thirdPartyId"),
        (new().provider(config("a-provider-with-a-long-name-1")), "thirdparty.thirdPartyId"),
        (new().provider(ProviderConfig::new("a")), "thirdparty.a.clients"),
        (
            new().provider(ProviderConfig::new("a").client(client())),
            "thirdparty.a.authorizationEndpoint",
        ),
        (
            new().provider(ProviderConfig::new("okta").client(client())),
            "thirdparty.okta.clients[0].additionalConfig.oktaDomain",
        ),
        (
            new().provider(
                config("a")
                    .require_email(false)
                    .generate_fake_email(|id| format!("{id}@a.example")),
            ),
            "thirdparty.a.generateFakeEmail",
        ),
        (new().timeout(Duration::ZERO), "thirdparty.timeout"),
        (new().allow_private_network_hosts(["a b"]), "thirdparty.allow_private_network_hosts"),
    ] {
        let Err(error) = builder().recipe(recipe).build().await else { panic!("{field}") };
        let error = error.to_string();
        assert!(error.contains(&format!("`{field}`")), "{error}");
    }
}

/// Asks nobody: every step is the application's own.
struct Own;

impl ProviderOverride for Own {
    async fn get_authorisation_redirect_url(
        &self,
        _original: &ProviderFunctions,
        _cx: &Context,
        input: GetAuthorisationRedirectUrlInput,
    ) -> Result<AuthorizationUrl> {
        let back = input.redirect_uri_on_provider_dashboard;
        Ok(AuthorizationUrl::new(format!("https://own.example/?back={back}"), None))
    }

    async fn exchange_auth_code_for_oauth_tokens(
        &self,
        _original: &ProviderFunctions,
        _cx: &Context,
        input: ExchangeAuthCodeForOAuthTokensInput,
    ) -> Result<Tokens> {
        let code = input.redirect_uri_info.params["code"].clone();
        let raw = json!({ "access_token": code }).as_object().cloned().unwrap();
        Ok(Tokens::from_provider(raw))
    }

    async fn get_user_info(
        &self,
        _original: &ProviderFunctions,
        _cx: &Context,
        input: GetUserInfoInput,
    ) -> Result<Identity> {
        assert_eq!(input.oauth_tokens.access_token(), Some(CODE));
        let email = Email::new("ada@example.com", true);
        Ok(Identity::new(input.provider.id(), "ada", input.oauth_tokens).email(email))
    }
}

#[tokio::test]
async fn routes_reach_the_overrides_of_their_provider() {
    let own = ProviderInput::new(config("own")).override_functions(Own);
    let app = app(ThirdPartyRecipe::new().provider(own).provider(config("other"))).await;
    let target = "/auth/authorisationurl?thirdPartyId=own&redirectURIOnProviderDashboard=x";
    let answer = app.send(Method::GET, target, &[], "").await.unwrap().json();
    assert_eq!(
        answer,
        json!({ "status": "OK", "urlWithQueryParams": "https://own.example/?back=x" })
    );
    let answer = app.post("/auth/signinup", &sign_in("own")).await.json();
    assert_eq!(answer["user"]["emails"], json!(["ada@example.com"]), "{answer}");
    // The other provider has none.
    let target = target.replace("=own", "=other");
    let answer = app.send(Method::GET, &target, &[], "").await.unwrap().json();
    let url = answer["urlWithQueryParams"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:1/authorize?client_id=shop&"), "{url}");
}

/// Asks for another page of the provider's.
struct Hint;

impl ProviderOverride for Hint {
    async fn get_config_for_client_type(
        &self,
        original: &ProviderFunctions,
        cx: &Context,
        input: GetConfigForClientTypeInput,
    ) -> Result<Provider> {
        let provider = original.get_config_for_client_type(cx, input).await?;
        let config = provider.config().clone().authorization_param("login_hint", Some("ada"));
        Ok(provider.with_config(&config)?)
    }
}

#[tokio::test]
async fn a_provider_s_settings_may_differ_between_requests() {
    let hinted = ProviderInput::new(config("own")).override_functions(Hint);
    let app = app(ThirdPartyRecipe::new().provider(hinted)).await;
    let provider = app.0.thirdparty().unwrap().get_provider("own").await.unwrap().unwrap();
    let there = provider.get_authorisation_redirect_url("https://example.com/x").await.unwrap();
    assert!(there.url.contains("&login_hint=ada"), "{}", there.url);
}

/// Lets one account sign in, and tells it that it didn't.
struct NotAda;

impl ThirdPartyOverride for NotAda {
    async fn sign_in_up(
        &self,
        original: &ThirdPartyFunctions,
        cx: &Context,
        input: SignInUpInput,
    ) -> Result<SignInUpOutcome> {
        if input.identity.third_party_user_id == "ada" {
            let outcome = original.sign_in_up(cx, input).await?;
            let SignInUpOutcome::Ok { identity, .. } = &outcome else { panic!("{outcome:?}") };
            assert_eq!(identity.tokens.access_token(), Some(CODE));
            return Err(auth_core::Error::general("ada may not"));
        }
        original.sign_in_up(cx, input).await
    }
}

#[tokio::test]
async fn functions_are_overridden_and_apis_are_switched_off() {
    let own = ProviderInput::new(config("own")).override_functions(Own);
    let recipe = ThirdPartyRecipe::new().provider(own).override_functions(NotAda);
    let app = app(recipe.disable_api(ThirdPartyApi::AppleRedirectHandlerPost)).await;
    let answer = app.post("/auth/signinup", &sign_in("own")).await.json();
    assert_eq!(answer, json!({ "status": "GENERAL_ERROR", "message": "ada may not" }));
    assert!(app.send(Method::POST, "/auth/callback/apple", &[], "").await.is_none());
}

/// A recipe that keeps providers for one tenant.
struct Kept(Vec<ProviderConfig>);

impl RecipeConfig for Kept {
    type Recipe = Self;

    fn build(self, _setup: &Setup<'_>) -> Result<Self, ConfigError> {
        Ok(self)
    }
}

#[async_trait]
impl Recipe for Kept {
    fn id(&self) -> &'static str {
        "kept"
    }

    async fn third_party_providers(
        &self,
        _cx: &Context,
        tenant_id: &TenantId,
    ) -> Result<Vec<ProviderConfig>> {
        Ok(if tenant_id.as_str() == "shop" { self.0.clone() } else { Vec::new() })
    }
}

/// FDI §1.2: provider resolution.
#[tokio::test]
async fn fdi_1_2_a_tenant_has_the_providers_that_are_kept_for_it_or_the_program_s() {
    let everywhere =
        ProviderInput::new(config("everywhere")).include_in_non_public_tenants_by_default(true);
    let hinted = ProviderInput::new(config("own").name("Own")).override_functions(Hint);
    let recipe = ThirdPartyRecipe::new()
        .provider(hinted)
        .provider(everywhere)
        .allow_private_network_hosts(["127.0.0.1:1"]);
    let kept = Kept(vec![ProviderConfig::new("own").name("Kept"), config("theirs").name("Theirs")]);
    let app = App(builder().recipe(recipe).recipe(kept).build().await.unwrap());
    let thirdparty = app.0.thirdparty().unwrap();
    let nowhere = thirdparty.get_provider(GetProviderInput::new("own").tenant_id("shop")).await;
    assert_eq!(nowhere.unwrap_err().status(), StatusCode::BAD_REQUEST);
    for tenant in ["other", "shop"] {
        app.0.multitenancy().unwrap().create_or_update_tenant(tenant).await.unwrap();
    }
    for (tenant, known) in [
        ("public", [Some("Own"), Some("everywhere"), None]),
        ("other", [None, Some("everywhere"), None]),
        ("shop", [Some("Kept"), None, Some("Theirs")]),
    ] {
        for (id, name) in ["own", "everywhere", "theirs"].into_iter().zip(known) {
            let wanted = GetProviderInput::new(id).tenant_id(tenant);
            let found = thirdparty.get_provider(wanted).await.unwrap();
            assert_eq!(found.as_ref().map(|it| it.provider().name()), name, "{tenant} {id}");
            // The program's client and overrides stay.
            if let Some(own) = found.filter(|_| id == "own") {
                let there = own.get_authorisation_redirect_url("https://x.example").await.unwrap();
                assert!(there.url.contains("client_id=shop&"), "{}", there.url);
                assert!(there.url.contains("&login_hint=ada"), "{}", there.url);
            }
        }
    }
}

#[tokio::test]
async fn an_account_is_created_and_changed_without_a_provider() {
    let app = app(ThirdPartyRecipe::new()).await;
    let thirdparty = app.0.thirdparty().unwrap();
    let mut ids = Vec::new();
    for (email, is_verified, created) in [
        ("ada@example.com", false, true),
        ("ada@example.com", true, false),
        ("countess@example.com", false, false),
    ] {
        let input = ManuallyCreateOrUpdateUserInput::new("elsewhere", "u-1", email);
        let outcome = thirdparty.manually_create_or_update_user(input.is_verified(is_verified));
        let outcome = outcome.await.unwrap();
        let ManuallyCreateOrUpdateUserOutcome::Ok { created_new_recipe_user, user, .. } = outcome
        else {
            panic!("{outcome:?}")
        };
        assert_eq!(created_new_recipe_user, created);
        let method = &user.login_methods[0];
        assert_eq!((method.email.as_deref(), method.verified), (Some(email), is_verified));
        ids.push(user.id);
    }
    assert!(ids.iter().all(|id| *id == ids[0]));
}

/// A provider that can't be reached is told in one line, and nothing of what was sent with it.
#[tokio::test]
async fn a_failure_is_one_line_that_names_provider_and_step_and_holds_no_secret() {
    let app = app(ThirdPartyRecipe::new().provider(config("down"))).await;
    let (log, _guard) = Log::of_this_thread(tracing::Level::DEBUG);
    let target = "/auth/signinup";
    let headers = [("content-type", "application/json")];
    let body = sign_in("down").to_string();
    let answer = app.send(Method::POST, target, &headers, body).await.unwrap();
    assert_eq!(answer.0.status, StatusCode::SERVICE_UNAVAILABLE);
    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("auth_core")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(lines[0].contains("down, token exchange: 127.0.0.1 can't be reached"), "{text}");
    for secret in [CODE, SECRET, VERIFIER] {
        assert!(!text.contains(secret), "{text}");
    }
}
