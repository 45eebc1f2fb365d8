//! Providers that misbehave, and clients that bring what isn't theirs.

use std::time::Duration;

use auth_core::recipes::thirdparty::{ClientConfig, ProviderConfig, ThirdPartyRecipe};
use local_provider::{Account, Client, Endpoint, Fault, IdTokenFault, LocalProvider};
use serde_json::{Value, json};

use super::{
    cases,
    email_password::count,
    third_party::{
        ADA, CALLBACK, SIGN_IN_UP, World, authorisation_url, local, start_provider, with_tokens,
    },
};
use crate::{
    Harness, Setup,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.2-2" => a_code_is_good_once_and_in_the_browser_that_asked_for_it,
    "fdi-1.2-2" => one_provider_s_answer_is_not_taken_for_another_s,
    "fdi-1.2-2" => an_id_token_that_is_not_good_signs_nobody_in,
    "fdi-1.2-2" => tokens_of_others_sign_nobody_in,
    "fdi-1.2-2" => two_browsers_of_one_account_make_one_user,
    "fdi-1.2-faults" => a_provider_that_misbehaves_is_no_fault_of_the_client_s,
    "fdi-1.2-faults" => a_provider_that_refuses_is_shown_to_the_user,
    "fdi-1.2-faults" => an_address_in_a_private_network_is_not_asked,
}

/// What front ends show, without a word of what was sent.
#[track_caller]
fn expect_refused(reply: &Reply, third_party_id: &str) {
    let message = format!("Sign-in with {third_party_id} failed. Please try again.");
    reply.expect(200, &json!({ "status": "GENERAL_ERROR", "message": message }));
    reply.expect_tokens_untouched();
}

#[track_caller]
fn expect_unavailable(reply: &Reply) {
    reply.expect_message(503, "the service is temporarily unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"));
    reply.expect_tokens_untouched();
}

async fn a_code_is_good_once_and_in_the_browser_that_asked_for_it(harness: Harness) {
    let world = World::start(&harness).await;
    let send = async |body: &Value| world.app.send(Req::post(SIGN_IN_UP).json(body)).await;
    let used = world.visit(Account::new(ADA, true)).await;
    assert_eq!(send(&used).await.json()["status"], "OK");
    expect_refused(&send(&used).await, "local");
    // Somebody else's code and state, in a browser that asked for its own.
    let (mallory, mut victim) = (Account::new("mallory@example.com", true), json!(null));
    for (name, of) in [("redirectURIQueryParams", &mallory), ("pkceCodeVerifier", &mallory)] {
        let theirs = world.visit(of.clone()).await;
        victim = world.visit(Account::new(ADA, true)).await;
        victim["redirectURIInfo"][name] = theirs["redirectURIInfo"][name].clone();
        expect_refused(&send(&victim).await, "local");
    }
    // That attempt used the code up.
    expect_refused(&send(&victim).await, "local");
    let mut elsewhere = world.visit(Account::new(ADA, true)).await;
    elsewhere["redirectURIInfo"]["redirectURIOnProviderDashboard"] = "https://x.example/".into();
    expect_refused(&send(&elsewhere).await, "local");
    assert_eq!(count(&world.app).await, 1);
}

async fn one_provider_s_answer_is_not_taken_for_another_s(harness: Harness) {
    const OTHER: &str = "http://other.example";
    let provider = start_provider().await;
    let client = Client { redirect_uris: vec![CALLBACK.to_owned()], ..provider.client().clone() };
    let other = LocalProvider::start_as(OTHER, "127.0.0.1:0", client).await.expect("a free port");
    let (one, two) = (provider.address(), other.address());
    let setup = Setup::new().recipes(move |builder| {
        let client = ClientConfig::new("shop").client_secret("kJ3w9s").scopes(["openid", "email"]);
        let other = ProviderConfig::new("other").discovery(OTHER).client(client);
        let recipe = ThirdPartyRecipe::new()
            .allow_private_network_hosts(["provider.example:80", "other.example:80"])
            .resolve_names_by(move |name| async move {
                Ok(vec![if name.starts_with("other") { two } else { one }])
            })
            .provider(local())
            .provider(other);
        builder.recipe(recipe)
    });
    let world = World { app: harness.start(setup).await, provider };
    let mut body = world.visit(Account::new(ADA, true)).await;
    body["thirdPartyId"] = "other".into();
    // It names the issuer, and must.
    expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "other");
    body["redirectURIInfo"]["redirectURIQueryParams"]["iss"] = OTHER.into();
    expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "other");
    let id_token = world.provider.id_token(&Account::new(ADA, true), None).expect("a token");
    let mut body = with_tokens(&json!({ "id_token": id_token }));
    body["thirdPartyId"] = "other".into();
    expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "other");
    assert_eq!(count(&world.app).await, 0);
}

async fn an_id_token_that_is_not_good_signs_nobody_in(harness: Harness) {
    let world = World::start(&harness).await;
    let account = Account::new(ADA, true);
    for fault in [
        IdTokenFault::Unsigned,
        IdTokenFault::SignedByThePublicKey,
        IdTokenFault::ForeignKey,
        IdTokenFault::WrongNonce,
        IdTokenFault::WrongAudience,
        IdTokenFault::WrongIssuer,
        IdTokenFault::Expired,
    ] {
        world.provider.misbehave(Fault::IdToken(fault));
        let reply = world.sign_in(Mode::Cookie, account.clone()).await.1;
        expect_refused(&reply, "local");
        // A client's own token was asked for without a nonce.
        if fault != IdTokenFault::WrongNonce {
            let token = world.provider.id_token(&account, Some(fault)).expect("a token");
            let body = with_tokens(&json!({ "id_token": token }));
            expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "local");
        }
    }
    assert_eq!(count(&world.app).await, 0);
}

async fn tokens_of_others_sign_nobody_in(harness: Harness) {
    let world = World::start(&harness).await;
    let (ada, bob) = (Account::new(ADA, true), Account::new("bob@example.com", true));
    let id_token = world.provider.id_token(&ada, None).expect("a token");
    for tokens in [
        // Nobody's.
        json!({ "access_token": "x" }),
        json!({ "id_token": "x" }),
        // Of two users.
        json!({ "id_token": id_token, "access_token": world.provider.access_token(bob) }),
    ] {
        let reply = world.app.send(Req::post(SIGN_IN_UP).json(&with_tokens(&tokens))).await;
        expect_refused(&reply, "local");
    }
    assert_eq!(count(&world.app).await, 0);
}

async fn two_browsers_of_one_account_make_one_user(harness: Harness) {
    let world = World::start(&harness).await;
    let account = Account::new(ADA, true);
    let (one, two) = (world.visit(account.clone()).await, world.visit(account).await);
    // Which of them comes first is no matter of the wire, so no transcript keeps it.
    let send = async |body: &Value| {
        world.app.connect().await.send(&Req::post(SIGN_IN_UP).json(body)).await.json()
    };
    let (one, two) = tokio::join!(send(&one), send(&two));
    assert_eq!((&one["status"], &two["status"]), (&json!("OK"), &json!("OK")), "{one} {two}");
    assert_eq!(one["user"]["id"], two["user"]["id"]);
    assert_ne!(one["createdNewRecipeUser"], two["createdNewRecipeUser"]);
    assert_eq!(count(&world.app).await, 1);
}

async fn a_provider_that_misbehaves_is_no_fault_of_the_client_s(harness: Harness) {
    const LIMIT: Duration = Duration::from_secs(1);
    let ada = || Account::new(ADA, true);
    let start =
        async || World::with(&harness, |recipe| recipe.timeout(LIMIT).provider(local())).await;
    let faults = |at| {
        let length = 50 * 1024 * 1024;
        let late = Fault::Late(at, 30 * LIMIT);
        [late, Fault::Status(at, 500), Fault::Nonsense(at), Fault::Huge(at, length)]
    };
    for fault in faults(Endpoint::Discovery) {
        let world = start().await;
        world.provider.misbehave(fault);
        expect_unavailable(&world.app.send(Req::get(&authorisation_url("local"))).await);
    }
    let refuse = async |world: &World, fault: Fault| {
        let body = world.visit(ada()).await;
        world.provider.misbehave(fault);
        expect_unavailable(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await);
        world.provider.misbehave(None);
        assert_eq!(count(&world.app).await, 0);
    };
    for fault in faults(Endpoint::Keys) {
        // That they can't be read is remembered for a moment.
        refuse(&start().await, fault).await;
    }
    let world = start().await;
    for fault in [Endpoint::Token, Endpoint::UserInfo].into_iter().flat_map(faults) {
        refuse(&world, fault).await;
    }
    let reply = world.sign_in(Mode::Cookie, ada()).await.1;
    assert_eq!(reply.json()["createdNewRecipeUser"], true, "{reply:?}");
}

async fn a_provider_that_refuses_is_shown_to_the_user(harness: Harness) {
    let world = World::start(&harness).await;
    for endpoint in [Endpoint::Token, Endpoint::UserInfo] {
        let body = world.visit(Account::new(ADA, true)).await;
        world.provider.misbehave(Fault::Status(endpoint, 403));
        expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "local");
        world.provider.misbehave(None);
    }
    // Its user said no, and the front end sends that all the same.
    let mut body = world.visit(Account::new(ADA, true)).await;
    let params = &mut body["redirectURIInfo"]["redirectURIQueryParams"];
    *params = json!({ "error": "access_denied", "iss": params["iss"] });
    expect_refused(&world.app.send(Req::post(SIGN_IN_UP).json(&body)).await, "local");
    assert_eq!(count(&world.app).await, 0);
}

async fn an_address_in_a_private_network_is_not_asked(harness: Harness) {
    let world = World::with(&harness, |recipe| {
        let client = || ClientConfig::new("shop").client_secret("kJ3w9s");
        let config = |id, at: &str| ProviderConfig::new(id).discovery(at).client(client());
        recipe
            // A name that leads there, an address, and one of a cloud's own.
            .provider(config("named", "https://elsewhere.example"))
            .provider(config("loopback", "https://127.0.0.1"))
            .provider(config("metadata", "http://169.254.169.254/latest"))
    })
    .await;
    for id in ["named", "loopback", "metadata"] {
        let reply = world.app.send(Req::get(&authorisation_url(id))).await;
        reply.expect_message(500, "internal error");
    }
}
