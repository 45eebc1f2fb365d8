//! Alerts about sign-ins: settings that can't work, and what must not disturb a sign-in.

use std::{future, net::IpAddr, time::Duration};

use async_trait::async_trait;
use auth_core::{
    BuildError, Context, Error, Result,
    captcha::{Altcha, CaptchaConfig, CaptchaWhen},
    delivery::{Email, EmailDelivery},
    limits::{Action, Limits},
    protocol::{RecipeUserId, TenantId, User},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        passwordless::{Contact, ContactMethod, FlowType, PasswordlessRecipe},
        signinalerts::{
            IsSuspiciousInput, NetworkStanding, NoteSignInInput, NoteSignInOutcome,
            SendAlertOutcome, SignInAlertsApi, SignInAlertsFunctions, SignInAlertsOverride,
            SignInAlertsRecipe,
        },
    },
};
use serde_json::json;

use crate::harness::{App, EMAIL, Mailbox, PASSWORD, builder, form};

async fn problem(recipe: SignInAlertsRecipe) -> String {
    let built = builder().recipe(EmailPasswordRecipe::new()).recipe(recipe).build().await;
    match built {
        Err(BuildError::Config(error)) => error.to_string(),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("not refused"),
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_named_at_the_start() {
    let recipe = SignInAlertsRecipe::new;
    let minute = Duration::from_secs(60);
    for (recipe, field) in [
        (recipe().new_devices(false).new_networks(false), "signinalerts.new_devices"),
        (recipe().link_lifetime(Duration::from_secs(59)), "signinalerts.link_lifetime"),
        (recipe().link_lifetime(minute * 60 * 24 * 8), "signinalerts.link_lifetime"),
        (recipe().website_page("end-sessions"), "signinalerts.website_page"),
        (recipe().website_page("/end?a=1"), "signinalerts.website_page"),
        (recipe().disable_api(SignInAlertsApi::EndSessionsGet), "signinalerts.disable_api"),
    ] {
        let problem = problem(recipe).await;
        assert!(problem.starts_with(&format!("`{field}`: ")), "{problem}");
    }
    let captcha = CaptchaConfig::new(Altcha::new("a key of at least 32 bytes, for this test"));
    let built = builder().captcha(captcha.on(Action::SignInAlert, CaptchaWhen::Always));
    let error = built.build().await.map(drop).unwrap_err().to_string();
    assert!(error.contains("nobody is there to solve one"), "{error}");
}

struct Hangs;

#[async_trait]
impl EmailDelivery for Hangs {
    async fn send_email(&self, _: &Context, _: Email) -> Result<()> {
        future::pending().await
    }
}

/// An application's own decision, which fails or never comes.
struct Undecided {
    fails: bool,
}

impl SignInAlertsOverride for Undecided {
    async fn is_suspicious(
        &self,
        _: &SignInAlertsFunctions,
        _: &Context,
        _: IsSuspiciousInput,
    ) -> Result<bool> {
        match self.fails {
            true => Err(Error::general("no")),
            false => future::pending().await,
        }
    }
}

#[tokio::test]
async fn whatever_becomes_of_an_alert_the_sign_in_is_answered() {
    let recipe = SignInAlertsRecipe::new;
    for alerts in [
        recipe().email_delivery(Hangs),
        recipe().override_functions(Undecided { fails: true }),
        recipe().override_functions(Undecided { fails: false }),
    ] {
        let app = builder().recipe(EmailPasswordRecipe::new()).recipe(alerts).build().await;
        let app = App(app.expect("valid"));
        app.sign_up().await;
        for _ in 0..3 {
            let answer = app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
            assert_eq!(answer.json()["status"], "OK");
        }
    }
}

#[tokio::test]
async fn devices_are_known_where_limits_are_off_too() {
    let (mailbox, mut mails) = Mailbox::new();
    let app = builder()
        .limits(Limits::off())
        .recipe(EmailPasswordRecipe::new())
        .recipe(SignInAlertsRecipe::new().email_delivery(mailbox))
        .build()
        .await;
    let app = App(app.expect("valid"));
    app.sign_up().await;
    let header_mode = [("st-auth-mode", "header")];
    let answer = app.post_with("/auth/signin", &header_mode, &form(EMAIL, PASSWORD)).await;
    let token = answer.header("st-known-device").expect("a token").to_owned();
    mails.recv().await.expect("a mail");
    let known = [("st-auth-mode", "header"), ("st-known-device", token.as_str())];
    app.post_with("/auth/signin", &known, &form(EMAIL, PASSWORD)).await;
    app.0.shutdown().await;
    assert!(mails.try_recv().is_err(), "the device is known");
}

async fn note(app: &App, user: User, id: RecipeUserId) -> NoteSignInOutcome {
    let input = NoteSignInInput::new(user, id).tenant_id(TenantId::default());
    app.0.signinalerts().unwrap().note_sign_in(input).await.unwrap()
}

#[tokio::test]
async fn an_application_tells_of_its_own_sign_ins_and_who_has_no_address_gets_no_mail() {
    let (mailbox, mut mails) = Mailbox::new();
    let app = builder()
        .recipe(EmailPasswordRecipe::new())
        .recipe(PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::UserInputCode))
        .recipe(SignInAlertsRecipe::new().email_delivery(mailbox))
        .build()
        .await;
    let app = App(app.expect("valid"));
    let passwordless = app.0.passwordless().unwrap();
    for (contact, outcome) in [
        (Contact::Email(EMAIL.to_owned()), SendAlertOutcome::Sent),
        (Contact::PhoneNumber("+491701234567".to_owned()), SendAlertOutcome::NoAddress),
    ] {
        let signed_in = passwordless.sign_in_up(contact).await.unwrap();
        let noted = note(&app, signed_in.user, signed_in.recipe_user_id).await;
        assert_eq!(noted, NoteSignInOutcome::Suspicious(outcome));
    }
    let mail = mails.recv().await.unwrap();
    assert_eq!(mail.to(), EMAIL);
    assert!(mails.try_recv().is_err());
}

/// Only what comes from a new network.
struct Networks;

impl SignInAlertsOverride for Networks {
    async fn is_suspicious(
        &self,
        _: &SignInAlertsFunctions,
        _: &Context,
        input: IsSuspiciousInput,
    ) -> Result<bool> {
        assert_eq!(input.facts.address, "127.0.0.1".parse::<IpAddr>().ok());
        assert_eq!(input.facts.network.as_deref(), Some("127.0.0.0/24"));
        Ok(input.facts.network_standing == NetworkStanding::New)
    }
}

#[tokio::test]
async fn an_application_decides_what_is_suspicious() {
    let (mailbox, mut mails) = Mailbox::new();
    let alerts = SignInAlertsRecipe::new().email_delivery(mailbox).override_functions(Networks);
    let app = builder().recipe(EmailPasswordRecipe::new()).recipe(alerts).build().await;
    let app = App(app.expect("valid"));
    app.sign_up().await;
    let answer = app.post("/auth/signin", &form(EMAIL, PASSWORD)).await;
    assert_eq!(answer.json()["status"], json!("OK"));
    app.0.shutdown().await;
    assert!(mails.try_recv().is_err(), "a new device alone isn't");
}
