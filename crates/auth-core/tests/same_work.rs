//! Whether an address or a phone number has an account must not show in the time of an answer: a
//! request does the same to the core for both, and what goes on after the answer does so too, and
//! begins later. The statements are compared, which a clock could only guess at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

#[allow(dead_code)] // a part of it is used here
#[path = "recipes/harness.rs"]
mod harness;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use auth_core::{
    delivery::Email,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::EmailPasswordRecipe,
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
    },
};
use harness::{App, EMAIL, Mailbox, PASSWORD, builder, form};
use serde_json::{Value, json};
use tokio::{sync::mpsc::UnboundedReceiver, time::sleep};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer, Registry,
    filter::{LevelFilter, Targets},
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

const PHONE: &str = "+491701234567";
const CREATE: &str = "/auth/signinup/code";
const RESEND: &str = "/auth/signinup/code/resend";
const CONSUME: &str = "/auth/signinup/code/consume";

const RESET: &str = "/auth/user/password/reset/token";

/// What was run in the whole process, in order.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    fn collect() -> Self {
        let statements = Self::default();
        let only = Targets::new().with_target("auth_engine::sql", LevelFilter::TRACE);
        Registry::default().with(statements.clone().with_filter(only)).init();
        statements
    }

    /// What was run since it was last asked for, without the engine's own tidying up.
    fn take(&self) -> Vec<String> {
        let mut statements = std::mem::take(&mut *self.0.lock().unwrap());
        // The keys, which every engine reads every few seconds, whatever is asked.
        let of_keys =
            |sql: &str| sql.contains("signing_keys") || sql.starts_with("SELECT 1 FROM apps ");
        // Signing and purging the audit log; what is appended to it is compared.
        let of_log = |sql: &str| {
            sql.contains("audit_log_checkpoints")
                || sql.contains("FROM audit_log_entries")
                || (sql.contains("FROM audit_log_heads") && !sql.ends_with("FOR UPDATE"))
        };
        statements.retain(|sql| {
            let of_jobs = sql.contains("key_value") || sql.ends_with(" LIMIT 1000)");
            // Whether tenants have changed, which is looked for once a second.
            let of_tenants = sql.contains("FROM tenant_changes");
            !of_jobs && !of_keys(sql) && !of_log(sql) && !of_tenants
        });
        statements
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        event.record(&mut Statement(self));
    }
}

struct Statement<'a>(&'a Statements);

impl Visit for Statement<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "statement" {
            self.0.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

struct Test {
    app: App,
    statements: Statements,
    mails: UnboundedReceiver<Email>,
}

impl Test {
    /// Sends a request and gives its answer, what was run until then, and what was run after it.
    async fn post(
        &mut self,
        path: &str,
        body: &Value,
        is_mailed: bool,
    ) -> (Value, [Vec<String>; 2]) {
        self.statements.take();
        let start = Instant::now();
        let answer = self.app.post(path, body).await;
        let before = self.statements.take();
        if path != RESET {
            return (answer.json(), [before, Vec::new()]);
        }
        assert!(start.elapsed() >= Duration::from_millis(20), "the answer waits for a step");
        sleep(Duration::from_millis(20)).await;
        assert!(self.statements.take().is_empty(), "nothing is begun with the answer");
        // As long as it may take, and as long for both.
        sleep(Duration::from_millis(600)).await;
        assert_eq!(self.mails.try_recv().is_ok(), is_mailed, "{body}");
        (answer.json(), [before, self.statements.take()])
    }

    /// Sends the same request about somebody known and about somebody unknown.
    async fn compare(&mut self, path: &str, known: &Value, unknown: &Value) -> [Value; 2] {
        let is_mailed = path == RESET;
        // Whatever is prepared or remembered at first use is so for both.
        self.post(path, known, is_mailed).await;
        self.post(path, unknown, false).await;
        let (known, statements) = self.post(path, known, is_mailed).await;
        let (unknown, others) = self.post(path, unknown, false).await;
        assert!(!statements[0].is_empty(), "{path} asks the core");
        assert_eq!(statements[1].is_empty(), path != RESET, "a token is asked for later");
        assert_eq!(statements, others, "{path}: {known}, {unknown}");
        assert_eq!(known["status"], unknown["status"], "{path}");
        [known, unknown]
    }

    /// A wrong code is typed in at a device.
    fn wrong_code(device: &Value) -> Value {
        json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": "wrong",
        })
    }
}

fn reset(email: &str) -> Value {
    json!({ "formFields": [{ "id": "email", "value": email }] })
}

/// The application, and its mails for new passwords.
async fn app(linking: AccountLinkingRecipe) -> (App, UnboundedReceiver<Email>) {
    let (mailbox, mails) = Mailbox::new();
    let (codes, _) = Mailbox::new();
    let contact_method = ContactMethod::EmailOrPhone;
    let passwordless = PasswordlessRecipe::new(contact_method, FlowType::UserInputCodeAndMagicLink);
    let auth = builder()
        .recipe(EmailPasswordRecipe::new().email_delivery(mailbox))
        .recipe(passwordless.email_delivery(codes))
        .recipe(linking);
    (App(auth.build().await.unwrap()), mails)
}

/// One test, because a process has one collector.
#[tokio::test]
async fn known_and_unknown_contacts_take_the_same_statements() {
    let statements = Statements::collect();
    let linking = AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async {
        Ok(AutomaticLinking::Yes { should_require_verification: true })
    });
    for linking in [AccountLinkingRecipe::new(), linking] {
        let (app, mails) = app(linking).await;
        let mut test = Test { app, statements: statements.clone(), mails };
        for (known, unknown) in [
            (json!({ "email": EMAIL }), json!({ "email": "eve@example.com" })),
            (json!({ "phoneNumber": PHONE }), json!({ "phoneNumber": "+491707654321" })),
        ] {
            let contact = match known["email"].as_str() {
                Some(email) => Contact::Email(email.to_owned()),
                None => Contact::PhoneNumber(PHONE.to_owned()),
            };
            let passwordless = test.app.0.passwordless().unwrap();
            passwordless.sign_in_up(contact).await.unwrap();
            let devices = test.compare(CREATE, &known, &unknown).await;
            assert_eq!(devices[0]["status"], "OK");
            let [known, unknown] = &devices;
            let resent = test.compare(RESEND, known, unknown).await;
            assert_eq!(resent[0]["status"], "OK");
            let (known, unknown) = (Test::wrong_code(known), Test::wrong_code(unknown));
            let refused = test.compare(CONSUME, &known, &unknown).await;
            assert_eq!(refused[0]["status"], "INCORRECT_USER_INPUT_CODE_ERROR");
        }
        let (known, unknown) = ("grace@example.com", "mallory@example.com");
        let answer = test.app.post("/auth/signup", &form(known, PASSWORD)).await;
        assert_eq!(answer.json()["status"], "OK");
        let (wrong, nobody) = (form(known, "wrong1234"), form(unknown, "wrong1234"));
        let refused = test.compare("/auth/signin", &wrong, &nobody).await;
        assert_eq!(refused[0]["status"], "WRONG_CREDENTIALS_ERROR");
        let answers = test.compare(RESET, &reset(known), &reset(unknown)).await;
        assert_eq!(answers[0]["status"], "OK");
    }
}
