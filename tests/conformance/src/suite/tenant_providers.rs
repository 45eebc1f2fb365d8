//! Third parties of tenants.

use auth_core::{
    AuthBuilder,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::FactorId,
        multitenancy::{
            CreateOrUpdateTenantInput, CreateOrUpdateThirdPartyConfigInput,
            DeleteThirdPartyConfigInput,
        },
        thirdparty::{ClientConfig, ProviderConfig, ProviderInput},
    },
};
use local_provider::Account;
use serde_json::{Value, json};

use super::{
    cases,
    tenants::{open, set},
    third_party::{ADA, World, authorisation_url, client, local},
};
use crate::{
    App, Harness,
    client::{Mode, Req},
};

cases! {
    "fdi-1.8-providers" => a_tenant_has_the_third_parties_that_are_set_for_it_and_no_others,
    "fdi-1.8-providers" => users_sign_in_by_a_tenant_s_third_party,
    "fdi-1.8-providers" => a_client_s_kind_chooses_which_third_parties_are_shown,
    "fdi-1.8-providers" => a_third_party_that_cannot_be_reached_stops_nothing_but_itself,
}

async fn add(app: &App, tenant: &str, config: ProviderConfig) -> bool {
    let functions = app.auth.multitenancy().expect("always there");
    let input = CreateOrUpdateThirdPartyConfigInput::new(tenant, config);
    functions.create_or_update_third_party_config(input).await.expect("a good third party")
}

async fn remove(app: &App, tenant: &str, id: &str) -> bool {
    let functions = app.auth.multitenancy().expect("always there");
    let input = DeleteThirdPartyConfigInput::new(tenant, id);
    functions.delete_third_party_config(input).await.expect("an answer")
}

/// What front ends are shown, by id and name.
async fn shown(app: &App, tenant: &str, query: &str) -> Value {
    let reply = app.send(Req::get(&format!("/auth/{tenant}/loginmethods{query}"))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["thirdParty"].clone()
}

/// The program's providers: one for `public`, and one for every tenant.
async fn start(harness: &Harness) -> World {
    World::beside(
        harness,
        |recipe| {
            let everywhere = ProviderConfig::new("everywhere").name("Everywhere");
            let everywhere =
                ProviderInput::new(everywhere.discovery("https://e.example").client(client()));
            recipe
                .provider(local())
                .provider(everywhere.include_in_non_public_tenants_by_default(true))
        },
        |builder: AuthBuilder| builder.recipe(EmailPasswordRecipe::new()),
    )
    .await
}

async fn with_third_parties(app: &App, tenant: &str) {
    let first = [FactorId::THIRD_PARTY];
    set(app, CreateOrUpdateTenantInput::new(tenant).first_factors(first)).await;
}

async fn a_tenant_has_the_third_parties_that_are_set_for_it_and_no_others(harness: Harness) {
    let app = start(&harness).await.app;
    with_third_parties(&app, "acme").await;
    let everywhere = json!({ "id": "everywhere", "name": "Everywhere" });
    let own = json!({ "id": "local", "name": "Local" });
    let enabled = |providers: Value| json!({ "enabled": true, "providers": providers });
    assert_eq!(shown(&app, "public", "").await, enabled(json!([own, everywhere])));
    assert_eq!(shown(&app, "acme", "").await, enabled(json!([everywhere])));
    // What is set takes the place of all of the program's, over the one of the same id.
    assert!(
        add(
            &app,
            "acme",
            ProviderConfig::new("local")
                .name("Acme's")
                .discovery("https://a.example")
                .client(client())
        )
        .await
    );
    let acme = json!({ "id": "local", "name": "Acme's" });
    assert_eq!(shown(&app, "acme", "").await, enabled(json!([acme])));
    assert_eq!(shown(&app, "public", "").await, enabled(json!([own, everywhere])));
    let reply =
        app.send(Req::get(&authorisation_url("everywhere").replace("/auth/", "/auth/acme/"))).await;
    reply.expect_message(400, "the provider everywhere could not be found in the configuration");
    let google = ProviderConfig::new("google").client(ClientConfig::new("c").client_secret("s"));
    assert!(add(&app, "acme", google.clone()).await);
    assert!(!add(&app, "acme", google).await, "it was there");
    let google = json!({ "id": "google", "name": "Google" });
    let told = shown(&app, "acme", "").await;
    let mut providers = told["providers"].as_array().cloned().expect("a list");
    providers.sort_by_key(|provider| provider["id"].to_string());
    assert_eq!(providers, [google, acme]);
    for id in ["local", "google"] {
        assert!(remove(&app, "acme", id).await);
        assert!(!remove(&app, "acme", id).await);
    }
    assert_eq!(shown(&app, "acme", "").await, enabled(json!([everywhere])));
    // Where third parties may not start a sign-in, they are told to be off.
    open(&app, ["acme"]).await;
    assert_eq!(shown(&app, "acme", "").await["enabled"], false);
    let functions = app.auth.multitenancy().expect("always there");
    let nowhere = CreateOrUpdateThirdPartyConfigInput::new("nowhere", local());
    let refused = functions.create_or_update_third_party_config(nowhere).await;
    assert_eq!(refused.expect_err("no such tenant").status(), 400);
}

async fn users_sign_in_by_a_tenant_s_third_party(harness: Harness) {
    let world = World::with(&harness, |recipe| recipe).await;
    with_third_parties(&world.app, "acme").await;
    with_third_parties(&world.app, "blog").await;
    let target =
        |tenant: &str| authorisation_url("local").replace("/auth/", &format!("/auth/{tenant}/"));
    let reply = world.app.send(Req::get(&target("acme"))).await;
    reply.expect_message(400, "the provider local could not be found in the configuration");
    let mut ids = Vec::new();
    for tenant in ["acme", "blog"] {
        add(&world.app, tenant, local()).await;
        let reply = world.app.send(Req::get(&target(tenant))).await;
        assert_eq!(reply.json()["status"], "OK", "{reply:?}");
        let body = world.come_back(&reply.json(), Account::new(ADA, true));
        let mut front_end = world.app.front_end(Mode::Header);
        let request = Req::post(&format!("/auth/{tenant}/signinup")).json(&body);
        let reply = front_end.send(&world.app, request).await;
        assert_eq!(reply.json()["createdNewRecipeUser"], true, "{tenant}: {reply:?}");
        assert_eq!(front_end.payload()["tId"], tenant);
        ids.push(reply.json()["user"]["id"].clone());
    }
    assert_ne!(ids[0], ids[1], "one account is a user in each tenant");
    // What is changed counts at once.
    assert!(remove(&world.app, "acme", "local").await);
    assert_eq!(world.app.send(Req::get(&target("acme"))).await.status, 400);
    assert_eq!(world.app.send(Req::get(&target("blog"))).await.status, 200);
}

async fn a_client_s_kind_chooses_which_third_parties_are_shown(harness: Harness) {
    let app = World::with(&harness, |recipe| recipe).await.app;
    with_third_parties(&app, "acme").await;
    let client = |kind: &str| ClientConfig::new(kind).client_secret("s").client_type(kind);
    let both = ProviderConfig::new("both").name("Both").discovery("https://b.example");
    add(&app, "acme", both.client(client("web")).client(client("ios"))).await;
    let web = ProviderConfig::new("web").name("Web").discovery("https://w.example");
    add(&app, "acme", web.client(client("web"))).await;
    for (query, ids) in [
        ("?clientType=web", vec!["both", "web"]),
        ("?clientType=ios", vec!["both"]),
        ("?clientType=android", vec![]),
        // Which of two clients, nobody says.
        ("", vec!["web"]),
        ("?clientType=", vec!["web"]),
    ] {
        let told = shown(&app, "acme", query).await;
        let providers = told["providers"].as_array().cloned().expect("a list");
        let mut found: Vec<&str> = providers.iter().filter_map(|it| it["id"].as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ids, "{query}");
    }
}

async fn a_third_party_that_cannot_be_reached_stops_nothing_but_itself(harness: Harness) {
    let there = ["down.example:1"];
    let world =
        World::with(&harness, move |recipe| recipe.allow_private_network_hosts(there)).await;
    let app = &world.app;
    with_third_parties(app, "acme").await;
    // Nobody listens there; and the other one is an address that nothing may be asked at.
    let down = ProviderConfig::new("down").name("Down").discovery("https://down.example:1");
    add(app, "acme", down.client(client())).await;
    let inside = ProviderConfig::new("inside").name("Inside").discovery("http://127.0.0.1:9");
    let functions = app.auth.multitenancy().expect("always there");
    let inside = CreateOrUpdateThirdPartyConfigInput::new("acme", inside.client(client()));
    let odd = ProviderConfig::new("odd").discovery("no address").client(client());
    let odd = CreateOrUpdateThirdPartyConfigInput::new("acme", odd);
    let refused = functions.create_or_update_third_party_config(odd.clone()).await;
    let refused = refused.expect_err("it can't be used");
    assert_eq!(refused.status(), 400);
    assert!(refused.to_string().contains("oidcDiscoveryEndpoint"), "{refused}");
    let odd = functions.create_or_update_third_party_config(odd.skip_validation(true)).await;
    assert!(odd.expect("it is stored unlooked at"));
    functions.create_or_update_third_party_config(inside).await.expect("it may be there");
    add(app, "acme", local()).await;
    let target = |id: &str| authorisation_url(id).replace("/auth/", "/auth/acme/");
    let reply = app.send(Req::get(&target("down"))).await;
    reply.expect_message(503, "the service is temporarily unavailable");
    for id in ["inside", "odd"] {
        // Whoever set it up reads in the log what is wrong.
        let reply = app.send(Req::get(&target(id))).await;
        reply.expect_message(500, "internal error");
    }
    assert_eq!(app.send(Req::get(&target("local"))).await.status, 200);
    let told = shown(app, "acme", "").await;
    let shown: Vec<&Value> =
        told["providers"].as_array().into_iter().flatten().map(|it| &it["id"]).collect();
    assert!(shown.contains(&&json!("local")) && shown.contains(&&json!("down")), "{told}");
    assert!(!shown.contains(&&json!("odd")), "{told}");
}
