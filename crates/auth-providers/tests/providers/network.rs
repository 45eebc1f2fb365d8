//! Providers that are down, slow, talk nonsense, or lead elsewhere.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use auth_jwt::{Algorithm, Header, SigningKey};
use auth_providers::{
    AuthorizationReturn, ClientConfig, Fault, IdTokenProblem, Problem, ProviderConfig,
    ProviderError, Providers, Step,
};
use serde_json::{Value, json};

use crate::{
    play::{
        ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, KEY, Played, REDIRECT_URI, SignedBy,
        client_tokens, good_token, sign,
    },
    rows::row,
    stub::{Answer, Stub, json, silent_listener},
};

/// Signs in while one address answers otherwise.
async fn sign_in_with(id: &str, url: &'static str, answer: Answer) -> ProviderError {
    let played =
        Played::twisted(row(id), move |request| (request.url == url).then(|| answer.clone())).await;
    played.sign_in().await.unwrap_err()
}

const DISCOVERY: &str = "https://accounts.google.com/.well-known/openid-configuration";
const KEYS: &str = "https://accounts.google.com/keys";
const TOKEN: &str = "https://oauth2.googleapis.com/token";
const USER_INFO: &str = "https://openidconnect.googleapis.com/v1/userinfo";

const STEPS: [(&str, Step); 4] = [
    (DISCOVERY, Step::Discovery),
    (TOKEN, Step::TokenExchange),
    (KEYS, Step::Keys),
    (USER_INFO, Step::UserInfo),
];

#[tokio::test]
async fn nonsense_is_the_providers_fault_at_every_step() {
    for (url, step) in STEPS {
        for answer in [
            Answer::Text(200, "<html>Sorry</html>".to_owned()),
            Answer::Text(200, String::new()),
            Answer::Text(200, "{\"a\":".to_owned()),
            Answer::Text(200, "[".repeat(100_000)),
            json(json!([])),
            json(json!("text")),
            Answer::Text(500, "secret-of-theirs".to_owned()),
            Answer::Json(503, json!({ "error": "secret-of-theirs" })),
            Answer::Nothing,
        ] {
            let error = sign_in_with("google", url, answer).await;
            assert_eq!(error.step(), step, "{error}");
            assert_eq!(error.fault(), Fault::Provider, "{error}");
            assert_eq!(error.provider(), "google");
            assert!(!format!("{error} {error:?}").contains("theirs"), "{error}");
        }
    }
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    for says_so in [true, false] {
        let played = Played::twisted(row("google"), move |request| {
            (request.url == USER_INFO).then_some(Answer::Long { bytes: 50_000_000, says_so })
        })
        .await;
        let error = played.sign_in().await.unwrap_err();
        assert!(matches!(error.problem(), Problem::TooLarge { limit: 1_048_576, .. }), "{error}");
        let sent = *played.stub.sent.lock().unwrap();
        assert!(sent < 20_000_000, "{sent} bytes were taken");
    }
}

#[tokio::test]
async fn slow_answers_are_given_up() {
    let late = Duration::from_secs(30);
    let played = Played::twisted(row("google"), move |request| {
        (request.url == USER_INFO).then(|| Answer::Late(late, json!({ "sub": "u-1" })))
    })
    .await;
    let builder = played.stub.builder().provider(played.row.config());
    let providers = builder.timeout(Duration::from_secs(2)).build().unwrap();
    let provider = providers.provider("google", None).unwrap();
    let tokens = played.tokens(&provider).await.unwrap();
    let start = Instant::now();
    let error = provider.identity(tokens).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::TimedOut { .. }), "{error}");
    assert!(start.elapsed() < late);
}

fn at(address: SocketAddr) -> Providers {
    let host = address.to_string();
    Providers::builder()
        .provider(plain(&format!("http://{host}")))
        .allow_private_network_hosts([host])
        .timeout(Duration::from_secs(2))
        .build()
        .unwrap()
}

fn plain(base: &str) -> ProviderConfig {
    ProviderConfig::new("own")
        .endpoints(format!("{base}/a"), format!("{base}/t"), format!("{base}/u"))
        .client(ClientConfig::new(CLIENT_ID).client_secret(CLIENT_SECRET))
}

async fn exchange(providers: &Providers) -> ProviderError {
    let back = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
    providers.provider("own", None).unwrap().exchange_code(&back).await.unwrap_err()
}

#[tokio::test]
async fn a_provider_that_says_nothing_or_is_down() {
    let silent = silent_listener().await;
    let error = exchange(&at(silent)).await;
    assert!(matches!(error.problem(), Problem::TimedOut { .. }), "{error}");
    let dead = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let error = exchange(&at(dead)).await;
    assert!(matches!(error.problem(), Problem::Unreachable { .. }), "{error}");
    assert!(!format!("{error:?}").contains("code%2F1"), "{error:?}");
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused() {
    let stub = Stub::start(&["own.example"], |_| json(json!({}))).await;
    let address = stub.address;
    let providers = Providers::builder()
        .provider(plain("https://own.example"))
        .resolve_names_by(move |_| async move { Ok(vec![address]) })
        .allow_private_network_hosts(["own.example"])
        .build()
        .unwrap();
    let error = exchange(&providers).await;
    assert!(matches!(error.problem(), Problem::Unreachable { .. }), "{error}");
    assert_eq!(stub.log.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn redirects_elsewhere_are_not_followed() {
    for (to, status) in [
        ("https://evil.example/userinfo", 302),
        ("http://openidconnect.googleapis.com/v1/userinfo", 301),
        ("https://openidconnect.googleapis.com:8443/x", 307),
        ("//evil.example/x", 308),
        ("http://169.254.169.254/latest", 302),
    ] {
        let error =
            sign_in_with("google", USER_INFO, Answer::Redirect(status, to.to_owned())).await;
        assert!(matches!(error.problem(), Problem::Redirected { .. }), "{to}: {error}");
    }
    // A code is sent to one address only.
    let error = sign_in_with("google", TOKEN, Answer::Redirect(307, "/other".to_owned())).await;
    assert!(matches!(error.problem(), Problem::Redirected { .. }), "{error}");
}

#[tokio::test]
async fn a_document_may_move_on_its_host() {
    let moved = "https://accounts.google.com/moved";
    let document = row("google").discovery.unwrap().1;
    let played = Played::twisted(row("google"), move |request| match request.url.as_str() {
        DISCOVERY => Some(Answer::Redirect(301, "/moved".to_owned())),
        url if url == moved => Some(json(document.clone())),
        _ => None,
    })
    .await;
    assert!(played.sign_in().await.is_ok());
    let in_circles = sign_in_with("google", DISCOVERY, Answer::Redirect(301, DISCOVERY.to_owned()));
    assert!(matches!(in_circles.await.problem(), Problem::Redirected { .. }));
}

async fn blocked(providers: &Providers) {
    let error = exchange(providers).await;
    assert!(matches!(error.problem(), Problem::BlockedAddress { .. }), "{error}");
    assert_eq!(error.fault(), Fault::Configuration);
}

#[tokio::test]
async fn private_addresses_are_not_spoken_to() {
    let stub = Stub::start_plain(|_| json(json!({ "access_token": "a" }))).await;
    let port = stub.address.port();
    for base in [
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        format!("http://localhost:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://2130706433:{port}"),
        format!("https://0x7f.1:{port}"),
        format!("https://0177.0.0.1:{port}"),
        format!("https://127.1:{port}"),
        format!("https://0:{port}"),
        "https://169.254.169.254".to_owned(),
        "https://10.0.0.1".to_owned(),
        "https://[fd00:ec2::254]".to_owned(),
        "http://accounts.example".to_owned(),
    ] {
        let builder = Providers::builder().provider(plain(&base));
        blocked(&builder.timeout(Duration::from_secs(2)).build().unwrap()).await;
    }
    assert_eq!(stub.log.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_followed() {
    let stub = Stub::start(&["evil.example"], |_| json(json!({ "access_token": "a" }))).await;
    let address = stub.address;
    let named = |addresses: Vec<SocketAddr>| {
        Providers::builder()
            .provider(plain("https://evil.example"))
            .trust_certificates(crate::stub::AUTHORITY.identity().certificate.clone())
            .resolve_names_by(move |_| {
                let addresses = addresses.clone();
                async move { Ok(addresses) }
            })
            .timeout(Duration::from_secs(2))
            .build()
            .unwrap()
    };
    blocked(&named(vec![address])).await;
    let mapped: SocketAddr = format!("[::ffff:127.0.0.1]:{}", address.port()).parse().unwrap();
    blocked(&named(vec![mapped, "10.0.0.1:0".parse().unwrap()])).await;
    assert_eq!(stub.log.lock().unwrap().len(), 0);
}

/// A name leads elsewhere the next time: what is connected to is what was looked at, each time.
#[tokio::test]
async fn a_name_that_changes_is_looked_at_each_time() {
    let stub = Stub::start(&["evil.example"], |_| json(json!({ "access_token": "a" }))).await;
    let (address, asked) = (stub.address, Arc::new(AtomicUsize::new(0)));
    let counted = asked.clone();
    let providers = Providers::builder()
        .provider(plain("https://evil.example"))
        .resolve_names_by(move |_| {
            let is_first = counted.fetch_add(1, Ordering::Relaxed) == 0;
            let found = if is_first { Vec::new() } else { vec![address] };
            async move { if is_first { Err(std::io::Error::other("later")) } else { Ok(found) } }
        })
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = exchange(&providers).await;
    assert!(!matches!(error.problem(), Problem::BlockedAddress { .. }), "{error}");
    blocked(&providers).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(stub.log.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a_host_is_allowed_by_name_and_port() {
    let stub = Stub::start_plain(|_| json(json!({ "access_token": "a" }))).await;
    let port = stub.address.port();
    let providers = |allowed: String| {
        Providers::builder()
            .provider(plain(&format!("http://localhost:{port}")))
            .allow_private_network_hosts([allowed])
            .resolve_names_by(|_| async { Ok(vec!["127.0.0.1:0".parse().unwrap()]) })
            .build()
            .unwrap()
    };
    let back = AuthorizationReturn::new(REDIRECT_URI, [("code", CODE)]);
    let allowed = providers(format!("localhost:{port}")).provider("own", None).unwrap();
    allowed.exchange_code(&back).await.unwrap();
    blocked(&providers("localhost:1".to_owned())).await;
    blocked(&providers(format!("127.0.0.1:{port}"))).await;
    blocked(&providers("localhost".to_owned())).await;
}

/// Endpoints in a discovery document lead no further than those in a configuration.
#[tokio::test]
async fn discovery_leads_to_no_private_address() {
    for name in ["token_endpoint", "userinfo_endpoint", "jwks_uri"] {
        for address in
            ["https://169.254.169.254/x", "https://localhost/x", "http://google.example/x"]
        {
            let mut document = row("google").discovery.unwrap().1;
            document[name] = address.into();
            let error = sign_in_with("google", DISCOVERY, json(document)).await;
            assert!(matches!(error.problem(), Problem::BlockedAddress { .. }), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn a_document_of_another_issuer_is_refused() {
    for issuer in [
        "https://evil.example",
        "https://accounts.google.com.evil.example",
        "",
        "HTTPS://accounts.google.com",
    ] {
        let mut document = row("google").discovery.unwrap().1;
        document["issuer"] = issuer.into();
        let error = sign_in_with("google", DISCOVERY, json(document)).await;
        assert!(matches!(error.problem(), Problem::IssuerMismatch { .. }), "{issuer}: {error}");
        assert_eq!((error.step(), error.fault()), (Step::Discovery, Fault::Forgery));
    }
}

/// RFC 9207.
#[tokio::test]
async fn the_words_of_another_issuer_are_refused() {
    let mut row = row("google");
    let document = &mut row.discovery.as_mut().unwrap().1;
    document["authorization_response_iss_parameter_supported"] = true.into();
    let played = Played::start(row).await;
    let provider = played.provider();
    let mut back = played.authorize(&provider).await.unwrap();
    let error = provider.exchange_code(&back).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::Missing("iss")), "{error}");
    for issuer in ["https://evil.example", "https://accounts.google.com/", ""] {
        back.params.insert("iss".to_owned(), issuer.to_owned());
        let error = provider.exchange_code(&back).await.unwrap_err();
        assert!(matches!(error.problem(), Problem::IssuerMismatch { .. }), "{error}");
    }
    assert_eq!(played.stub.count(TOKEN), 0);
    back.params.insert("iss".to_owned(), "https://accounts.google.com".to_owned());
    provider.exchange_code(&back).await.unwrap();
}

/// Keys that the provider publishes, and a clock.
struct Rotating {
    played: Played,
    keys: Arc<Mutex<Vec<Value>>>,
    is_down: Arc<Mutex<bool>>,
    time: Arc<Mutex<SystemTime>>,
    provider: auth_providers::Provider,
}

impl Rotating {
    async fn start() -> Self {
        let first = serde_json::to_value(KEY.public_jwk("k-1")).unwrap();
        let keys = Arc::new(Mutex::new(vec![first]));
        let is_down = Arc::new(Mutex::new(false));
        let (published, down) = (keys.clone(), is_down.clone());
        let played = Played::twisted(row("google"), move |request| {
            let keys = published.lock().unwrap().clone();
            let answer = match *down.lock().unwrap() {
                true => Answer::Text(503, String::new()),
                false => json(json!({ "keys": keys })),
            };
            (request.url == KEYS).then_some(answer)
        })
        .await;
        let time = Arc::new(Mutex::new(SystemTime::now()));
        let clock = time.clone();
        let builder = played.stub.builder().provider(played.row.config());
        let providers = builder.clock(move || *clock.lock().unwrap()).build().unwrap();
        let provider = providers.provider("google", None).unwrap();
        Self { played, keys, is_down, time, provider }
    }

    fn pass(&self, seconds: u64) {
        *self.time.lock().unwrap() += Duration::from_secs(seconds);
    }

    async fn take(&self, token: String) -> Result<(), ProviderError> {
        let tokens = client_tokens(json!({ "id_token": token }));
        self.provider.identity(tokens).await.map(drop)
    }

    fn fetched(&self) -> usize {
        self.played.stub.count(KEYS)
    }
}

#[tokio::test]
async fn keys_are_kept_and_fetched_anew_when_they_rotate() {
    let it = Rotating::start().await;
    let good = || sign(&good_token(&row("google")), SignedBy::Key);
    for _ in 0..3 {
        it.take(good()).await.unwrap();
    }
    assert_eq!((it.fetched(), it.played.stub.count(DISCOVERY)), (1, 1));
    let new = SigningKey::generate(Algorithm::Rs256).unwrap();
    it.keys.lock().unwrap().push(serde_json::to_value(new.public_jwk("k-2")).unwrap());
    let by_new =
        || new.sign(&Header::new(Algorithm::Rs256, "k-2"), &good_token(&row("google"))).unwrap();
    it.take(by_new()).await.unwrap();
    assert_eq!(it.fetched(), 2);
    // Who makes key ids up doesn't make us ask more than twice a minute.
    for fetched in [3, 5] {
        for _ in 0..3 {
            let header = Header::new(Algorithm::Rs256, "k-3");
            let made_up = KEY.sign(&header, &good_token(&row("google"))).unwrap();
            let error = it.take(made_up).await.unwrap_err();
            let is_unknown =
                matches!(error.problem(), Problem::IdToken(IdTokenProblem::UnknownKey));
            assert!(is_unknown, "{error}");
        }
        assert_eq!(it.fetched(), fetched);
        it.pass(59);
        it.take(by_new()).await.unwrap();
        assert_eq!(it.fetched(), fetched);
        it.pass(61);
    }
}

/// Who makes key ids up while the provider is down doesn't lock out everybody else.
#[tokio::test]
async fn a_failed_fetch_forgets_no_good_keys() {
    let it = Rotating::start().await;
    let good = || sign(&good_token(&row("google")), SignedBy::Key);
    it.take(good()).await.unwrap();
    it.pass(31);
    *it.is_down.lock().unwrap() = true;
    let made_up = KEY.sign(&Header::new(Algorithm::Rs256, "k-3"), &good_token(&row("google")));
    let error = it.take(made_up.unwrap()).await.unwrap_err();
    assert_eq!((error.step(), error.fault()), (Step::Keys, Fault::Provider), "{error}");
    it.take(good()).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_key_counts_for_an_hour_at_most() {
    let it = Rotating::start().await;
    let good = sign(&good_token(&row("google")), SignedBy::Key);
    it.take(good.clone()).await.unwrap();
    it.keys.lock().unwrap().clear();
    it.pass(3500);
    it.take(good.clone()).await.unwrap();
    it.pass(101);
    let error = it.take(good).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::IdToken(IdTokenProblem::UnknownKey)), "{error}");
    assert!(it.played.stub.count(DISCOVERY) == 2, "discovery has the same age");
}

#[tokio::test]
async fn many_at_once_fetch_once() {
    let it = Arc::new(Rotating::start().await);
    let all: Vec<_> = (0..20)
        .map(|_| {
            let it = it.clone();
            tokio::spawn(async move {
                it.take(sign(&good_token(&row("google")), SignedBy::Key)).await.unwrap();
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    assert_eq!((it.fetched(), it.played.stub.count(DISCOVERY)), (1, 1));
}

#[tokio::test]
async fn those_who_wait_for_a_failure_do_not_wait_again() {
    let played = Played::twisted(row("google"), |request| {
        (request.url == DISCOVERY)
            .then(|| Answer::Late(Duration::from_secs(30), json!({ "sub": "u-1" })))
    })
    .await;
    let builder = played.stub.builder().provider(played.row.config());
    let providers = builder.timeout(Duration::from_millis(400)).build().unwrap();
    let start = Instant::now();
    let all: Vec<_> = (0..10)
        .map(|_| {
            let provider = providers.provider("google", None).unwrap();
            tokio::spawn(async move { provider.authorization_url(REDIRECT_URI).await.is_err() })
        })
        .collect();
    for one in all {
        assert!(one.await.unwrap());
    }
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn refusals_are_told_by_their_code() {
    let refused = Answer::Json(400, json!({ "error": "invalid_grant", "error_description": "x" }));
    let error = sign_in_with("google", TOKEN, refused).await;
    assert!(matches!(error.problem(), Problem::Refused { code } if code == "invalid_grant"));
    assert_eq!(error.fault(), Fault::Refusal);
    let strange = Answer::Json(400, json!({ "error": "<script>\nsecret" }));
    let error = sign_in_with("google", TOKEN, strange).await;
    assert!(!format!("{error} {error:?}").contains("secret"), "{error}");
    let provider = Played::start(row("google")).await.provider();
    let back = AuthorizationReturn::new(REDIRECT_URI, [("error", "access_denied")]);
    let error = provider.exchange_code(&back).await.unwrap_err();
    assert!(matches!(error.problem(), Problem::Refused { code } if code == "access_denied"));
    assert_eq!(error.step(), Step::Authorization);
}

/// Neither errors nor debug output show what mustn't be known.
#[tokio::test]
async fn errors_hold_no_secrets() {
    for (url, _) in STEPS {
        for answer in
            [Answer::Nothing, Answer::Text(200, String::new()), Answer::Json(400, json!({}))]
        {
            let error = sign_in_with("google", url, answer).await;
            let text = format!("{error} {error:?}");
            for secret in [CLIENT_SECRET, ACCESS_TOKEN, CODE, "code%2F1"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
    // Facebook's token stands in the address.
    let error = sign_in_with("facebook", "https://graph.facebook.com/me", Answer::Nothing).await;
    assert!(!format!("{error} {error:?}").contains(ACCESS_TOKEN), "{error:?}");
    let played = Played::start(row("google")).await;
    let provider = played.provider();
    let there = provider.authorization_url(REDIRECT_URI).await.unwrap();
    let verifier = there.verifier.clone().unwrap();
    let back = played.authorize(&provider).await.unwrap();
    let tokens = provider.exchange_code(&back).await.unwrap();
    let id_token = tokens.id_token().unwrap().to_owned();
    let identity = provider.identity(tokens.clone()).await.unwrap();
    let text = format!("{provider:?} {there:?} {back:?} {tokens:?} {identity:?}");
    for secret in [CLIENT_SECRET, ACCESS_TOKEN, CODE, &id_token, verifier.expose_secret()] {
        assert!(!text.contains(secret), "{text}");
    }
    assert!(!text.contains("ada@example.com"), "{text}");
}
