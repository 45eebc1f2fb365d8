//! One-time codes and magic links.

use async_trait::async_trait;
use auth_core::{
    Context, Error, Result,
    delivery::{Sms, SmsDelivery},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        passwordless::{
            ContactMethod, FlowType, LoginCode, PasswordlessLoginSms, PasswordlessRecipe,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::cases;
use crate::{
    App, Harness, Setup,
    client::{Mode, Reply, Req},
};

cases! {
    "fdi-1.3-1" => a_code_is_requested_for_exactly_one_contact,
    "fdi-1.3-1" => only_the_configured_kind_of_contact_is_taken,
    "fdi-1.3-2" => one_more_code_goes_to_the_device_that_asks,
    "fdi-1.3-3" => a_code_that_is_typed_in_starts_a_session,
    "fdi-1.3-3" => a_link_starts_a_session_once,
    "fdi-1.3-4" => an_address_has_an_account_once_a_code_for_it_was_used,
    "fdi-1.3-6" => a_phone_number_has_an_account_once_a_code_for_it_was_used,
}

pub(super) const PHONE: &str = "+491701234567";
pub(super) const CREATE: &str = "/auth/signinup/code";
pub(super) const RESEND: &str = "/auth/signinup/code/resend";
pub(super) const CONSUME: &str = "/auth/signinup/code/consume";

/// A delivery that hands messages to the case.
struct Phone(UnboundedSender<PasswordlessLoginSms>);

#[async_trait]
impl SmsDelivery for Phone {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        let Some(message) = sms.get().cloned() else { return Ok(()) };
        self.0.send(message).map_err(Error::other)
    }
}

/// An application, and the messages that it sent.
pub(super) struct World {
    pub(super) app: App,
    messages: UnboundedReceiver<PasswordlessLoginSms>,
}

impl World {
    pub(super) async fn start(harness: &Harness) -> Self {
        Self::with(harness, Setup::new(), |recipe| recipe).await
    }

    pub(super) async fn with(
        harness: &Harness,
        setup: Setup,
        configure: impl FnOnce(PasswordlessRecipe) -> PasswordlessRecipe + 'static,
    ) -> Self {
        let (sender, messages) = unbounded_channel();
        let setup = setup.recipes(move |builder| {
            let (contact, flow) =
                (ContactMethod::EmailOrPhone, FlowType::UserInputCodeAndMagicLink);
            let recipe = PasswordlessRecipe::new(contact, flow).sms_delivery(Phone(sender));
            builder.recipe(EmailPasswordRecipe::new()).recipe(configure(recipe))
        });
        Self { app: harness.start(setup).await, messages }
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.app.send(Req::post(path).json(body)).await
    }

    /// Requests a code and gives what the front end sends to use it, and the link's code.
    pub(super) async fn code(&mut self) -> (Value, String) {
        let reply = self.post(CREATE, &json!({ "phoneNumber": PHONE })).await;
        self.received(&reply.json()).await
    }

    /// Whether nothing was sent to any phone.
    pub(super) fn nothing_was_sent(&mut self) -> bool {
        self.messages.try_recv().is_err()
    }

    /// The next message, which goes to a number as networks know it, however it was written.
    async fn message(&mut self) -> LoginCode {
        let PasswordlessLoginSms { phone_number, login, .. } =
            self.messages.recv().await.expect("a message");
        let digits = phone_number.strip_prefix('+');
        let is_e164 = digits.is_some_and(|digits| digits.bytes().all(|it| it.is_ascii_digit()));
        assert!(is_e164, "{phone_number}");
        login
    }

    /// Asks for another code and gives the same for it.
    pub(super) async fn resent(&mut self, typed: &Value) -> (Value, String) {
        let mut device = typed.clone();
        let reply = self.post(RESEND, typed).await.json();
        device["status"] = reply["status"].clone();
        self.received(&device).await
    }

    /// What the front end sends of the next message.
    pub(super) async fn typed(&mut self, typed: &Value) -> Value {
        let mut device = typed.clone();
        device["status"] = json!("OK");
        self.received(&device).await.0
    }

    pub(super) async fn received(&mut self, device: &Value) -> (Value, String) {
        assert_eq!(device["status"], "OK", "{device}");
        let message = self.message().await;
        let code = message.user_input_code.expect("a code");
        let typed = json!({
            "preAuthSessionId": device["preAuthSessionId"],
            "deviceId": device["deviceId"],
            "userInputCode": code.expose_secret(),
        });
        let link = message.url_with_link_code.expect("a link");
        let link_code = link.expose_secret().split_once('#').expect("a link code").1;
        (typed, link_code.to_owned())
    }
}

pub(super) fn linked(typed: &Value, link_code: &str) -> Value {
    json!({ "preAuthSessionId": typed["preAuthSessionId"], "linkCode": link_code })
}

pub(super) fn wrong(typed: &Value) -> Value {
    let mut wrong = typed.clone();
    wrong["userInputCode"] = json!("wrong");
    wrong
}

async fn a_code_is_requested_for_exactly_one_contact(harness: Harness) {
    let mut world = World::start(&harness).await;
    let reply = world.post(CREATE, &json!({ "phoneNumber": "+49 170 1234567" })).await;
    let device = reply.json();
    assert_eq!((reply.status, &device["status"]), (200, &json!("OK")));
    assert_eq!(device["flowType"], "USER_INPUT_CODE_AND_MAGIC_LINK");
    assert!(device["deviceId"].is_string() && device["preAuthSessionId"].is_string());
    assert_eq!(reply.header("front-token"), None);
    world.received(&device).await;
    let text = "Please provide exactly one of email or phoneNumber";
    let two = json!({ "email": "a@b.co", "phoneNumber": PHONE });
    for body in [json!({}), json!({ "email": null }), two] {
        world.post(CREATE, &body).await.expect(400, &json!({ "message": text }));
    }
    for (body, message) in [
        (json!({ "email": "ada" }), "Email is invalid"),
        (json!({ "phoneNumber": "170" }), "Phone number is invalid"),
    ] {
        let answer = json!({ "status": "GENERAL_ERROR", "message": message });
        world.post(CREATE, &body).await.expect(200, &answer);
    }
}

async fn only_the_configured_kind_of_contact_is_taken(harness: Harness) {
    for (method, name, wanted, taken, other) in [
        (
            ContactMethod::Email,
            "EMAIL",
            "an email",
            json!({ "email": "ada@example.com" }),
            json!({ "phoneNumber": PHONE }),
        ),
        (
            ContactMethod::Phone,
            "PHONE",
            "a phoneNumber",
            json!({ "phoneNumber": PHONE }),
            json!({ "email": "ada@example.com" }),
        ),
    ] {
        let recipe = PasswordlessRecipe::new(method, FlowType::UserInputCode);
        let setup = Setup::new().recipes(|builder| builder.recipe(recipe));
        let app = harness.start(setup).await;
        let reply = app.send(Req::post(CREATE).json(&taken)).await;
        assert_eq!(reply.json()["flowType"], "USER_INPUT_CODE", "{reply:?}");
        let text =
            format!("Please provide {wanted} since you have set the contactMethod to \"{name}\"");
        app.send(Req::post(CREATE).json(&other)).await.expect_message(400, &text);
    }
}

async fn one_more_code_goes_to_the_device_that_asks(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (first, _) = world.code().await;
    world.post(RESEND, &first).await.expect(200, &json!({ "status": "OK" }));
    let code = world.message().await.user_input_code.expect("a code");
    let mut second = first.clone();
    second["userInputCode"] = json!(code.expose_secret());
    assert_eq!(world.post(CONSUME, &second).await.json()["status"], "OK");
    let gone = json!({ "status": "RESTART_FLOW_ERROR" });
    world.post(RESEND, &first).await.expect(200, &gone);
    for (body, text) in [
        (json!({}), "Please provide preAuthSessionId"),
        (json!({ "deviceId": "x" }), "Please provide preAuthSessionId"),
        (json!({ "preAuthSessionId": "x" }), "Please provide a deviceId"),
        (json!({ "preAuthSessionId": "x", "deviceId": "%" }), "Input encoding error in deviceId"),
    ] {
        world.post(RESEND, &body).await.expect(400, &json!({ "message": text }));
    }
}

async fn a_code_that_is_typed_in_starts_a_session(harness: Harness) {
    let mut world = World::start(&harness).await;
    for (mode, is_new) in Mode::BOTH.into_iter().zip([true, false]) {
        let (mut typed, _) = world.code().await;
        // As it may be copied from a message.
        let code = typed["userInputCode"].as_str().expect("a code");
        typed["userInputCode"] = json!(format!(" {code}\n"));
        let mut front_end = world.app.front_end(mode);
        let reply = front_end.send(&world.app, Req::post(CONSUME).json(&typed)).await;
        let answer = reply.json();
        assert_eq!(
            (&answer["status"], &answer["createdNewRecipeUser"]),
            (&json!("OK"), &json!(is_new))
        );
        assert_eq!(answer["user"]["phoneNumbers"], json!([PHONE]));
        assert_eq!(answer["user"]["id"], front_end.payload()["sub"]);
        assert!(front_end.front_token.is_some());
    }
}

async fn a_link_starts_a_session_once(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, link_code) = world.code().await;
    let body = linked(&typed, &link_code);
    let reply = world.post(CONSUME, &body).await;
    assert_eq!(reply.json()["status"], "OK");
    assert!(reply.header("front-token").is_some());
    for body in [&body, &typed] {
        let reply = world.post(CONSUME, body).await;
        reply.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
        assert_eq!(reply.header("front-token"), None);
    }
}

async fn an_address_has_an_account_once_a_code_for_it_was_used(harness: Harness) {
    let world = World::start(&harness).await;
    let exists = async |exists: bool| {
        for path in ["/auth/passwordless/email/exists", "/auth/signup/email/exists"] {
            let rid = if path.contains("signup") { "passwordless" } else { "anti-csrf" };
            let get = |target: String| Req::get(&target).header("rid", rid);
            let reply = world.app.send(get(format!("{path}?email=ADA@example.com"))).await;
            reply.expect(200, &json!({ "status": "OK", "exists": exists }));
            let text = "Please provide the email as a GET param";
            let reply = world.app.send(get(path.to_owned())).await;
            reply.expect(400, &json!({ "message": text }));
        }
    };
    exists(false).await;
    let contact = auth_core::recipes::passwordless::Contact::Email("ada@example.com".into());
    let passwordless = world.app.auth.passwordless().expect("the recipe");
    passwordless.sign_in_up(contact).await.expect("signed up");
    exists(true).await;
    let path = "/auth/emailpassword/email/exists?email=ada@example.com";
    let reply = world.app.send(Req::get(path)).await;
    reply.expect(200, &json!({ "status": "OK", "exists": false }));
}

async fn a_phone_number_has_an_account_once_a_code_for_it_was_used(harness: Harness) {
    let mut world = World::start(&harness).await;
    let query = format!("phoneNumber={}", PHONE.replace('+', "%2B"));
    for exists in [false, true] {
        for path in ["/auth/passwordless/phonenumber/exists", "/auth/signup/phonenumber/exists"] {
            let reply = world.app.send(Req::get(&format!("{path}?{query}"))).await;
            reply.expect(200, &json!({ "status": "OK", "exists": exists }));
            let text = "Please provide the phoneNumber as a GET param";
            world.app.send(Req::get(path)).await.expect(400, &json!({ "message": text }));
        }
        let (typed, _) = world.code().await;
        assert_eq!(world.post(CONSUME, &typed).await.json()["status"], "OK");
    }
}
