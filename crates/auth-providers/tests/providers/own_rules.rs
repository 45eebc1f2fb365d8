//! Providers of one's own, and what the configuration changes.

use auth_providers::{
    AuthorizationReturn, ClientConfig, Email, Fault, Problem, ProviderConfig, Step, UserInfoFields,
    UserInfoMap,
};
use serde_json::{Value, json};

use crate::{
    play::{
        ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, KEY, Played, REDIRECT_URI, SignedBy,
        claims_of, client_tokens, sign,
    },
    rows::row,
    stub::{Answer, Request, Stub, json, pairs},
};

const HOST: &str = "own.example";

fn endpoints(id: &str) -> ProviderConfig {
    ProviderConfig::new(id).endpoints(
        "https://own.example/authorize?tenant=t%201",
        "https://own.example/token",
        "https://own.example/user",
    )
}

fn client() -> ClientConfig {
    ClientConfig::new(CLIENT_ID).client_secret(CLIENT_SECRET)
}

/// A provider that answers with this user info.
async fn stub(user: Value) -> Stub {
    Stub::start(&[HOST], move |request| match request.url.as_str() {
        "https://own.example/token" => json(json!({ "access_token": ACCESS_TOKEN })),
        "https://own.example/user" => json(user.clone()),
        _ => json(json!({})),
    })
    .await
}

/// Signs in, and gives what the stub was asked.
async fn sign_in(config: ProviderConfig, user: Value) -> (Option<Email>, Vec<Request>) {
    let stub = stub(user).await;
    let id = config.third_party_id.clone();
    let provider = stub.providers(config).provider(&id, None).unwrap();
    let there = provider.authorization_url(REDIRECT_URI).await.unwrap();
    let mut back = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
    back.verifier = there.verifier;
    let tokens = provider.exchange_code(&back).await.unwrap();
    let email = provider.identity(tokens).await.unwrap().email;
    let log = stub.log.lock().unwrap().clone();
    (email, log)
}

#[tokio::test]
async fn fdi_1_2_the_usual_names_are_looked_for() {
    let user = json!({ "sub": 7, "email": "ada@example.com", "email_verified": "True" });
    let (email, log) = sign_in(endpoints("own").client(client()), user).await;
    assert!(email.unwrap().is_verified);
    let form = log[0].form();
    let sent: Vec<&str> = form.keys().map(String::as_str).collect();
    assert_eq!(sent, ["client_id", "client_secret", "code", "grant_type", "redirect_uri"]);
    assert_eq!(log[0].header("accept"), Some("application/json"));
    assert_eq!(log[1].header("authorization"), Some("Bearer access-token-1"));
}

#[tokio::test]
async fn fdi_1_2_parameters_are_added_changed_and_taken_away() {
    let mut config = endpoints("own").client(client().scopes(["a", "b"]));
    config = config.authorization_param("prompt", Some("login")).authorization_param("scope", None);
    config.token_endpoint_body_params.insert("audience".to_owned(), Some("x y".to_owned()));
    config.token_endpoint_body_params.insert("client_secret".to_owned(), None);
    config.user_info_endpoint_query_params.insert("v".to_owned(), Some("2&".to_owned()));
    config.user_info_endpoint_headers.insert("Authorization".to_owned(), None);
    config.user_info_endpoint_headers.insert("X-Key".to_owned(), Some("k".to_owned()));
    let stub = stub(json!({ "sub": "u" })).await;
    let provider = stub.providers(config.clone()).provider("own", None).unwrap();
    let url = provider.authorization_url(REDIRECT_URI).await.unwrap().url;
    assert!(url.starts_with("https://own.example/authorize?tenant=t%201&client_id=client-1&"));
    let query = pairs(url.split_once('?').unwrap().1);
    assert_eq!(query["prompt"], "login");
    assert!(!query.contains_key("scope"), "{url}");
    let (_, log) = sign_in(config, json!({ "sub": "u" })).await;
    let form = log[0].form();
    assert_eq!(form["audience"], "x y");
    assert!(!form.contains_key("client_secret"));
    assert_eq!(log[1].query["v"], "2&");
    assert_eq!(log[1].header("authorization"), None);
    assert_eq!(log[1].header("x-key"), Some("k"));
}

#[tokio::test]
async fn fdi_1_2_paths_are_ones_own() {
    let config = endpoints("own").client(client()).user_info_map(UserInfoMap {
        from_user_info_api: UserInfoFields {
            user_id: Some("account.id".to_owned()),
            email: Some("account.mails.0".to_owned()),
            email_verified: Some("account.ok".to_owned()),
        },
        ..UserInfoMap::default()
    });
    let user = json!({ "account": { "id": 5, "mails": ["ada@example.com"], "ok": true } });
    let email = sign_in(config, user).await.0.unwrap();
    assert_eq!((email.address.as_str(), email.is_verified), ("ada@example.com", true));
}

#[tokio::test]
async fn fdi_1_2_a_made_up_address_is_marked_and_never_verified() {
    let user = json!({ "sub": "u-1", "email": null, "email_verified": true });
    let (email, _) = sign_in(endpoints("own").client(client()), user.clone()).await;
    assert!(email.is_none(), "unless the configuration does without");
    let without = endpoints("own").client(client()).require_email(false);
    let email = sign_in(without.clone(), user.clone()).await.0.unwrap();
    assert_eq!(email.address, "u-1.own@stfakeemail.supertokens.com");
    assert!(email.is_fake && !email.is_verified);
    let made = without.clone().generate_fake_email(|id| format!("{id}@own.fakeemail.com"));
    let email = sign_in(made, user).await.0.unwrap();
    assert_eq!(email.address, "u-1@own.fakeemail.com");
    assert!(email.is_fake && !email.is_verified);
    let real = json!({ "sub": "u-1", "email": "ada@example.com" });
    assert!(!sign_in(without, real).await.0.unwrap().is_fake);
}

#[tokio::test]
async fn fdi_1_2_pkce_without_a_secret_or_by_force() {
    for (client, uses_pkce) in [
        (client(), false),
        (client().force_pkce(), true),
        (ClientConfig::new(CLIENT_ID), true),
        (ClientConfig::new(CLIENT_ID).client_secret(""), true),
    ] {
        let (_, log) = sign_in(endpoints("own").client(client), json!({ "sub": "u" })).await;
        assert_eq!(log[0].form().contains_key("code_verifier"), uses_pkce);
    }
    for (methods, uses_pkce) in [(vec!["plain", "S256"], true), (vec!["plain"], false)] {
        let mut config = endpoints("own").client(client());
        let methods = methods.into_iter().map(str::to_owned).collect();
        config.code_challenge_methods_supported = Some(methods);
        let (_, log) = sign_in(config, json!({ "sub": "u" })).await;
        assert_eq!(log[0].form().contains_key("code_verifier"), uses_pkce);
    }
    let stub = stub(json!({})).await;
    let config = endpoints("own").client(client().force_pkce());
    let provider = stub.providers(config).provider("own", None).unwrap();
    let verifier = provider.authorization_url(REDIRECT_URI).await.unwrap().verifier.unwrap();
    assert_eq!(verifier.expose_secret().len(), 64);
    let again = provider.authorization_url(REDIRECT_URI).await.unwrap().verifier.unwrap();
    assert_ne!(verifier.expose_secret(), again.expose_secret());
}

#[tokio::test]
async fn fdi_1_2_a_beginning_chooses_the_references_providers_only() {
    let name = |id: &str| {
        let config = endpoints(id).client(client());
        let providers = auth_providers::Providers::builder().provider(config).build().unwrap();
        providers.provider(id, None).unwrap().name().to_owned()
    };
    assert_eq!(name("google-2"), "Google");
    assert_eq!(name("google-workspaces-2"), "Google Workspaces");
    assert_eq!(name("github-enterprise"), "Github");
    assert_eq!(name("x-corp"), "x-corp");
    assert_eq!(name("line-2"), "line-2");
    assert_eq!(name("linear"), "Linear");
    assert_eq!(name("own"), "own");
}

#[tokio::test]
async fn an_implementation_is_chosen_by_name() {
    let spotify = row("spotify");
    let played = Played::start(spotify).await;
    let config = ProviderConfig::new("music").implementation("spotify").client(client());
    let provider = played.stub.providers(config).provider("music", None).unwrap();
    let tokens = played.tokens(&provider).await.unwrap();
    let identity = provider.identity(tokens).await.unwrap();
    assert_eq!((identity.third_party_id.as_str(), provider.name()), ("music", "Spotify"));
}

/// The verified flag of one address says nothing about another.
#[tokio::test]
async fn an_address_is_verified_by_its_own_side() {
    for (token, user, is_verified) in [
        (
            json!({ "email": "a@x.example" }),
            json!({ "email": "b@x.example", "email_verified": true }),
            false,
        ),
        (
            json!({ "email": "a@x.example" }),
            json!({ "email": "A@x.example", "email_verified": true }),
            true,
        ),
        (json!({ "email": "a@x.example" }), json!({ "email_verified": true }), false),
        (json!({ "email_verified": true }), json!({ "email": "a@x.example" }), false),
        (json!({ "email": "a@x.example", "email_verified": true }), json!({}), true),
    ] {
        let mut row = row("google");
        let with_sub = |value: &Value| {
            let mut value = value.clone();
            value["sub"] = "u-1".into();
            value
        };
        row.id_token = Some(("https://accounts.google.com", with_sub(&token), SignedBy::Key));
        row.calls[0].answer = with_sub(&user);
        let email = Played::start(row).await.sign_in().await.unwrap().email.unwrap();
        assert!(email.address.eq_ignore_ascii_case("a@x.example"));
        assert_eq!(email.is_verified, is_verified, "{token} {user}");
    }
}

/// Keys and an issuer, without discovery.
#[tokio::test]
async fn id_tokens_need_keys_and_an_issuer() {
    let stub = Stub::start(&[HOST], |request| match request.url.as_str() {
        "https://own.example/keys" => json(json!({ "keys": [KEY.public_jwk("k-1")] })),
        _ => json(json!({ "sub": "u-1" })),
    })
    .await;
    let config = |client: ClientConfig| {
        let mut config = endpoints("own").client(client);
        config.jwks_uri = Some("https://own.example/keys".to_owned());
        config
    };
    let issuer = "https://issuer.example";
    let with_issuer = config(client().additional("issuer", issuer));
    let provider = stub.providers(with_issuer).provider("own", None).unwrap();
    for (by, is_taken) in [(issuer, true), ("https://own.example", false)] {
        let mut claims = claims_of(by, None);
        claims.insert("sub".to_owned(), "u-1".into());
        let tokens = json!({ "id_token": sign(&Value::Object(claims), SignedBy::Key) });
        assert_eq!(provider.identity(client_tokens(tokens)).await.is_ok(), is_taken, "{by}");
    }
    let error = stub.builder().provider(config(client())).build().unwrap_err();
    assert_eq!(error.field(), "own.clients[0].additionalConfig.issuer");
}

#[tokio::test]
async fn a_state_of_ones_own_must_come_back() {
    let stub = stub(json!({ "sub": "u" })).await;
    let provider = stub.providers(endpoints("own").client(client())).provider("own", None).unwrap();
    let there = provider.authorization_url(REDIRECT_URI).await.unwrap().with_state("s 1&");
    assert_eq!(pairs(there.url.split_once('?').unwrap().1)["state"], "s 1&");
    for (params, is_taken) in [
        (vec![("code", CODE), ("state", "s 1&")], true),
        (vec![("code", CODE), ("state", "s 2&")], false),
        (vec![("code", CODE), ("state", "")], false),
        (vec![("code", CODE)], false),
        (vec![("error", "access_denied")], false),
    ] {
        let back = AuthorizationReturn::new(REDIRECT_URI, params).expect_state("s 1&");
        match provider.exchange_code(&back).await {
            Ok(_) => assert!(is_taken),
            Err(error) => {
                assert!(matches!(error.problem(), Problem::AnotherBrowser), "{error}");
                assert!(!is_taken);
            }
        }
    }
}

#[tokio::test]
async fn claims_may_be_looked_at() {
    let played = Played::start(row("google")).await;
    let config = played.row.config().validate_id_token_payload(|claims| {
        if claims["email"] == "eve@example.com" { Ok(()) } else { Err("email") }
    });
    let provider = played.stub.providers(config).provider("google", None).unwrap();
    let tokens = played.tokens(&provider).await.unwrap();
    let error = provider.identity(tokens).await.unwrap_err();
    assert!(error.to_string().contains("`email`"), "{error}");
    assert!(matches!(error.problem(), Problem::IdToken(_)));
}

/// In the browser's flow, and for tokens of clients, in the place of a check that there isn't.
#[tokio::test]
async fn fdi_1_2_an_access_token_is_judged_by_the_application() {
    let config = endpoints("own").client(client()).validate_access_token(|token| async move {
        match token.expose_secret() {
            ACCESS_TOKEN => Ok(()),
            _ => Err("it isn't ours"),
        }
    });
    let user = json!({ "sub": "u", "email": "ada@example.com" });
    assert!(sign_in(config.clone(), user.clone()).await.0.is_some());
    let stub = stub(user).await;
    let provider = stub.providers(config).provider("own", None).unwrap();
    let theirs = client_tokens(json!({ "access_token": "theirs" }));
    let error = provider.identity(theirs).await.unwrap_err();
    assert_eq!((error.step(), error.fault()), (Step::TokenCheck, Fault::Forgery));
    assert!(stub.log.lock().unwrap().is_empty(), "nobody was asked");
    let ours = client_tokens(json!({ "access_token": ACCESS_TOKEN }));
    assert!(provider.identity(ours).await.is_ok());
}

#[tokio::test]
async fn fdi_1_2_a_development_client_goes_by_the_references_page() {
    let development = ClientConfig::new(format!("4398792-{CLIENT_ID}")).client_secret("known");
    let user = json!({ "sub": "u", "email": "ada@example.com" });
    let stub = stub(user).await;
    let config = endpoints("own").client(development);
    let provider = stub.providers(config).provider("own", None).unwrap();
    let there = provider.authorization_url(REDIRECT_URI).await.unwrap();
    let (address, query) = there.url.split_once('?').unwrap();
    assert_eq!(address, "https://supertokens.io/dev/oauth/redirect-to-provider");
    let query = pairs(query);
    assert_eq!(query["client_id"], CLIENT_ID);
    assert_eq!(query["redirect_uri"], REDIRECT_URI);
    assert_eq!(query["actual_redirect_uri"], "https://own.example/authorize?tenant=t%201");
    let back = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
    let tokens = provider.exchange_code(&back).await.unwrap();
    let form = stub.log.lock().unwrap()[0].form();
    assert_eq!(form["redirect_uri"], "https://supertokens.io/dev/oauth/redirect-to-app");
    assert_eq!(form["client_id"], CLIENT_ID);
    assert!(provider.identity(tokens).await.is_ok());
    // Anybody can have a token of that client.
    let tokens = client_tokens(json!({ "access_token": ACCESS_TOKEN }));
    let error = provider.identity(tokens).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Request, "{error}");
    for id in ["467101b197249757c71f", "4398792-mine"] {
        assert!(ClientConfig::new(id).is_for_development());
    }
    assert!(!ClientConfig::new(CLIENT_ID).is_for_development());
}

/// Whose fault it is that a provider says no.
#[tokio::test]
async fn a_status_is_the_clients_fault_where_it_brought_what_was_sent() {
    for (status, body, url, fault) in [
        (400, json!({ "error": "invalid_grant" }), "https://own.example/token", Fault::Refusal),
        (401, json!("no"), "https://own.example/token", Fault::Refusal),
        (
            401,
            json!({ "error": "invalid_client" }),
            "https://own.example/token",
            Fault::Configuration,
        ),
        (429, json!("slow down"), "https://own.example/token", Fault::Provider),
        (500, json!("no"), "https://own.example/token", Fault::Provider),
        (403, json!("no"), "https://own.example/user", Fault::Refusal),
        (502, json!("no"), "https://own.example/user", Fault::Provider),
    ] {
        let stub = Stub::start(&[HOST], move |request| match request.url.as_str() {
            asked if asked == url => Answer::Json(status, body.clone()),
            _ => json(json!({ "access_token": ACCESS_TOKEN })),
        })
        .await;
        let provider = stub.providers(endpoints("own").client(client())).provider("own", None);
        let provider = provider.unwrap();
        let back = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
        let error = match provider.exchange_code(&back).await {
            Ok(tokens) => provider.identity(tokens).await.unwrap_err(),
            Err(error) => error,
        };
        assert_eq!(error.fault(), fault, "{error}");
    }
}
