//! Mails and messages on their way: servers that hang or fail, overrides, and the end of the
//! application.

use std::{future, pin::pin, sync::Arc};

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    delivery::{
        Email, EmailChangedEmail, EmailDelivery, EmailDeliveryOverride, EmailSender, Sms,
        SmsDelivery, SmsDeliveryOverride, SmsSender,
    },
    protocol::{RecipeUserId, UserId},
    recipes::{
        emailpassword::{
            EmailPasswordRecipe, PasswordResetEmail, UpdateEmailOrPasswordInput,
            UpdateEmailOrPasswordOutcome,
        },
        passwordless::{
            Contact, ContactChange, ContactMethod, FlowType, PasswordlessLoginEmail,
            PasswordlessLoginSms, PasswordlessRecipe, UpdateUserInput, UpdateUserOutcome,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::{
    Notify,
    mpsc::{UnboundedSender, unbounded_channel},
};

use crate::harness::{App, EMAIL, Mailbox, builder, sign_up};

const ASK: &str = "/auth/user/password/reset/token";
const CODE: &str = "/auth/signinup/code";

fn ask() -> Value {
    json!({ "formFields": [{ "id": "email", "value": EMAIL }] })
}

fn passwordless() -> PasswordlessRecipe {
    PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::UserInputCode)
}

struct Hangs;

#[async_trait]
impl EmailDelivery for Hangs {
    async fn send_email(&self, _: &Context, _: Email) -> Result<()> {
        future::pending().await
    }
}

#[async_trait]
impl SmsDelivery for Hangs {
    async fn send_sms(&self, _: &Context, _: Sms) -> Result<()> {
        future::pending().await
    }
}

struct Fails;

#[async_trait]
impl EmailDelivery for Fails {
    async fn send_email(&self, _: &Context, _: Email) -> Result<()> {
        Err(Error::general("the mail server is gone"))
    }
}

#[tokio::test]
async fn a_server_that_hangs_or_fails_neither_delays_nor_changes_the_answer() {
    for (password, code) in [
        (
            EmailPasswordRecipe::new().email_delivery(Hangs),
            passwordless().email_delivery(Hangs).sms_delivery(Hangs),
        ),
        (
            EmailPasswordRecipe::new().email_delivery(Fails),
            passwordless().email_delivery(Fails).sms_delivery(Hangs),
        ),
    ] {
        let app = App(builder().recipe(password).recipe(code).build().await.expect("valid"));
        app.sign_up().await;
        app.post(ASK, &ask()).await.is_ok_json(&json!({ "status": "OK" }));
        for body in [json!({ "email": EMAIL }), json!({ "phoneNumber": "+491701234567" })] {
            assert_eq!(app.post(CODE, &body).await.json()["status"], "OK");
        }
    }
}

/// Sends when it is let, and tells whether the core still answered then.
struct Held {
    gate: Arc<Notify>,
    sent: UnboundedSender<bool>,
}

#[async_trait]
impl EmailDelivery for Held {
    async fn send_email(&self, cx: &Context, _: Email) -> Result<()> {
        self.gate.notified().await;
        let core_answers = cx.get_user(UserId::new("anybody")).await.is_ok();
        self.sent.send(core_answers).map_err(Error::other)
    }
}

#[tokio::test]
async fn a_shutdown_waits_for_the_mails_that_were_promised() {
    let (sent, mut mails) = unbounded_channel();
    let gate = Arc::new(Notify::new());
    let delivery = Held { gate: Arc::clone(&gate), sent };
    let app = App::with(EmailPasswordRecipe::new().email_delivery(delivery)).await;
    app.sign_up().await;
    app.post(ASK, &ask()).await.is_ok_json(&json!({ "status": "OK" }));
    let mut shutdown = pin!(app.0.shutdown());
    for _ in 0..1_000 {
        tokio::select! {
            biased;
            () = &mut shutdown => panic!("a mail was still being sent"),
            () = tokio::task::yield_now() => {}
        }
    }
    gate.notify_one();
    shutdown.await;
    assert!(mails.try_recv().expect("was sent"), "the core was closed before");
}

/// Changes where mails and messages go.
struct Redirect;

impl EmailDeliveryOverride for Redirect {
    async fn send_email(&self, original: &EmailSender, cx: &Context, email: Email) -> Result<()> {
        let email: Email = if let Some(mail) = email.get::<PasswordResetEmail>() {
            let mut mail = mail.clone();
            mail.email = format!("reset+{}", mail.email);
            mail.into()
        } else {
            let mut mail = email.get::<PasswordlessLoginEmail>().expect("a code").clone();
            mail.email = format!("code+{}", mail.email);
            mail.into()
        };
        original.send_email(cx, email).await
    }
}

impl SmsDeliveryOverride for Redirect {
    async fn send_sms(&self, original: &SmsSender, cx: &Context, sms: Sms) -> Result<()> {
        let mut message = sms.get::<PasswordlessLoginSms>().expect("a code").clone();
        message.phone_number = "+1".into();
        original.send_sms(cx, message).await
    }
}

/// A delivery that hands the numbers of messages to the test.
struct Phone(UnboundedSender<String>);

#[async_trait]
impl SmsDelivery for Phone {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        self.0.send(sms.to().to_owned()).map_err(Error::other)
    }
}

#[tokio::test]
async fn deliveries_are_overridden_with_the_configured_one_at_hand() {
    let (mailbox, mut mails) = Mailbox::new();
    let (codes, mut login_mails) = Mailbox::new();
    let (sender, mut numbers) = unbounded_channel();
    let password =
        EmailPasswordRecipe::new().email_delivery(mailbox).override_email_delivery(Redirect);
    let code = passwordless().email_delivery(codes).sms_delivery(Phone(sender));
    let code = code.override_email_delivery(Redirect).override_sms_delivery(Redirect);
    let app = App(builder().recipe(password).recipe(code).build().await.expect("valid"));
    app.sign_up().await;
    app.post(ASK, &ask()).await;
    assert_eq!(mails.recv().await.expect("a mail").to(), "reset+ada@example.com");
    app.post(CODE, &json!({ "email": EMAIL })).await;
    assert_eq!(login_mails.recv().await.expect("a mail").to(), "code+ada@example.com");
    app.post(CODE, &json!({ "phoneNumber": "+491701234567" })).await;
    assert_eq!(numbers.recv().await.expect("a message"), "+1");
}

#[tokio::test]
async fn the_address_that_an_account_had_is_told_that_it_has_another_one() {
    for sends in [true, false] {
        let ((of_password, mut mails), (of_code, mut codes)) = (Mailbox::new(), Mailbox::new());
        let password = EmailPasswordRecipe::new()
            .email_changed_mails(sends)
            .password_changed_mails(false)
            .email_delivery(of_password);
        let code = passwordless().email_changed_mails(sends).email_delivery(of_code);
        let app = App(builder().recipe(password).recipe(code).build().await.expect("valid"));
        let ada = RecipeUserId::from(sign_up(&app.0, EMAIL).await);
        let functions = app.0.emailpassword().expect("in the list");
        let to = |email: &str| UpdateEmailOrPasswordInput::new(&ada).email(email);
        for input in [
            to("ADA@example.com"),
            to("new@example.com"),
            to("newer@example.com").tell_old_address(false),
            to("newer@example.com").password("enchantress2"),
        ] {
            let outcome = functions.update_email_or_password(input).await.expect("answered");
            assert_eq!(outcome, UpdateEmailOrPasswordOutcome::Ok);
        }
        let passwordless = app.0.passwordless().expect("in the list");
        let bob = Contact::Email("bob@example.com".to_owned());
        let bob = passwordless.sign_in_up(bob).await.expect("signed in").recipe_user_id;
        for (email, phone) in [
            (ContactChange::Keep, ContactChange::Set("+491701234567".to_owned())),
            (ContactChange::Set("bob@work.example".to_owned()), ContactChange::Keep),
            (ContactChange::Clear, ContactChange::Keep),
        ] {
            let input = UpdateUserInput::new(&bob).email(email).phone_number(phone);
            let outcome = passwordless.update_user(input).await.expect("answered");
            assert_eq!(outcome, UpdateUserOutcome::Ok);
        }
        app.0.shutdown().await;
        let mut told = Vec::new();
        while let Ok(mail) = mails.try_recv() {
            let news = mail.get::<EmailChangedEmail>().expect("what it tells");
            told.push((mail.to().to_owned(), news.new_email.clone()));
            let words = mail.letter("App");
            assert!(!words.opening.contains("new@") && words.is_notice, "{words:?}");
        }
        while let Ok(mail) = codes.try_recv() {
            let news = mail.get::<EmailChangedEmail>().expect("what it tells");
            told.push((mail.to().to_owned(), news.new_email.clone()));
        }
        let wanted = [
            (EMAIL, Some("new@example.com")),
            ("bob@example.com", Some("bob@work.example")),
            ("bob@work.example", None),
        ];
        let wanted = wanted.map(|(to, new)| (to.to_owned(), new.map(str::to_owned)));
        // Those that are sent behind one another need not arrive so.
        told.sort();
        assert_eq!(told, if sends { wanted.to_vec() } else { Vec::new() });
    }
}
