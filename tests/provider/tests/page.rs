//! A browser at the provider's page, and a client that asks for its user.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

use local_provider::{Client, LocalProvider};
use reqwest::{StatusCode, header, redirect::Policy};
use serde_json::Value;
use url::{Url, form_urlencoded};

const BACK: &str = "http://localhost:3000/auth/callback/local?keep=1";

async fn start() -> LocalProvider {
    let client = Client {
        id: "a <b>shop</b>".to_owned(),
        secret: "kJ3w9s".to_owned(),
        redirect_uris: vec![BACK.to_owned()],
    };
    LocalProvider::start("127.0.0.1:0", client).await.unwrap()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(Policy::none()).build().unwrap()
}

async fn post(url: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let request = browser().post(url).body(form(fields));
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    request.send().await.unwrap()
}

fn authorization_url(provider: &LocalProvider, scope: &str, redirect_uri: &str) -> String {
    let query = form(&[
        ("client_id", &provider.client().id),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s\"><1"),
    ]);
    format!("{}/authorize?{query}", provider.issuer())
}

fn sent_back(response: &reqwest::Response) -> Url {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    Url::parse(response.headers()[header::LOCATION].to_str().unwrap()).unwrap()
}

fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_page_asks_for_an_address_and_sends_the_browser_back() {
    let provider = start().await;
    let url = authorization_url(&provider, "openid email", BACK);
    let page = browser().get(&url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<form method=\"post\"") && page.contains("name=\"email\""), "{page}");
    assert!(
        page.contains("a &lt;b&gt;shop") && !page.contains("\"><1"),
        "nothing is markup: {page}"
    );
    let answer =
        post(&url, &[("email", "ada@example.com"), ("verified", "yes"), ("answer", "yes")]);
    let back = sent_back(&answer.await);
    assert_eq!(param(&back, "keep").as_deref(), Some("1"));
    assert_eq!(param(&back, "state").as_deref(), Some("s\"><1"));
    assert_eq!(param(&back, "iss").as_deref(), Some(provider.issuer()));
    let code = param(&back, "code").unwrap();
    let fields = |secret: &'static str| {
        let id = provider.client().id.clone();
        let of = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", BACK),
            ("client_id", &*id),
            ("client_secret", secret),
        ];
        of.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let token_url = format!("{}/token", provider.issuer());
    let exchange = async |secret| {
        let fields = fields(secret);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let answer = post(&token_url, &fields).await;
        (answer.status(), serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap())
    };
    assert_eq!(exchange("wrong").await.1["error"], "invalid_client");
    let (status, tokens) = exchange("kJ3w9s").await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    assert!(tokens["id_token"].is_string(), "{tokens}");
    assert_eq!(exchange("kJ3w9s").await.1["error"], "invalid_grant", "a code is good once");
    let user = browser()
        .get(format!("{}/userinfo", provider.issuer()))
        .bearer_auth(tokens["access_token"].as_str().unwrap());
    let user: Value =
        serde_json::from_str(&user.send().await.unwrap().text().await.unwrap()).unwrap();
    assert_eq!(
        (&user["email"], &user["email_verified"]),
        (&"ada@example.com".into(), &true.into())
    );
}

#[tokio::test]
async fn the_user_may_say_no() {
    let provider = start().await;
    let url = authorization_url(&provider, "openid", BACK);
    let back = sent_back(&post(&url, &[("answer", "no")]).await);
    assert_eq!(param(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(param(&back, "code"), None);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_the_client_has_not_named() {
    let provider = start().await;
    let url = authorization_url(&provider, "openid", "https://evil.example/");
    for response in [
        browser().get(&url).send().await.unwrap(),
        post(&url, &[("email", "ada@example.com"), ("answer", "yes")]).await,
    ] {
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(!response.headers().contains_key(header::LOCATION));
    }
}
