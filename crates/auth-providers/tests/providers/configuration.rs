//! Configurations: wrong ones, stored ones, and what is written of them.

use auth_providers::{
    ClientConfig, ConfigError, Fault, Problem, ProviderConfig, Providers, UserInfoFields,
    UserInfoMap,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn parse(value: Value) -> ProviderConfig {
    serde_json::from_value(value).unwrap()
}

fn build(value: Value) -> Result<Providers, ConfigError> {
    Providers::builder().provider(parse(value)).build()
}

const OWN: &str = r#"{
    "thirdPartyId": "own", "clients": [{ "clientId": "c", "clientSecret": "s" }],
    "authorizationEndpoint": "https://a.example/a", "tokenEndpoint": "https://a.example/t",
    "userInfoEndpoint": "https://a.example/u"
}"#;

fn own(name: &str, value: Value) -> Value {
    let mut config: Value = serde_json::from_str(OWN).unwrap();
    match value {
        Value::Null => config.as_object_mut().unwrap().remove(name),
        value => config.as_object_mut().unwrap().insert(name.to_owned(), value),
    };
    config
}

#[test]
fn a_wrong_configuration_names_its_field() {
    let client = |id: &str, additional: Value| json!({ "thirdPartyId": id, "clients": [{ "clientId": "c", "additionalConfig": additional }] });
    for (config, field) in [
        (own("clients", json!([])), "own.clients"),
        (own("clients", json!([{ "clientId": "" }])), "own.clients[0].clientId"),
        (own("clients", json!([{ "clientId": "a" }, { "clientId": "b" }])), "own.clients"),
        (
            own(
                "clients",
                json!([
                    { "clientId": "a", "clientType": "w" }, { "clientId": "", "clientType": "i" },
                ]),
            ),
            "own.clients[1].clientId",
        ),
        (own("thirdPartyId", json!("")), "thirdPartyId"),
        (own("authorizationEndpoint", Value::Null), "own.authorizationEndpoint"),
        (own("authorizationEndpoint", json!("a.example")), "own.authorizationEndpoint"),
        (own("tokenEndpoint", Value::Null), "own.tokenEndpoint"),
        (own("tokenEndpoint", json!("ftp://a.example/")), "own.tokenEndpoint"),
        (own("tokenEndpoint", json!("https://u:p@a.example/")), "own.tokenEndpoint"),
        (own("tokenEndpoint", json!("https://a.example/#f")), "own.tokenEndpoint"),
        (own("userInfoEndpoint", Value::Null), "own.userInfoEndpoint"),
        (own("oidcDiscoveryEndpoint", json!("not one")), "own.oidcDiscoveryEndpoint"),
        (
            own("userInfoMap", json!({ "fromUserInfoAPI": { "email": "a..b" } })),
            "own.userInfoMap.fromUserInfoAPI.email",
        ),
        (
            own("userInfoMap", json!({ "fromIdTokenPayload": { "userId": "a[" } })),
            "own.userInfoMap.fromIdTokenPayload.userId",
        ),
        (own("userInfoEndpointHeaders", json!({ "a b": "c" })), "own.userInfoEndpointHeaders.a b"),
        (client("okta", json!({})), "okta.clients[0].additionalConfig.oktaDomain"),
        (
            client("okta", json!({ "oktaDomain": "" })),
            "okta.clients[0].additionalConfig.oktaDomain",
        ),
        (client("okta", json!({ "oktaDomain": 7 })), "okta.clients[0].additionalConfig.oktaDomain"),
        (
            client("active-directory", json!({ "directoryId": "../evil" })),
            "active-directory.clients[0].additionalConfig.directoryId",
        ),
        (
            client("active-directory", json!({ "directoryId": "a@evil.example/" })),
            "active-directory.clients[0].additionalConfig.directoryId",
        ),
        (client("boxy-saml", json!({})), "boxy-saml.clients[0].additionalConfig.boxyURL"),
        (
            client("cognito", json!({ "domain": "d.example", "region": "r" })),
            "cognito.clients[0].additionalConfig.userPoolId",
        ),
        (client("apple", json!({})), "apple.clients[0].additionalConfig.keyId"),
        (client("apple", json!({ "keyId": "k" })), "apple.clients[0].additionalConfig.teamId"),
        (
            client("apple", json!({ "keyId": "k", "teamId": "t" })),
            "apple.clients[0].additionalConfig.privateKey",
        ),
        (
            client(
                "apple",
                json!({ "keyId": "k", "teamId": "t", "privateKey": "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----" }),
            ),
            "apple.clients[0].additionalConfig.privateKey",
        ),
        (client("line", json!({})), "line.clients[0].clientSecret"),
        (
            json!({ "thirdPartyId": "line", "clients": [{ "clientId": "c", "clientSecret": "" }] }),
            "line.clients[0].clientSecret",
        ),
        (
            client("google", json!({ "authorizedParties": "a" })),
            "google.clients[0].additionalConfig.authorizedParties",
        ),
        (
            client("microsoft", json!({ "allowedTenants": [7] })),
            "microsoft.clients[0].additionalConfig.allowedTenants",
        ),
    ] {
        let error = build(config.clone()).expect_err(&config.to_string());
        assert_eq!(error.field(), field, "{error}");
    }
}

#[test]
fn wrong_settings_are_named() {
    let config = || parse(serde_json::from_str(OWN).unwrap());
    let two = Providers::builder().provider(config()).provider(config()).build();
    assert_eq!(two.unwrap_err().field(), "thirdPartyId");
    for host in ["", "https://a.example", "a.example/x", "a b", "u@a.example", "a.example:x"] {
        let error = Providers::builder().allow_private_network_hosts([host]).build().unwrap_err();
        assert_eq!(error.field(), "allow_private_network_hosts", "{host}");
    }
    for pem in ["", "text", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"] {
        let error = Providers::builder().trust_certificates(pem).build().unwrap_err();
        assert!(matches!(error.field(), "trust_certificates" | "http"), "{error}");
    }
    let made_up = config().require_email(false).generate_fake_email(|id| format!("{id}@a.example"));
    let error = Providers::builder().provider(made_up).build().unwrap_err();
    assert_eq!(error.field(), "own.generateFakeEmail");
    let zero = Providers::builder().timeout(std::time::Duration::ZERO).build().unwrap_err();
    assert_eq!(zero.field(), "timeout");
}

/// FDI §1.2: client selection.
#[test]
fn fdi_1_2_a_client_is_chosen_by_its_type() {
    let two = own(
        "clients",
        json!([
            { "clientId": "a", "clientType": "web" }, { "clientId": "b", "clientType": "ios" },
        ]),
    );
    let two = build(two).unwrap();
    assert_eq!(two.provider("own", Some("ios")).unwrap().client_type(), Some("ios"));
    let problem = |providers: &Providers, id: &str, client_type: Option<&str>| {
        let error = providers.provider(id, client_type).unwrap_err();
        assert_eq!(error.fault(), Fault::Request);
        error.problem().to_string()
    };
    assert_eq!(
        problem(&two, "own", None),
        "please provide exactly one client config or pass clientType"
    );
    assert_eq!(problem(&two, "own", Some("x")), "could not find client config for clientType: x");
    assert_eq!(
        problem(&two, "other", None),
        "the provider other could not be found in the configuration"
    );
    let one = build(serde_json::from_str(OWN).unwrap()).unwrap();
    assert!(one.provider("own", None).is_ok());
    problem(&one, "own", Some("web"));
}

#[test]
fn fdi_1_2_a_stored_provider_is_laid_over_the_programs() {
    let own = parse(json!({
        "thirdPartyId": "own", "name": "Mine",
        "clients": [
            { "clientType": "web", "clientId": "a" }, { "clientType": "ios", "clientId": "b" },
        ],
        "authorizationEndpoint": "https://a.example/a", "tokenEndpoint": "https://a.example/t",
        "authorizationEndpointQueryParams": { "x": "1" },
        "userInfoMap": { "fromUserInfoAPI": { "userId": "id", "email": "mail" } },
        "requireEmail": false,
    }));
    let stored = parse(json!({
        "thirdPartyId": "own",
        "clients": [
            { "clientType": "ios", "clientId": "c" }, { "clientType": "tv", "clientId": "d" },
        ],
        "tokenEndpoint": "https://b.example/t",
        "authorizationEndpointQueryParams": { "y": null },
        "userInfoMap": { "fromUserInfoAPI": { "email": "address" } },
    }));
    assert_eq!(
        serde_json::to_value(own.with_stored(&stored)).unwrap(),
        json!({
            "thirdPartyId": "own", "name": "Mine",
            "clients": [
                { "clientType": "web", "clientId": "a" }, { "clientType": "ios", "clientId": "c" },
                { "clientType": "tv", "clientId": "d" },
            ],
            "authorizationEndpoint": "https://a.example/a", "tokenEndpoint": "https://b.example/t",
            "authorizationEndpointQueryParams": { "y": null },
            "userInfoMap": { "fromUserInfoAPI": { "userId": "id", "email": "address" } },
            "requireEmail": false,
        })
    );
}

#[test]
fn a_stored_provider_is_checked_when_it_is_used() {
    let providers = Providers::builder().build().unwrap();
    let stored = parse(json!({ "thirdPartyId": "okta", "clients": [{ "clientId": "c" }] }));
    let error = providers.stored_provider(&stored, None).unwrap_err();
    assert_eq!(error.fault(), Fault::Configuration);
    assert!(error.to_string().contains("okta.clients[0].additionalConfig.oktaDomain"), "{error}");
    let empty = parse(json!({ "thirdPartyId": "okta", "clients": [] }));
    assert!(matches!(
        providers.stored_provider(&empty, None).unwrap_err().problem(),
        Problem::UnknownClient(_)
    ));
}

/// Whoever may store a provider doesn't get the program's secret sent to a place of his.
#[test]
fn a_stored_address_is_not_told_the_programs_secret() {
    let own = parse(serde_json::from_str(OWN).unwrap());
    let providers = Providers::builder().provider(own).build().unwrap();
    for field in [
        "thirdPartyImplementation",
        "authorizationEndpoint",
        "tokenEndpoint",
        "userInfoEndpoint",
        "oidcDiscoveryEndpoint",
    ] {
        let value = "https://evil.example/x";
        let mut stored = json!({ "thirdPartyId": "own", "clients": [], field: value });
        let error = providers.stored_provider(&parse(stored.clone()), None).unwrap_err();
        assert_eq!(error.fault(), Fault::Configuration, "{error}");
        assert!(error.to_string().contains("`own.clients`"), "{error}");
        stored["clients"] = json!([{ "clientId": "theirs", "clientSecret": "theirs" }]);
        assert!(providers.stored_provider(&parse(stored), None).is_ok(), "{field}");
    }
    let name = parse(json!({ "thirdPartyId": "own", "name": "Other" }));
    assert_eq!(providers.stored_provider(&name, None).unwrap().name(), "Other");
}

/// CDI §6.4: every field by its name on the wire.
#[test]
fn cdi_6_4_names_on_the_wire() {
    let whole = json!({
        "thirdPartyId": "own", "thirdPartyImplementation": "google", "name": "Own",
        "clients": [{
            "clientType": "web", "clientId": "c", "clientSecret": "s", "scope": ["a"],
            "forcePKCE": true, "additionalConfig": { "k": 1 },
        }],
        "codeChallengeMethodsSupported": ["S256"],
        "authorizationEndpoint": "a", "authorizationEndpointQueryParams": { "p": null },
        "tokenEndpoint": "t", "tokenEndpointBodyParams": { "p": "v" },
        "userInfoEndpoint": "u", "userInfoEndpointQueryParams": { "p": "v" },
        "userInfoEndpointHeaders": { "h": "v" },
        "jwksURI": "j", "oidcDiscoveryEndpoint": "d",
        "userInfoMap": {
            "fromIdTokenPayload": { "userId": "a", "email": "b", "emailVerified": "c" },
            "fromUserInfoAPI": { "userId": "d", "email": "e", "emailVerified": "f" },
        },
        "requireEmail": true,
    });
    assert_eq!(serde_json::to_value(parse(whole.clone())).unwrap(), whole);
    // A core of a later version may store more.
    let mut more = whole.clone();
    more["later"] = 1.into();
    assert_eq!(serde_json::to_value(parse(more)).unwrap(), whole);
}

#[test]
fn debug_output_holds_no_secrets() {
    let client = ClientConfig::new("c")
        .client_secret("hidden-1")
        .additional("privateKey", "hidden-2")
        .additional("nested", json!({ "a": "hidden-3" }));
    let mut config = ProviderConfig::new("own").client(client);
    config.token_endpoint_body_params.insert("key".to_owned(), Some("hidden-4".to_owned()));
    config.user_info_endpoint_headers.insert("x-key".to_owned(), Some("hidden-5".to_owned()));
    let builder = Providers::builder().provider(config.clone());
    let text = format!("{config:?} {builder:?}");
    assert!(!text.contains("hidden"), "{text}");
    assert!(text.contains("privateKey") && text.contains("x-key"));
}

fn fields() -> impl Strategy<Value = UserInfoFields> {
    let text = || prop::option::of("[a-c]{1,2}");
    (text(), text(), text()).prop_map(|(user_id, email, email_verified)| UserInfoFields {
        user_id,
        email,
        email_verified,
    })
}

fn config() -> impl Strategy<Value = ProviderConfig> {
    let text = || prop::option::of("[a-c]{1,2}");
    let clients = prop::collection::btree_map(prop::option::of("[wi]"), "[a-z]{1,4}", 0..3);
    let params = prop::collection::btree_map("[p-r]", prop::option::of("[a-c]"), 0..3);
    (text(), text(), clients, params, prop::option::of(any::<bool>()), fields(), fields()).prop_map(
        |(name, token, clients, params, require, from_id_token_payload, from_user_info_api)| {
            let mut config = ProviderConfig::new("own");
            config.name = name;
            config.token_endpoint = token;
            config.authorization_endpoint_query_params = params;
            config.require_email = require;
            config.user_info_map = UserInfoMap { from_id_token_payload, from_user_info_api };
            for (client_type, id) in clients {
                let mut client = ClientConfig::new(id);
                client.client_type = client_type;
                config = config.client(client);
            }
            config
        },
    )
}

fn written(config: &ProviderConfig) -> Value {
    serde_json::to_value(config).unwrap()
}

proptest! {
    #[test]
    fn merging_with_nothing_changes_nothing(config in config()) {
        let nothing = ProviderConfig::new("own");
        prop_assert_eq!(written(&config.with_stored(&nothing)), written(&config));
        prop_assert_eq!(written(&nothing.with_stored(&config)), written(&config));
    }

    #[test]
    fn merging_again_changes_nothing(mine in config(), stored in config()) {
        let once = mine.with_stored(&stored);
        prop_assert_eq!(written(&once.with_stored(&stored)), written(&once));
    }

    /// A leaf is the stored one where there is one, and mine where there is none.
    #[test]
    fn every_leaf_is_the_stored_one_or_mine(mine in config(), stored in config()) {
        let merged = mine.with_stored(&stored);
        prop_assert_eq!(&merged.name, &stored.name.clone().or(mine.name.clone()));
        let leaf = |config: &ProviderConfig| config.user_info_map.from_user_info_api.email.clone();
        prop_assert_eq!(leaf(&merged), leaf(&stored).or(leaf(&mine)));
        for client in &merged.clients {
            let of = |config: &ProviderConfig| {
                let mut clients = config.clients.iter();
                clients.find(|it| it.client_type == client.client_type).map(|it| it.client_id.clone())
            };
            prop_assert_eq!(Some(client.client_id.clone()), of(&stored).or(of(&mine)));
        }
        let types = |config: &ProviderConfig| config.clients.len();
        prop_assert!(types(&merged) <= types(&mine) + types(&stored));
    }

    #[test]
    fn a_configuration_survives_the_wire(config in config()) {
        prop_assert_eq!(written(&parse(written(&config))), written(&config));
    }

    /// No additional value leads a built-in endpoint to another host.
    #[test]
    fn a_placeholder_leads_nowhere_else(value in ".{1,12}") {
        let client = ClientConfig::new("c").additional("directoryId", value.clone());
        let config = ProviderConfig::new("active-directory").client(client);
        if Providers::builder().provider(config).build().is_ok() {
            let url = format!("https://login.microsoftonline.com/{}/v2.0", value.trim());
            let url = url::Url::parse(&url).unwrap();
            prop_assert_eq!(url.host_str(), Some("login.microsoftonline.com"));
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments, [value.trim(), "v2.0"]);
        }
    }
}
