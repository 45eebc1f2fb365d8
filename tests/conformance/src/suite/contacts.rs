//! To whom codes go, what they are sent, and how codes are typed in.

use async_trait::async_trait;
use auth_core::{
    AuthBuilder, Context, Error, Result,
    delivery::{Email, EmailDelivery, Sms, SmsDelivery},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        passwordless::{
            ContactMethod, FlowType, LoginCode, PasswordlessLoginEmail, PasswordlessLoginSms,
            PasswordlessRecipe,
        },
    },
};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    cases,
    passwordless::{CONSUME, CREATE, PHONE, RESEND, World},
    support::{PASSWORD, form},
};
use crate::{App, Harness, Setup, client::Req};

cases! {
    "fdi-1.3-1" => a_message_goes_to_the_contact_as_it_is_stored,
    "fdi-1.3-1" => a_contact_with_what_cannot_be_seen_is_refused,
    "fdi-10-email" => an_address_is_one_account_however_its_domain_is_written,
    "fdi-1.3-2" => a_resend_has_a_code_or_a_link_as_the_first_message_had,
    "fdi-1.3-3" => a_pasted_code_is_read,
    "cdi-4.3" => ids_that_encode_nothing_known_start_the_flow_again,
}

/// A delivery that hands messages to the case.
#[derive(Clone)]
struct Messages(UnboundedSender<(String, LoginCode)>);

#[async_trait]
impl SmsDelivery for Messages {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        let Some(it) = sms.get::<PasswordlessLoginSms>().cloned() else { return Ok(()) };
        self.0.send((it.phone_number, it.login)).map_err(Error::other)
    }
}

#[async_trait]
impl EmailDelivery for Messages {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        let Some(it) = email.get::<PasswordlessLoginEmail>().cloned() else { return Ok(()) };
        self.0.send((it.email, it.login)).map_err(Error::other)
    }
}

/// An application, and the messages and mails that it sent.
pub(super) struct Post {
    pub(super) app: App,
    messages: UnboundedReceiver<(String, LoginCode)>,
}

impl Post {
    pub(super) async fn start(harness: &Harness, first_factors: Option<FactorId>) -> Self {
        let more = |builder: AuthBuilder| match first_factors {
            Some(id) => builder.recipe(MultiFactorAuthRecipe::new().first_factors([id])),
            None => builder,
        };
        Self::with(harness, FlowType::UserInputCodeAndMagicLink, |recipe| recipe, more).await
    }

    pub(super) async fn with(
        harness: &Harness,
        flow_type: FlowType,
        configure: impl FnOnce(PasswordlessRecipe) -> PasswordlessRecipe + 'static,
        more: impl FnOnce(AuthBuilder) -> AuthBuilder + 'static,
    ) -> Self {
        let (sender, messages) = unbounded_channel();
        let setup = Setup::new().recipes(move |builder| {
            let recipe = PasswordlessRecipe::new(ContactMethod::EmailOrPhone, flow_type)
                .email_delivery(Messages(sender.clone()))
                .sms_delivery(Messages(sender));
            more(builder.recipe(EmailPasswordRecipe::new()).recipe(configure(recipe)))
        });
        Self { app: harness.start(setup).await, messages }
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Value {
        self.app.send(Req::post(path).json(body)).await.json()
    }

    pub(super) async fn next(&mut self) -> (String, LoginCode) {
        self.messages.recv().await.expect("a message")
    }
}

async fn a_message_goes_to_the_contact_as_it_is_stored(harness: Harness) {
    let mut post = Post::start(&harness, None).await;
    for (name, written, stored) in [
        ("email", " Ada@Example.com", "ada@example.com"),
        ("email", "vic\u{212a}@example.com", "vick@example.com"),
        ("email", "Ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("phoneNumber", "tel:+49-170-1234567", PHONE),
        ("phoneNumber", "\u{202a}+٤٩ 170 1234567\u{202c}", PHONE),
        ("phoneNumber", "＋４９ １７０ １２３４５６７", PHONE),
    ] {
        let device = post.post(CREATE, &json!({ name: written })).await;
        assert_eq!(device["status"], "OK", "{written}: {device}");
        let (contact, login) = post.next().await;
        assert_eq!(contact, stored);
        assert_eq!((login.code_lifetime.as_secs(), login.is_first_factor), (600, true));
        // What follows a number sign is sent to no server.
        let link = login.url_with_link_code.expect("a link");
        let id = device["preAuthSessionId"].as_str().expect("an id");
        let page = "https://www.example.com/auth/verify";
        let start = format!("{page}?preAuthSessionId={id}&tenantId=public#");
        assert!(link.expose_secret().starts_with(&start), "{link:?}");
        assert_eq!(post.post(RESEND, &device).await["status"], "OK");
        let (contact, login) = post.next().await;
        assert_eq!(contact, stored);
        let mut typed = device;
        typed["userInputCode"] = json!(login.user_input_code.expect("a code").expose_secret());
        let answer = post.post(CONSUME, &typed).await;
        assert_eq!(answer["status"], "OK", "{answer}");
        let contacts = if name == "email" { "emails" } else { "phoneNumbers" };
        assert_eq!(answer["user"][contacts], json!([stored]));
        let method = &answer["user"]["loginMethods"][0];
        assert_eq!(
            (&method["recipeId"], &method["verified"]),
            (&"passwordless".into(), &true.into())
        );
    }
}

async fn a_contact_with_what_cannot_be_seen_is_refused(harness: Harness) {
    let mut post = Post::start(&harness, None).await;
    for email in [
        "a\u{200b}da@example.com",
        "\u{feff}ada@example.com",
        "ada\u{ad}@example.com",
        "ada@exa\u{2060}mple.com",
        "\u{202e}moc.elpmaxe@ada\u{202c}",
        "ada\u{3164}@example.com",
        "a\u{1}da@example.com",
        "ada@bü\u{200b}cher.example",
    ] {
        let answer = post.post(CREATE, &json!({ "email": email })).await;
        let refused = json!({ "status": "GENERAL_ERROR", "message": "Email is invalid" });
        assert_eq!(answer, refused, "{email:?}");
        let answer = post.post("/auth/signup", &form(email, PASSWORD)).await;
        assert_eq!(answer["status"], "FIELD_ERROR", "{email:?}");
        assert_eq!(answer["formFields"][0]["error"], "Email is invalid");
    }
    assert!(post.messages.try_recv().is_err());
}

async fn an_address_is_one_account_however_its_domain_is_written(harness: Harness) {
    let post = Post::start(&harness, None).await;
    let answer = post.post("/auth/signup", &form("Ada@Bücher.example", PASSWORD)).await;
    assert_eq!(answer["user"]["emails"], json!(["ada@xn--bcher-kva.example"]), "{answer}");
    for email in ["ada@xn--bcher-kva.example", "ada@BÜCHER.example", "ada@bu\u{308}cher。example"]
    {
        let answer = post.post("/auth/signup", &form(email, PASSWORD)).await;
        assert_eq!(answer["status"], "FIELD_ERROR", "{email}");
        let answer = post.post("/auth/signin", &form(email, PASSWORD)).await;
        assert_eq!(answer["status"], "OK", "{email}");
    }
}

async fn a_resend_has_a_code_or_a_link_as_the_first_message_had(harness: Harness) {
    for (id, name, contact) in [
        (FactorId::OTP_EMAIL, "email", "ada@example.com"),
        (FactorId::LINK_EMAIL, "email", "ada@example.com"),
        (FactorId::OTP_PHONE, "phoneNumber", PHONE),
        (FactorId::LINK_PHONE, "phoneNumber", PHONE),
    ] {
        let is_code = id == FactorId::OTP_EMAIL || id == FactorId::OTP_PHONE;
        let mut post = Post::start(&harness, Some(id)).await;
        let device = post.post(CREATE, &json!({ name: contact })).await;
        let wanted = if is_code { "USER_INPUT_CODE" } else { "MAGIC_LINK" };
        assert_eq!(device["flowType"], wanted);
        for _ in 0..2 {
            let login = post.next().await.1;
            assert_eq!(login.user_input_code.is_some(), is_code);
            assert_eq!(login.url_with_link_code.is_some(), !is_code);
            assert_eq!(post.post(RESEND, &device).await, json!({ "status": "OK" }));
        }
    }
}

async fn a_pasted_code_is_read(harness: Harness) {
    let mut world = World::start(&harness).await;
    let arabic = |digit: char| char::from_u32(u32::from(digit) - 0x30 + 0x660).unwrap_or(digit);
    let wide = |digit: char| char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap_or(digit);
    for index in 0..6 {
        let (mut typed, _) = world.code().await;
        let code = typed["userInputCode"].as_str().expect("a code").to_owned();
        let (start, end) = code.split_at(3);
        typed["userInputCode"] = json!(match index {
            0 => format!("{start} {end}"),
            1 => format!("{start}-{end}"),
            2 => format!("\u{200e}{start}\u{a0}{end}\u{200b}"),
            3 => code.chars().map(wide).collect(),
            4 => code.chars().map(arabic).collect(),
            _ => format!("{start}\u{2013}{end}\n"),
        });
        let answer = world.post(CONSUME, &typed).await.json();
        assert_eq!(answer["status"], "OK", "{typed}: {answer}");
    }
}

async fn ids_that_encode_nothing_known_start_the_flow_again(harness: Harness) {
    let mut world = World::start(&harness).await;
    let (typed, _) = world.code().await;
    for text in ["random", "invalidLinkCode", "invalidDeviceId0"] {
        let mut unknown = typed.clone();
        unknown["deviceId"] = json!(text);
        let link = json!({ "preAuthSessionId": typed["preAuthSessionId"], "linkCode": text });
        for (path, body) in [(CONSUME, &unknown), (CONSUME, &link), (RESEND, &unknown)] {
            let restart = json!({ "status": "RESTART_FLOW_ERROR" });
            world.post(path, body).await.expect(200, &restart);
        }
    }
    let unknown = json!({ "preAuthSessionId": "unknown", "linkCode": "%%%" });
    world.post(CONSUME, &unknown).await.expect(200, &json!({ "status": "RESTART_FLOW_ERROR" }));
    assert_eq!(world.post(CONSUME, &typed).await.json()["status"], "OK");
}
