//! Messages to a stand-in for Twilio on loopback, which sees the exact request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use auth_core::{
    AppInfo, Auth, Result,
    core::EngineConfig,
    delivery::twilio::{TwilioDelivery, TwilioSettings},
    recipes::{
        passwordless::{
            ContactMethod, FlowType, LoginCode, PasswordlessLoginSms, PasswordlessRecipe,
        },
        session::SessionRecipe,
    },
};
use axum::{Router, extract::State};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use tokio::net::TcpListener;

const TO: &str = "+491701234567";

struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    form: Vec<(String, String)>,
}

/// What the stand-in saw, and what it answers next; 201 once that is used up.
#[derive(Clone, Default)]
struct Twilio {
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
}

impl Twilio {
    async fn start(answers: &[StatusCode]) -> (Self, String) {
        let twilio = Self::default();
        twilio.answers.lock().unwrap().extend(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(twilio.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (twilio, url)
    }

    fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }
}

async fn answer(
    State(twilio): State<Twilio>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let form = url::form_urlencoded::parse(&body).into_owned().collect();
    twilio.calls.lock().unwrap().push(Call { method, path: uri.to_string(), headers, form });
    let status = twilio.answers.lock().unwrap().pop_front().unwrap_or(StatusCode::CREATED);
    (status, "{\"message\": \"about +491701234567\"}")
}

fn settings(url: &str) -> TwilioSettings {
    TwilioSettings::new("AC123", "the token").api_url(url).retry_delays([Duration::ZERO; 2])
}

async fn send(settings: TwilioSettings) -> Result<()> {
    let recipe = PasswordlessRecipe::new(ContactMethod::Phone, FlowType::UserInputCode)
        .sms_delivery(TwilioDelivery::new(settings).unwrap());
    let auth = Auth::builder(AppInfo::new("App", "http://localhost:3001", "http://localhost:3000"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
        .recipe(recipe)
        .build()
        .await
        .unwrap();
    let login =
        LoginCode::new("public".into(), "id", Duration::from_secs(900)).user_input_code("123456");
    let sms = PasswordlessLoginSms::new(TO, login).into();
    auth.passwordless().unwrap().send_sms(sms).await
}

#[tokio::test]
async fn the_request_is_what_twilio_documents() {
    let (twilio, url) = Twilio::start(&[]).await;
    send(settings(&url).from("+15005550006")).await.unwrap();
    let calls = twilio.calls();
    let [call] = calls.as_slice() else { panic!("one call") };
    assert_eq!(call.method, Method::POST);
    assert_eq!(call.path, "/2010-04-01/Accounts/AC123/Messages.json");
    assert_eq!(call.headers[header::CONTENT_TYPE], "application/x-www-form-urlencoded");
    let basic = format!("Basic {}", BASE64_STANDARD.encode("AC123:the token"));
    assert_eq!(call.headers[header::AUTHORIZATION], basic);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        call.form,
        [
            pair("To", TO),
            pair("Body", "OTP to login is 123456 for App\nThis is valid for 15 minutes."),
            pair("From", "+15005550006"),
        ]
    );
}

#[tokio::test]
async fn a_messaging_service_takes_the_senders_place() {
    let (twilio, url) = Twilio::start(&[]).await;
    send(settings(&url).messaging_service_sid("MG1")).await.unwrap();
    let form = &twilio.calls()[0].form;
    assert_eq!(form[2], ("MessagingServiceSid".to_owned(), "MG1".to_owned()));
    assert_eq!(form.len(), 3);
}

#[tokio::test]
async fn overload_is_tried_again_and_a_refusal_is_not() {
    let overload = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    let (twilio, url) = Twilio::start(&overload).await;
    send(settings(&url).from("+1")).await.unwrap();
    assert_eq!(twilio.calls().len(), 3);
    let (twilio, url) = Twilio::start(&[StatusCode::BAD_GATEWAY; 4]).await;
    assert!(send(settings(&url).from("+1")).await.is_err());
    assert_eq!(twilio.calls().len(), 3);
    let (twilio, url) = Twilio::start(&[StatusCode::BAD_REQUEST]).await;
    let error = send(settings(&url).from("+1")).await.unwrap_err().to_string();
    assert_eq!(error, "Twilio answered 400 Bad Request");
    assert_eq!(twilio.calls().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (twilio, url) = Twilio::start(&[StatusCode::TEMPORARY_REDIRECT]).await;
    assert!(send(settings(&url).from("+1")).await.is_err());
    assert_eq!(twilio.calls().len(), 1);
}
