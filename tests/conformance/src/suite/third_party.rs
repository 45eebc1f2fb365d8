//! Signing in by an account at a third party.

use std::collections::BTreeMap;

use auth_core::{
    AuthBuilder,
    recipes::thirdparty::{ClientConfig, ProviderConfig, ThirdPartyRecipe},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use local_provider::{Account, Client, LocalProvider};
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

use super::{cases, email_password::count};
use crate::{
    App, Harness, START_MS, Setup,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "fdi-1.2-1" => the_browser_is_sent_to_the_provider_with_a_challenge_and_no_state,
    "fdi-1.2-1" => a_request_for_the_address_names_a_provider_and_the_way_back,
    "fdi-1.2-2" => a_new_account_signs_up_and_then_signs_in,
    "fdi-1.2-2" => old_front_ends_read_the_account_s_legacy_user,
    "fdi-1.2-2" => a_client_signs_in_with_tokens_of_its_own,
    "fdi-1.2-2" => what_the_browser_brought_counts_before_tokens,
    "fdi-1.2-2" => a_sign_in_names_a_provider_and_brings_a_credential,
    "fdi-1.2-2" => an_account_without_an_address_is_an_answer_of_its_own,
    "fdi-1.2-2" => a_made_up_address_is_marked_and_never_verified,
    "fdi-1.2-3" => apple_s_form_is_sent_on_to_the_front_end,
    "fdi-1.2-3" => apple_s_form_is_sent_nowhere_else,
}

/// A name in place of a port, so that answers are the same in every run.
pub(super) const ISSUER: &str = "http://provider.example";
pub(super) const CALLBACK: &str = "https://www.example.com/auth/callback/local";
pub(super) const ADA: &str = "ada@example.com";
pub(super) const SIGN_IN_UP: &str = "/auth/signinup";

/// An application, and the provider `local` that its users sign in by.
pub(super) struct World {
    pub(super) app: App,
    pub(super) provider: LocalProvider,
}

pub(super) fn client() -> ClientConfig {
    ClientConfig::new("shop").client_secret("kJ3w9s").scopes(["openid", "email"])
}

pub(super) fn local() -> ProviderConfig {
    ProviderConfig::new("local").name("Local").discovery(ISSUER).client(client())
}

/// Starts the provider that [`local`] names.
pub(super) async fn start_provider() -> LocalProvider {
    let client = Client {
        id: "shop".to_owned(),
        secret: "kJ3w9s".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
    };
    LocalProvider::start_as(ISSUER, "127.0.0.1:0", client).await.expect("a free port")
}

/// A recipe that reaches the provider by its name.
pub(super) fn recipe_for(provider: &LocalProvider) -> ThirdPartyRecipe {
    let address = provider.address();
    ThirdPartyRecipe::new()
        .allow_private_network_hosts(["provider.example:80"])
        .resolve_names_by(move |_| async move { Ok(vec![address]) })
}

impl World {
    pub(super) async fn start(harness: &Harness) -> Self {
        Self::with(harness, |recipe| recipe.provider(local())).await
    }

    pub(super) async fn with(
        harness: &Harness,
        configure: impl FnOnce(ThirdPartyRecipe) -> ThirdPartyRecipe + 'static,
    ) -> Self {
        Self::beside(harness, configure, |builder| builder).await
    }

    /// With other recipes beside it.
    pub(super) async fn beside(
        harness: &Harness,
        configure: impl FnOnce(ThirdPartyRecipe) -> ThirdPartyRecipe + 'static,
        others: impl FnOnce(AuthBuilder) -> AuthBuilder + 'static,
    ) -> Self {
        let provider = start_provider().await;
        let recipe = configure(recipe_for(&provider));
        let setup = Setup::new().recipes(|builder| others(builder.recipe(recipe)));
        Self { app: harness.start(setup).await, provider }
    }

    /// What a browser does: asks for the address, signs in there, and comes back with the body of
    /// the next request.
    pub(super) async fn visit(&self, account: Account) -> Value {
        let reply = self.app.send(Req::get(&authorisation_url("local"))).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
        self.come_back(&reply.json(), account)
    }

    pub(super) fn come_back(&self, there: &Value, account: Account) -> Value {
        let url = there["urlWithQueryParams"].as_str().expect("an address");
        let url = format!("{url}&state=the-front-end-s");
        let back = self.provider.sign_in(&url, account).expect("a good request");
        let params: Map<String, Value> =
            back.query_pairs().map(|(name, value)| (name.into_owned(), json!(value))).collect();
        assert_eq!(params["state"], "the-front-end-s");
        let mut info = json!({
            "redirectURIOnProviderDashboard": CALLBACK,
            "redirectURIQueryParams": params,
        });
        if let Some(verifier) = there.get("pkceCodeVerifier") {
            info["pkceCodeVerifier"] = verifier.clone();
        }
        json!({ "thirdPartyId": "local", "redirectURIInfo": info })
    }

    /// Signs in by a front end.
    pub(super) async fn sign_in(&self, mode: Mode, account: Account) -> (FrontEnd, Reply) {
        let body = self.visit(account).await;
        let mut front_end = self.app.front_end(mode);
        let reply = front_end.send(&self.app, Req::post(SIGN_IN_UP).json(&body)).await;
        (front_end, reply)
    }
}

pub(super) fn authorisation_url(third_party_id: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("thirdPartyId", third_party_id)
        .append_pair("redirectURIOnProviderDashboard", CALLBACK)
        .finish();
    format!("/auth/authorisationurl?{query}")
}

async fn the_browser_is_sent_to_the_provider_with_a_challenge_and_no_state(harness: Harness) {
    let world = World::start(&harness).await;
    let reply = world.app.send(Req::get(&authorisation_url("local"))).await;
    reply.expect_tokens_untouched();
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let there = reply.json();
    let url = Url::parse(there["urlWithQueryParams"].as_str().expect("an address")).expect("a URL");
    assert_eq!(url.origin().ascii_serialization() + url.path(), format!("{ISSUER}/authorize"));
    let mut query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    let verifier = there["pkceCodeVerifier"].as_str().expect("a verifier");
    assert_eq!(verifier.len(), 64);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    assert_eq!(query.remove("code_challenge"), Some(URL_SAFE_NO_PAD.encode(digest)));
    assert!(query.remove("nonce").is_some());
    let rest = [
        ("client_id", "shop"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email"),
    ];
    let rest = rest.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query, BTreeMap::from(rest));
    let again = world.app.send(Req::get(&authorisation_url("local"))).await.json();
    assert_ne!(again["pkceCodeVerifier"], there["pkceCodeVerifier"]);
}

async fn a_request_for_the_address_names_a_provider_and_the_way_back(harness: Harness) {
    let world = World::with(&harness, |recipe| {
        let client = |id: &str| ClientConfig::new(id).client_type(id).client_secret("kJ3w9s");
        let two = ProviderConfig::new("two").discovery(ISSUER);
        recipe.provider(local()).provider(two.client(client("web")).client(client("ios")))
    })
    .await;
    let no_id = "Please provide the thirdPartyId as a GET param";
    let no_uri = "Please provide the redirectURIOnProviderDashboard as a GET param";
    let unknown = "the provider nobody could not be found in the configuration";
    let no_type = "please provide exactly one client config or pass clientType";
    let no_client = "could not find client config for clientType: android";
    for (query, message) in [
        (String::new(), no_id),
        ("?redirectURIOnProviderDashboard=x".to_owned(), no_id),
        ("?thirdPartyId=local".to_owned(), no_uri),
        ("?thirdPartyId=nobody&redirectURIOnProviderDashboard=x".to_owned(), unknown),
        ("?thirdPartyId=two&redirectURIOnProviderDashboard=x".to_owned(), no_type),
        (
            "?thirdPartyId=two&redirectURIOnProviderDashboard=x&clientType=android".to_owned(),
            no_client,
        ),
    ] {
        let reply = world.app.send(Req::get(&format!("/auth/authorisationurl{query}"))).await;
        reply.expect_message(400, message);
    }
    for client_type in ["web", "ios"] {
        let target = format!("{}&clientType={client_type}", authorisation_url("two"));
        let there = world.app.send(Req::get(&target)).await.json();
        let url = there["urlWithQueryParams"].as_str().expect("an address").to_owned();
        assert!(url.contains(&format!("client_id={client_type}&")), "{url}");
    }
}

async fn a_new_account_signs_up_and_then_signs_in(harness: Harness) {
    let world = World::start(&harness).await;
    for (mode, created) in [(Mode::Cookie, true), (Mode::Header, false)] {
        let account = Account::new("Ada@Example.com", true);
        let sub = account.sub.clone();
        let (mut front_end, reply) = world.sign_in(mode, account).await;
        let payload = front_end.payload();
        let id = &payload["sub"];
        let third_party = json!({ "id": "local", "userId": sub });
        let user = json!({
            "id": id, "isPrimaryUser": false, "tenantIds": ["public"], "timeJoined": START_MS,
            "emails": [ADA], "phoneNumbers": [], "thirdParty": [third_party],
            "webauthn": { "credentialIds": [] },
            "loginMethods": [{
                "recipeId": "thirdparty", "recipeUserId": id, "tenantIds": ["public"],
                "email": ADA, "thirdParty": third_party, "timeJoined": START_MS, "verified": true,
            }],
        });
        // Neither the tokens nor what the provider told.
        reply
            .expect(200, &json!({ "status": "OK", "createdNewRecipeUser": created, "user": user }));
        assert_eq!((&payload["rsub"], &payload["tId"]), (id, &json!("public")));
        assert!(reply.exposed().contains(&"front-token"));
        let reply = front_end.send(&world.app, Req::get("/session-check-db")).await;
        assert_eq!(reply.json()["userId"], *id);
    }
    assert_eq!(count(&world.app).await, 1);
}

async fn old_front_ends_read_the_account_s_legacy_user(harness: Harness) {
    let world = World::start(&harness).await;
    let account = Account::new(ADA, false);
    let sub = account.sub.clone();
    let body = world.visit(account).await;
    let request = Req::post(SIGN_IN_UP).json(&body).header("fdi-version", "2.0");
    let reply = world.app.send(request).await;
    let user = json!({
        "id": reply.json()["user"]["id"], "timeJoined": START_MS, "email": ADA,
        "thirdParty": { "id": "local", "userId": sub },
    });
    reply.expect(200, &json!({ "status": "OK", "createdNewUser": true, "user": user }));
}

/// The body of a sign-in by tokens.
pub(super) fn with_tokens(tokens: &Value) -> Value {
    json!({ "thirdPartyId": "local", "oAuthTokens": tokens })
}

async fn a_client_signs_in_with_tokens_of_its_own(harness: Harness) {
    let world = World::start(&harness).await;
    let account = Account::new(ADA, true);
    let id_token = world.provider.id_token(&account, None).expect("a token");
    let access_token = world.provider.access_token(account);
    let mut ids = Vec::new();
    for tokens in [
        json!({ "id_token": id_token }),
        json!({ "access_token": access_token }),
        json!({ "id_token": id_token, "access_token": access_token }),
    ] {
        let reply = world.app.send(Req::post(SIGN_IN_UP).json(&with_tokens(&tokens))).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!("OK")), "{reply:?}");
        ids.push(reply.json()["user"]["id"].clone());
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

async fn what_the_browser_brought_counts_before_tokens(harness: Harness) {
    let world = World::start(&harness).await;
    let mut body = world.visit(Account::new(ADA, true)).await;
    body["oAuthTokens"] = json!({ "id_token": "of somebody else" });
    let reply = world.app.send(Req::post(SIGN_IN_UP).json(&body)).await;
    assert_eq!(reply.json()["user"]["emails"], json!([ADA]), "{reply:?}");
}

async fn a_sign_in_names_a_provider_and_brings_a_credential(harness: Harness) {
    let world = World::start(&harness).await;
    let no_id = "Please provide the thirdPartyId in request body";
    let neither = "Please provide one of redirectURIInfo or oAuthTokens in the request body";
    let no_uri = "Please provide the redirectURIOnProviderDashboard in request body";
    let unknown = "the provider nobody could not be found in the configuration";
    let info = |info: Value| json!({ "thirdPartyId": "local", "redirectURIInfo": info });
    let returned = |params: Value| {
        info(json!({
            "redirectURIOnProviderDashboard": CALLBACK, "redirectURIQueryParams": params,
            "pkceCodeVerifier": "x".repeat(64),
        }))
    };
    let without_verifier = info(json!({
        "redirectURIOnProviderDashboard": CALLBACK,
        "redirectURIQueryParams": { "code": "x", "iss": ISSUER },
    }));
    for (body, message) in [
        (json!({}), no_id),
        (json!({ "thirdPartyId": 5, "oAuthTokens": {} }), no_id),
        (json!({ "thirdPartyId": "local" }), neither),
        (json!({ "thirdPartyId": "local", "redirectURIInfo": null, "oAuthTokens": null }), neither),
        (json!({ "thirdPartyId": "local", "oAuthTokens": "x" }), "oAuthTokens must be an object"),
        (info(json!([])), "redirectURIInfo must be an object"),
        (info(json!({})), no_uri),
        (returned(json!({ "code": 5 })), "redirectURIQueryParams must be an object of strings"),
        (returned(json!({ "iss": ISSUER })), "`code` is missing"),
        (returned(json!({ "code": "x" })), "`iss` is missing"),
        (without_verifier, "`pkceCodeVerifier` is missing"),
        (json!({ "thirdPartyId": "nobody", "oAuthTokens": {} }), unknown),
        (
            json!({ "thirdPartyId": "local", "oAuthTokens": {}, "clientType": "ios" }),
            "could not find client config for clientType: ios",
        ),
    ] {
        let reply = world.app.send(Req::post(SIGN_IN_UP).json(&body)).await;
        reply.expect_message(400, message);
        reply.expect_tokens_untouched();
    }
    assert_eq!(count(&world.app).await, 0);
}

async fn an_account_without_an_address_is_an_answer_of_its_own(harness: Harness) {
    let world = World::start(&harness).await;
    let reply = world.sign_in(Mode::Cookie, Account::without_email("nameless")).await.1;
    reply.expect(200, &json!({ "status": "NO_EMAIL_GIVEN_BY_PROVIDER" }));
    reply.expect_tokens_untouched();
    assert_eq!(count(&world.app).await, 0);
}

async fn a_made_up_address_is_marked_and_never_verified(harness: Harness) {
    let world = World::with(&harness, |recipe| recipe.provider(local().require_email(false))).await;
    let reply = world.sign_in(Mode::Cookie, Account::without_email("Nameless")).await.1;
    let method = reply.json()["user"]["loginMethods"][0].clone();
    assert_eq!(method["email"], "nameless.local@stfakeemail.supertokens.com", "{reply:?}");
    assert_eq!(method["verified"], false);
    // Nor where a provider says so of such an address.
    let account = Account::new("x.local@stfakeemail.supertokens.com", true);
    let reply = world.sign_in(Mode::Cookie, account).await.1;
    assert_eq!(reply.json()["user"]["loginMethods"][0]["verified"], false, "{reply:?}");
}

/// The form that Apple's page posts.
fn apple_form(front_end: &str, fields: &[(&str, &str)]) -> Req {
    let state = STANDARD.encode(json!({ "frontendRedirectURI": front_end, "x": 1 }).to_string());
    post_form(&[&[("state", state.as_str())], fields].concat())
}

fn post_form(fields: &[(&str, &str)]) -> Req {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Req::post("/auth/callback/apple")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "https://appleid.apple.com")
        .header("sec-fetch-site", "cross-site")
        .body(body)
}

async fn apple_s_form_is_sent_on_to_the_front_end(harness: Harness) {
    let world = World::start(&harness).await;
    let user = r#"{"name":{"firstName":"<b>Ada</b>"}}"#;
    for (front_end, fields, place, wanted) in [
        (
            "https://www.example.com/auth/callback/apple?code=old&keep=1#end",
            &[("code", "c/1 é"), ("user", user)][..],
            "https://www.example.com/auth/callback/apple",
            &[("keep", "1"), ("code", "c/1 é"), ("user", user)][..],
        ),
        // Of a field that comes twice the last one counts.
        (
            "https://api.example.com/cb",
            &[("error", "x"), ("error", "user_cancelled")],
            "https://api.example.com/cb",
            &[("error", "user_cancelled")],
        ),
    ] {
        // The browser has cookies, whatever they are.
        let request = apple_form(front_end, fields).cookie("sAccessToken=x");
        let reply = world.app.send(request).await;
        assert_eq!((reply.status, reply.text()), (303, ""), "{reply:?}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        reply.expect_tokens_untouched();
        let location = Url::parse(reply.header("location").expect("an address")).expect("a URL");
        assert_eq!(location.origin().ascii_serialization() + location.path(), place);
        let mut query: Vec<_> = location.query_pairs().into_owned().collect();
        query.retain(|(name, _)| name != "state");
        let wanted: Vec<_> =
            wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(query, wanted);
    }
}

async fn apple_s_form_is_sent_nowhere_else(harness: Harness) {
    let world = World::start(&harness).await;
    let elsewhere = "the form's frontendRedirectURI isn't one of this application";
    for front_end in [
        "https://evil.example/",
        "https://www.example.com.evil.example/",
        "https://www.example.com@evil.example/",
        "https://evil.example\\@www.example.com/",
        "http://www.example.com/",
        "https://www.example.com:8443/",
        "//evil.example/",
        "javascript:alert(1)//www.example.com",
        "data:text/html,x",
        "https://user:pass@www.example.com/",
        "/relative",
        "",
    ] {
        let reply = world.app.send(apple_form(front_end, &[("code", "c")])).await;
        assert_eq!(reply.status, 400, "{front_end}: {reply:?}");
        assert_eq!(reply.header("location"), None);
        assert!(!reply.text().contains("evil"), "{reply:?}");
    }
    let reply = world.app.send(apple_form("https://evil.example/", &[])).await;
    reply.expect_message(400, elsewhere);
    let no_state = "the form's state doesn't name a frontendRedirectURI";
    for state in [None, Some(""), Some("%%%"), Some("bm8gSlNPTg=="), Some("eyJhIjoxfQ==")] {
        let fields: Vec<_> = state.into_iter().map(|state| ("state", state)).collect();
        world.app.send(post_form(&fields)).await.expect_message(400, no_state);
    }
}
