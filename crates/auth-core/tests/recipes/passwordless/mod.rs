//! FDI: passwordless.

mod codes;
mod functions;
mod overrides;
mod requests;

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    delivery::{Email, LoginCode, Sms, SmsDelivery},
    recipes::passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::harness::{App, EMAIL, Mailbox, builder};

const PHONE: &str = "+49 170 1234567";
const E164: &str = "+491701234567";

/// A delivery that hands messages to the test.
struct Phone(UnboundedSender<Sms>);

#[async_trait]
impl SmsDelivery for Phone {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        self.0.send(sms).map_err(Error::other)
    }
}

/// An application whose mails and messages the test receives.
struct Test {
    app: App,
    mails: UnboundedReceiver<Email>,
    messages: UnboundedReceiver<Sms>,
}

impl Test {
    async fn new(contact_method: ContactMethod, flow_type: FlowType) -> Self {
        Self::with(PasswordlessRecipe::new(contact_method, flow_type)).await
    }

    /// Everything permitted.
    async fn any() -> Self {
        Self::new(ContactMethod::EmailOrPhone, FlowType::UserInputCodeAndMagicLink).await
    }

    async fn with(recipe: PasswordlessRecipe) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let (sender, messages) = unbounded_channel();
        let recipe = recipe.email_delivery(mailbox).sms_delivery(Phone(sender));
        let auth = builder().recipe(recipe).build().await.expect("a valid configuration");
        Self { app: App(auth), mails, messages }
    }

    /// Requests a code and gives the answer.
    async fn create(&self, body: Value) -> Value {
        let answer = self.app.post("/auth/signinup/code", &body).await;
        let answer = answer.json();
        assert_eq!(answer["status"], "OK", "{answer}");
        answer
    }

    async fn mail(&mut self) -> (String, LoginCode) {
        match self.mails.recv().await.expect("a mail") {
            Email::PasswordlessLogin(mail) => (mail.email, mail.login),
            other => panic!("{other:?}"),
        }
    }

    async fn message(&mut self) -> (String, LoginCode) {
        match self.messages.recv().await.expect("a message") {
            Sms::PasswordlessLogin(sms) => (sms.phone_number, sms.login),
            other => panic!("{other:?}"),
        }
    }

    /// A code for the usual address, as what the front end sends to consume it.
    async fn typed(&mut self) -> Value {
        let device = self.create(json!({ "email": EMAIL })).await;
        let login = self.mail().await.1;
        json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": login.user_input_code.expect("a code").expose_secret(),
        })
    }
}

/// The link's query and the code after `#`.
fn link_parts(login: &LoginCode) -> (String, String) {
    let link = login.url_with_link_code.as_ref().expect("a link").expose_secret();
    let (url, code) = link.split_once('#').expect("a link code");
    (url.to_owned(), code.to_owned())
}
