//! Captchas judged by stand-ins for their providers on loopback, which see the exact request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use auth_core::{
    AppInfo, Auth, BuildError, Request,
    captcha::{CaptchaConfig, CaptchaOutage, CaptchaWhen, SiteVerify},
    core::EngineConfig,
    limits::Action,
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use axum::{Router, extract::State};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const SECRET: &str = "0x-the-secret";

struct Call {
    path: String,
    headers: HeaderMap,
    form: Vec<(String, String)>,
}

/// What the stand-in saw, and what it answers next.
#[derive(Clone, Default)]
struct Provider {
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<VecDeque<(StatusCode, String)>>>,
}

impl Provider {
    async fn start() -> (Self, String) {
        let provider = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (provider, url)
    }

    fn says(&self, status: u16, body: &impl ToString) {
        let status = StatusCode::from_u16(status).unwrap();
        self.answers.lock().unwrap().push_back((status, body.to_string()));
    }

    fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

async fn answer(
    State(provider): State<Provider>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    provider.calls.lock().unwrap().push(Call { path: uri.to_string(), headers, form });
    let (status, body) = provider.answers.lock().unwrap().pop_front().expect("an answer");
    let elsewhere = HeaderValue::from_static("http://127.0.0.1:9/elsewhere");
    (status, HeaderMap::from_iter([(header::LOCATION, elsewhere)]), body)
}

async fn build(config: CaptchaConfig) -> Result<Auth, BuildError> {
    let app_info = AppInfo::new("Captcha", "https://api.example.com", "https://www.example.com");
    Auth::builder(app_info.trusted_origins(["https://admin.example.com"]))
        .core(EngineConfig::in_memory())
        .recipe(EmailPasswordRecipe::new())
        .recipe(SessionRecipe::new())
        .captcha(config)
        .build()
        .await
}

async fn start(provider: SiteVerify, when: CaptchaWhen, outage: CaptchaOutage) -> Auth {
    let config = CaptchaConfig::new(provider).on(Action::SignIn, when).outage(outage);
    build(config).await.unwrap()
}

/// A sign-in of somebody unknown, another one each time: it is judged where the captcha lets it through.
async fn sign_in(auth: &Auth, token: Option<&str>) -> Value {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    sign_in_as(auth, &format!("user{number}@example.com"), token).await
}

async fn sign_in_as(auth: &Auth, email: &str, token: Option<&str>) -> Value {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        headers.insert("x-captcha-response", HeaderValue::from_str(token).unwrap());
    }
    let body = json!({ "formFields": [
        { "id": "email", "value": email },
        { "id": "password", "value": "correct horse 1" },
    ] });
    let request = Request::new(Method::POST, "/auth/signin", &headers)
        .with_peer_address(Some(IpAddr::from([192, 0, 2, 7])))
        .with_body(body.to_string());
    let route = auth.route_of(&request).unwrap();
    let response = auth.handle(route, request).await;
    assert_eq!(response.status, StatusCode::OK);
    serde_json::from_slice(&response.body).unwrap()
}

#[track_caller]
fn expect_judged(answer: &Value) {
    assert_eq!(answer["status"], "WRONG_CREDENTIALS_ERROR", "{answer}");
}

#[track_caller]
fn expect_refused(answer: &Value, reason: &str) {
    assert_eq!((&answer["status"], &answer["reason"]), (&json!("GENERAL_ERROR"), &json!(reason)));
}

#[tokio::test]
async fn each_provider_is_asked_in_its_way_and_named_to_the_page() {
    let (provider, url) = Provider::start().await;
    for (captcha, name, has_site_key, answer) in [
        (
            SiteVerify::turnstile("site", SECRET),
            "turnstile",
            false,
            json!({ "success": true, "hostname": "www.example.com", "error-codes": [],
                    "challenge_ts": "2026-01-01T00:00:00.000Z", "action": "", "cdata": "" }),
        ),
        (
            SiteVerify::hcaptcha("site", SECRET),
            "hcaptcha",
            true,
            json!({ "success": true, "hostname": "admin.example.com", "credit": false }),
        ),
        (
            SiteVerify::recaptcha_v2("site", SECRET),
            "recaptcha-v2",
            false,
            json!({ "success": true, "hostname": "WWW.example.com" }),
        ),
        (
            SiteVerify::recaptcha_v3("site", SECRET),
            "recaptcha-v3",
            false,
            json!({ "success": true, "hostname": "www.example.com", "score": 0.5,
                    "action": "signIn" }),
        ),
    ] {
        let captcha = captcha.url(&url);
        let auth = start(captcha, CaptchaWhen::Always, CaptchaOutage::Refuse).await;
        let refused = sign_in(&auth, None).await;
        expect_refused(&refused, "CAPTCHA_REQUIRED");
        assert_eq!(
            (&refused["provider"], &refused["siteKey"], &refused["action"]),
            (&json!(name), &json!("site"), &json!("signIn")),
        );
        assert!(refused["message"].is_string() && refused.get("challengeUrl").is_none());
        assert!(provider.calls().is_empty(), "{name} was asked without a token");

        provider.says(200, &answer);
        expect_judged(&sign_in(&auth, Some("a token & more")).await);
        let [call] = <[Call; 1]>::try_from(provider.calls()).ok().expect("one call");
        assert_eq!(call.path, "/siteverify");
        assert_eq!(call.headers["content-type"], "application/x-www-form-urlencoded");
        let mut wanted = vec![("secret", SECRET), ("response", "a token & more")];
        wanted.extend(has_site_key.then_some(("sitekey", "site")));
        wanted.push(("remoteip", "192.0.2.7"));
        let form: Vec<_> = call.form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(form, wanted, "{name}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_for_this_page_or_action_is_none() {
    let (provider, url) = Provider::start().await;
    let good = json!({
        "success": true, "hostname": "www.example.com", "score": 0.9, "action": "signIn",
    });
    let captcha = SiteVerify::recaptcha_v3("site", SECRET).min_score(0.7).url(&url);
    let auth = start(captcha, CaptchaWhen::Always, CaptchaOutage::Admit).await;
    provider.says(200, &good);
    expect_judged(&sign_in(&auth, Some("token")).await);
    for (member, value) in [
        ("success", json!(false)),
        ("hostname", json!("www.example.com.evil.example")),
        ("hostname", json!("not-provided")),
        ("hostname", Value::Null),
        ("score", json!(0.69)),
        ("score", Value::Null),
        ("action", json!("signUp")),
        ("action", Value::Null),
    ] {
        let mut answer = good.clone();
        answer[member] = value;
        provider.says(200, &answer);
        expect_refused(&sign_in(&auth, Some("token")).await, "CAPTCHA_REQUIRED");
    }
    for codes in [
        json!(["timeout-or-duplicate"]),
        json!(["invalid-input-response"]),
        json!(["already-seen-response"]),
        json!([]),
    ] {
        for status in [200, 400] {
            provider.says(status, &json!({ "success": false, "error-codes": codes }));
            expect_refused(&sign_in(&auth, Some("token")).await, "CAPTCHA_REQUIRED");
        }
    }
    assert_eq!(provider.calls().len(), 17);
    expect_refused(&sign_in(&auth, Some(&"x".repeat(8193))).await, "CAPTCHA_REQUIRED");
    assert!(provider.calls().is_empty(), "what is too long is told to nobody");
}

#[tokio::test]
async fn while_a_provider_is_down_who_is_not_guessing_is_let_through() {
    let (provider, url) = Provider::start().await;
    let down = |provider: &Provider| {
        provider.says(500, &"{}");
        provider.says(503, &json!({ "success": true, "hostname": "www.example.com" }));
        provider.says(302, &json!({ "success": true, "hostname": "www.example.com" }));
        provider.says(429, &"");
        provider.says(200, &"<html>busy</html>");
        provider.says(200, &"null");
        provider.says(200, &format!("{{\"success\":true,\"x\":\"{}\"}}", "x".repeat(20_000)));
        for code in ["invalid-input-secret", "internal-error", "bad-request"] {
            provider.says(200, &json!({ "success": false, "error-codes": [code] }));
        }
        10
    };
    let captcha = || SiteVerify::turnstile("site", SECRET).url(&url);
    let auth = start(captcha(), CaptchaWhen::Always, CaptchaOutage::Refuse).await;
    let refused = &sign_in(&auth, None).await;
    expect_refused(refused, "CAPTCHA_REQUIRED");
    for _ in 0..down(&provider) {
        expect_refused(&sign_in(&auth, Some("token")).await, "CAPTCHA_UNAVAILABLE");
    }

    let auth = start(captcha(), CaptchaWhen::Always, CaptchaOutage::UntilHalf).await;
    let count = down(&provider);
    let mut answers = Vec::new();
    for _ in 0..count {
        answers.push(sign_in_as(&auth, "ada@example.com", Some("token")).await);
        if answers.last().unwrap()["reason"] == "CAPTCHA_UNAVAILABLE" {
            break;
        }
    }
    let (last, judged) = answers.split_last().unwrap();
    expect_refused(last, "CAPTCHA_UNAVAILABLE");
    assert!(!judged.is_empty(), "{answers:?}");
    judged.iter().for_each(expect_judged);
    provider.answers.lock().unwrap().clear();

    // Nobody listens there.
    let captcha = captcha().url("http://127.0.0.1:9/siteverify");
    let auth = start(captcha, CaptchaWhen::Always, CaptchaOutage::Admit).await;
    expect_judged(&sign_in(&auth, Some("token")).await);
    expect_refused(&sign_in(&auth, None).await, "CAPTCHA_REQUIRED");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_the_start() {
    let on =
        |captcha: SiteVerify| CaptchaConfig::new(captcha).on(Action::SignIn, CaptchaWhen::Always);
    let turnstile = || SiteVerify::turnstile("site", SECRET);
    for (config, field) in [
        (CaptchaConfig::new(turnstile()), "captcha.on"),
        (on(SiteVerify::turnstile(" ", SECRET)), "captcha.site_key"),
        (on(SiteVerify::turnstile("site", "")), "captcha.secret"),
        (on(turnstile().hostnames(Vec::<String>::new())), "captcha.hostnames"),
        (on(turnstile().min_score(0.5)), "captcha.min_score"),
        (on(SiteVerify::recaptcha_v3("site", SECRET).min_score(1.1)), "captcha.min_score"),
        (on(SiteVerify::hcaptcha("site", SECRET).check_action(true)), "captcha.check_action"),
        (on(turnstile().url("http://challenges.example.com/")), "captcha.url"),
        (on(turnstile().url("x")), "captcha.url"),
    ] {
        let error = build(config).await.expect_err(field);
        let text = error.to_string();
        assert!(text.starts_with(&format!("`{field}`: ")) && !text.contains(SECRET), "{text}");
    }
}
