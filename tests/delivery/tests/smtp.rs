//! Mails through a real SMTP server: `server.mjs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

use std::{path::Path, process::Stdio, time::Duration};

use auth_core::{
    AppInfo, Auth, Context, Request, Result,
    core::EngineConfig,
    delivery::{
        Email,
        smtp::{EmailContent, SmtpDelivery, SmtpService, SmtpServiceOverride, SmtpSettings},
    },
    recipes::{
        emailpassword::EmailPasswordRecipe,
        passwordless::{
            ContactMethod, FlowType, LoginCode, PasswordlessLoginEmail, PasswordlessRecipe,
        },
        session::SessionRecipe,
    },
};
use http::{HeaderMap, Method};
use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

const USER: &str = "mailer";
const PASSWORD: &str = "correct horse";
const TO: &str = "ada@example.com";

/// A running mail server; it ends with this.
struct Server {
    _process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    port: u16,
    certificate: String,
    _folder: tempfile::TempDir,
}

impl Server {
    async fn start(mut options: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = pair.cert.pem();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.into_os_string().into_string().unwrap()
        };
        options["key"] = json!(file("key.pem", &pair.signing_key.serialize_pem()));
        options["certificate"] = json!(file("certificate.pem", &certificate));
        let mut process = Command::new("node")
            .arg("server.mjs")
            .arg(options.to_string())
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("node is installed");
        let stdout = process.stdout.take().unwrap();
        let mut lines = BufReader::new(stdout).lines();
        let port = next(&mut lines).await["port"].as_u64().unwrap();
        let port = u16::try_from(port).unwrap();
        Self { _process: process, lines, port, certificate, _folder: folder }
    }

    fn settings(&self) -> SmtpSettings {
        SmtpSettings::new("localhost", "The App", "noreply@example.com")
            .port(self.port)
            .root_certificate_pem(self.certificate.clone())
            .credentials(USER, PASSWORD)
            .retry_delays([Duration::ZERO; 2])
    }

    async fn received(&mut self) -> Value {
        next(&mut self.lines).await
    }
}

async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = tokio::time::timeout(Duration::from_secs(30), lines.next_line()).await;
    let line = line.expect("the mail server says something").unwrap();
    serde_json::from_str(&line.expect("`npm ci` was run in tests/delivery")).unwrap()
}

async fn app(delivery: SmtpDelivery) -> Auth {
    let recipe = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCodeAndMagicLink);
    Auth::builder(AppInfo::new("Tom & <App>", "http://localhost:3001", "http://localhost:3000"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new())
        .recipe(EmailPasswordRecipe::new())
        .recipe(recipe.email_delivery(delivery))
        .build()
        .await
        .unwrap()
}

fn login() -> Email {
    let login = LoginCode::new("public".into(), "id", Duration::from_secs(900))
        .user_input_code("123456")
        .url_with_link_code("http://localhost:3000/auth/verify?a=1&b=2#c");
    PasswordlessLoginEmail::new(TO, login).into()
}

async fn send(settings: SmtpSettings, email: Email) -> Result<()> {
    let auth = app(SmtpDelivery::new(settings).unwrap()).await;
    auth.passwordless().unwrap().send_email(email).await
}

fn parse(received: &Value) -> Message<'_> {
    MessageParser::new().parse(received["raw"].as_str().unwrap()).expect("a mail")
}

fn options() -> Value {
    json!({ "user": USER, "password": PASSWORD })
}

#[tokio::test]
async fn a_mail_goes_by_starttls_with_a_password_and_has_both_parts() {
    let mut server = Server::start(options()).await;
    send(server.settings(), login()).await.unwrap();
    let received = server.received().await;
    assert_eq!(received["encrypted"], true);
    assert_eq!(received["user"], USER);
    assert_eq!((&received["from"], &received["to"]), (&json!("noreply@example.com"), &json!([TO])));
    let mail = parse(&received);
    assert_eq!(mail.subject(), Some("Login to your account"));
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("The App"), Some("noreply@example.com")));
    assert_eq!(mail.to().unwrap().first().unwrap().address(), Some(TO));
    assert!(mail.date().is_some() && mail.message_id().is_some());
    let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
    assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1));
    for part in [&text, &html] {
        assert!(part.contains("123456") && part.contains("15 minutes"), "{part}");
    }
    assert!(text.contains("http://localhost:3000/auth/verify?a=1&b=2#c"), "{text}");
    assert!(text.contains("Tom & <App>"), "{text}");
    assert!(html.contains("href=\"http://localhost:3000/auth/verify?a=1&amp;b=2#c\""), "{html}");
    assert!(html.contains("Tom &amp; &lt;App&gt;"), "{html}");
}

#[tokio::test]
async fn a_mail_goes_by_implicit_tls() {
    let mut options = options();
    options["secure"] = json!(true);
    let mut server = Server::start(options).await;
    send(server.settings().implicit_tls(), login()).await.unwrap();
    assert_eq!(server.received().await["encrypted"], true);
}

#[tokio::test]
async fn nothing_goes_in_clear_or_to_a_stranger_unless_it_is_asked_for() {
    let server = Server::start(json!({ "hideSTARTTLS": true })).await;
    let error = send(server.settings(), login()).await.unwrap_err();
    assert!(!error.to_string().contains("123456"), "{error}");
    let stranger = Server::start(options()).await;
    let settings = server.settings().port(stranger.port);
    let error = send(settings, login()).await.unwrap_err().to_string();
    assert!(error.to_lowercase().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_catcher_on_the_same_machine_takes_mails_in_clear() {
    let mut server = Server::start(json!({ "hideSTARTTLS": true })).await;
    let settings = SmtpSettings::new("127.0.0.1", "", "noreply@example.com")
        .port(server.port)
        .dangerous_without_encryption();
    send(settings, login()).await.unwrap();
    let received = server.received().await;
    assert_eq!((&received["encrypted"], &received["user"]), (&json!(false), &Value::Null));
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let mut options = options();
    options["failures"] = json!(2);
    let mut server = Server::start(options).await;
    send(server.settings(), login()).await.unwrap();
    assert_eq!(server.received().await["to"], json!([TO]));
}

#[tokio::test]
async fn failures_tell_no_address_and_no_password() {
    let server = Server::start(options()).await;
    let refused = LoginCode::new("public".into(), "id", Duration::from_secs(900));
    let refused = PasswordlessLoginEmail::new("nobody@example.com", refused);
    let error = send(server.settings(), refused.into()).await.unwrap_err();
    assert_eq!(error.to_string(), "the mail server answered 550");
    let settings = server.settings().credentials(USER, "battery staple");
    let error = send(settings, login()).await.unwrap_err();
    assert_eq!(error.to_string(), "the mail server answered 535");
    let gone = server.port;
    drop(server);
    let settings = SmtpSettings::new("127.0.0.1", "", "noreply@example.com")
        .port(gone)
        .dangerous_without_encryption()
        .retry_delays([]);
    let error = send(settings, login()).await.unwrap_err().to_string();
    assert!(!error.contains(TO), "{error}");
}

/// Words of the application's own.
struct OwnWords;

impl SmtpServiceOverride for OwnWords {
    async fn get_content(
        &self,
        original: &SmtpService,
        cx: &Context,
        email: Email,
    ) -> Result<EmailContent> {
        let content = original.get_content(cx, email).await?;
        Ok(EmailContent::new(content.to_email, "Grüße", "Only text.\n"))
    }

    async fn send_raw_email(
        &self,
        original: &SmtpService,
        cx: &Context,
        mut content: EmailContent,
    ) -> Result<()> {
        content.to_email = "eve@example.com".into();
        original.send_raw_email(cx, content).await
    }
}

#[tokio::test]
async fn wording_and_sending_are_replaced() {
    let mut server = Server::start(options()).await;
    let delivery = SmtpDelivery::new(server.settings()).unwrap().override_service(OwnWords);
    let auth = app(delivery).await;
    auth.passwordless().unwrap().send_email(login()).await.unwrap();
    let received = server.received().await;
    assert_eq!(received["to"], json!(["eve@example.com"]));
    let mail = parse(&received);
    assert_eq!(mail.subject(), Some("Grüße"));
    assert_eq!(mail.body_text(0).unwrap().trim_end(), "Only text.");
}

#[tokio::test]
async fn a_code_from_the_mail_signs_in() {
    let mut server = Server::start(options()).await;
    let auth = app(SmtpDelivery::new(server.settings()).unwrap()).await;
    let post = async |path: &str, body: Value| {
        let route = auth.route(&Method::POST, path, None).expect("a route");
        let request = Request::new(Method::POST, path, &HeaderMap::new());
        let answer = auth.handle(route, request.with_body(body.to_string())).await;
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let device = post("/auth/signinup/code", json!({ "email": TO })).await;
    let received = server.received().await;
    let text = parse(&received).body_text(0).unwrap().into_owned();
    let code = text
        .lines()
        .map(str::trim)
        .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
    let consume = json!({
        "preAuthSessionId": device["preAuthSessionId"],
        "deviceId": device["deviceId"],
        "userInputCode": code.expect("a code"),
    });
    let answer = post("/auth/signinup/code/consume", consume).await;
    assert_eq!(answer["status"], "OK", "{answer}");
}
