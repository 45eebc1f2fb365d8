//! An application with the magic word: what its front end and its overrides see.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "these are tests")]

use std::time::Duration;

use auth_core::{
    AppInfo, Auth, AuthBuilder, BuildError, Context, Error, Request, Result, async_trait,
    core::{Clock, EngineConfig},
    delivery::{Email, EmailDelivery},
    protocol::UserId,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{
            AddToRequiredSecondaryFactorsForUserInput, FactorId, MultiFactorAuthRecipe,
        },
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::{SessionOptions, SessionRecipe},
        totp::TotpRecipe,
    },
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use test_plugin::{
    MAGIC_WORD, MagicWordApi, MagicWordApis, MagicWordApisOverride, MagicWordContext,
    MagicWordEmail, MagicWordFunctions, MagicWordOverride, MagicWordRecipe, SendPostInput,
    SendPostOutcome, VerifyWordInput,
};
use tokio::sync::{
    Mutex,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "enchantress1";

struct Mailbox(UnboundedSender<Email>);

#[async_trait]
impl EmailDelivery for Mailbox {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        self.0.send(email).map_err(Error::other)
    }
}

/// An application, its clock, and the words that it sent.
struct App {
    auth: Auth,
    clock: Clock,
    mails: Mutex<UnboundedReceiver<Email>>,
}

fn builder(core: EngineConfig) -> AuthBuilder {
    Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(core)
        .recipe(SessionRecipe::new())
        .recipe(EmailPasswordRecipe::new())
}

impl App {
    /// Where the magic word must follow the password.
    async fn new() -> Self {
        Self::with(|recipe| recipe).await
    }

    async fn with(configure: impl FnOnce(MagicWordRecipe) -> MagicWordRecipe) -> Self {
        let mfa = MultiFactorAuthRecipe::new().required_secondary_factors([MAGIC_WORD]);
        Self::with_mfa(mfa, configure).await
    }

    async fn with_mfa(
        mfa: MultiFactorAuthRecipe,
        configure: impl FnOnce(MagicWordRecipe) -> MagicWordRecipe,
    ) -> Self {
        let clock = Clock::manual(1_700_000_000_000);
        let (sender, mails) = unbounded_channel();
        let recipe = configure(MagicWordRecipe::new().email_delivery(Mailbox(sender)));
        let auth = builder(EngineConfig::in_memory().clock(clock.clone()))
            .recipe(mfa)
            .recipe(TotpRecipe::new())
            .recipe(recipe)
            .build()
            .await
            .expect("a valid configuration");
        Self { auth, clock, mails: Mutex::new(mails) }
    }

    /// The word of the next mail.
    async fn word(&self) -> String {
        let mail = self.mails.lock().await.recv().await.expect("a mail");
        assert_eq!((mail.type_name(), mail.to()), ("MAGIC_WORD", EMAIL));
        let mail = mail.get::<MagicWordEmail>().expect("of this recipe");
        mail.word.expose_secret().to_owned()
    }

    async fn sign_up(&self) -> FrontEnd<'_> {
        self.enter("/auth/signup").await
    }

    async fn sign_in(&self) -> FrontEnd<'_> {
        self.enter("/auth/signin").await
    }

    async fn enter(&self, path: &str) -> FrontEnd<'_> {
        let mut front_end = FrontEnd::new(self);
        let form = json!({ "formFields": [
            { "id": "email", "value": EMAIL },
            { "id": "password", "value": PASSWORD },
        ] });
        let answer = front_end.ok(Method::POST, path, &form).await;
        assert_eq!(answer["status"], "OK");
        front_end.user_id = UserId::from(answer["user"]["id"].as_str().expect("an id"));
        front_end
    }
}

/// A client that keeps its access token.
struct FrontEnd<'a> {
    app: &'a App,
    token: String,
    user_id: UserId,
}

impl<'a> FrontEnd<'a> {
    fn new(app: &'a App) -> Self {
        Self { app, token: String::new(), user_id: UserId::from("nobody") }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("st-auth-mode", HeaderValue::from_static("header"));
        if !self.token.is_empty() {
            let value = format!("Bearer {}", self.token).try_into().expect("a value");
            headers.insert(header::AUTHORIZATION, value);
        }
        headers
    }

    /// The status and the body; `None` where no route is found.
    async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Option<(StatusCode, Value)> {
        let route = self.app.auth.route(&method, path, None)?;
        let request = Request::new(method, path, &self.headers()).with_body(body.to_string());
        let response = self.app.auth.handle(route, request).await;
        if let Some(token) = response.headers.get("st-access-token") {
            token.to_str().expect("a text").clone_into(&mut self.token);
        }
        Some((response.status, serde_json::from_slice(&response.body).expect("JSON")))
    }

    async fn ok(&mut self, method: Method, path: &str, body: &Value) -> Value {
        let (status, body) = self.send(method, path, body).await.expect("a route");
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        self.ok(Method::POST, path, &body).await
    }

    async fn info(&mut self) -> Value {
        self.ok(Method::PUT, "/auth/mfa/info", &json!({})).await
    }

    /// Whether a route of the application lets the session through.
    async fn is_let_in(&self) -> bool {
        let request = Request::new(Method::GET, "/vault", &self.headers());
        let cx = Context::for_request(self.app.auth.clone(), request);
        let session = cx.session().expect("in the list").get_session(&SessionOptions::new()).await;
        session.is_ok_and(|session| session.is_some())
    }

    async fn send_and_verify(&mut self) {
        let sent = self.post("/auth/magicword/send", json!({})).await;
        assert_eq!(sent, json!({ "status": "OK", "email": EMAIL }));
        let word = self.app.word().await;
        let answer = self.post("/auth/magicword/verify", json!({ "word": word })).await;
        assert_eq!(answer, json!({ "status": "OK" }));
    }
}

#[tokio::test]
async fn a_required_word_is_asked_for_set_up_and_enough() {
    let app = App::new().await;
    let mut ada = app.sign_up().await;
    assert!(!ada.is_let_in().await, "the password isn't enough");
    let info = ada.info().await;
    assert_eq!(info["factors"]["next"], json!(["magic-word"]));
    assert_eq!(info["factors"]["alreadySetup"], json!(["emailpassword"]));
    assert_eq!(info["factors"]["allowedToSetup"], json!(["magic-word"]));
    assert_eq!(info["emails"]["magic-word"], json!([EMAIL]));

    ada.post("/auth/magicword/send", json!({})).await;
    let word = app.word().await;
    let wrong = ada.post("/auth/magicword/verify", json!({ "word": "babab" })).await;
    assert_eq!(wrong, json!({ "status": "WRONG_WORD_ERROR" }));
    assert!(!ada.is_let_in().await);
    let right = ada.post("/auth/magicword/verify", json!({ "word": word })).await;
    assert_eq!(right, json!({ "status": "OK" }));
    assert!(ada.is_let_in().await);
    let info = ada.info().await;
    assert_eq!(info["factors"]["next"], json!([]));
    assert_eq!(info["factors"]["alreadySetup"], json!(["emailpassword", "magic-word"]));

    // Each session is asked for its own.
    let mut again = app.sign_in().await;
    assert!(!again.is_let_in().await);
    let reused = again.post("/auth/magicword/verify", json!({ "word": word })).await;
    assert_eq!(reused, json!({ "status": "WRONG_WORD_ERROR" }), "once");
    app.clock.advance(Duration::from_secs(30));
    again.send_and_verify().await;
    assert!(again.is_let_in().await);
}

#[tokio::test]
async fn a_password_alone_adds_no_word_beside_a_factor_that_is_there() {
    let mfa = MultiFactorAuthRecipe::new();
    let app = App::with_mfa(mfa, |recipe| recipe).await;
    let ada = app.sign_up().await;
    let mfa = app.auth.multifactorauth().expect("in the list");
    let totp = AddToRequiredSecondaryFactorsForUserInput::new(&ada.user_id, FactorId::TOTP);
    mfa.add_to_required_secondary_factors_for_user(totp).await.expect("added");
    let mut thief = app.sign_in().await;
    for (path, body) in [
        ("/auth/magicword/send", json!({})),
        ("/auth/magicword/verify", json!({ "word": "babab" })),
    ] {
        let (status, body) = thief.send(Method::POST, path, &body).await.expect("a route");
        assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
        assert_eq!(body["claimValidationErrors"][0]["id"], "st-mfa");
    }
    assert!(app.mails.lock().await.try_recv().is_err(), "nothing was sent");
}

#[tokio::test]
async fn a_word_goes_to_an_address_of_the_user_and_not_twice_in_a_moment() {
    let app = App::new().await;
    let mut ada = app.sign_up().await;
    let body = json!({ "email": "eve@example.com" });
    let (status, body) = ada.send(Method::POST, "/auth/magicword/send", &body).await.unwrap();
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(body, json!({ "message": "email must be one of the user's own" }));
    ada.send_and_verify().await;
    ada.post("/auth/magicword/send", json!({ "email": EMAIL })).await;
    let answer = ada.post("/auth/magicword/send", json!({})).await;
    assert_eq!(answer, json!({ "status": "ALREADY_SENT" }));
}

#[tokio::test]
async fn nobody_without_a_session_gets_or_tries_a_word() {
    let app = App::new().await;
    let mut nobody = FrontEnd::new(&app);
    for path in ["/auth/magicword/send", "/auth/magicword/verify"] {
        let (status, _) = nobody.send(Method::POST, path, &json!({})).await.expect("a route");
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
}

/// Takes one more word, whatever was sent.
struct MasterWord;

impl MagicWordOverride for MasterWord {
    async fn verify_word(
        &self,
        original: &MagicWordFunctions,
        cx: &Context,
        input: VerifyWordInput,
    ) -> Result<bool> {
        if input.word.expose_secret() == "open sesame" {
            return Ok(true);
        }
        original.verify_word(cx, input).await
    }
}

/// Sends nothing.
struct Closed;

impl MagicWordApisOverride for Closed {
    async fn send_post(
        &self,
        _original: &MagicWordApis,
        _cx: &Context,
        _input: SendPostInput,
    ) -> Result<SendPostOutcome> {
        Ok(SendPostOutcome::AlreadySent)
    }
}

#[tokio::test]
async fn an_application_overrides_functions_and_apis_and_disables_routes() {
    let app = App::with(|it| it.override_functions(MasterWord)).await;
    let mut ada = app.sign_up().await;
    ada.post("/auth/magicword/verify", json!({ "word": "open sesame" })).await;
    assert!(ada.is_let_in().await);
    // Whoever calls the function reaches the override.
    let words = app.auth.magic_words().expect("in the list");
    let input = |word: &str| VerifyWordInput::new(UserId::from("nobody"), word);
    assert!(words.verify_word(input("open sesame")).await.expect("answered"));
    assert!(!words.verify_word(input("open barley")).await.expect("answered"));

    let app = App::with(|it| it.override_apis(Closed)).await;
    let mut ada = app.sign_up().await;
    let answer = ada.post("/auth/magicword/send", json!({})).await;
    assert_eq!(answer, json!({ "status": "ALREADY_SENT" }));

    let app = App::with(|it| it.disable_api(MagicWordApi::SendPost)).await;
    let mut ada = app.sign_up().await;
    assert!(ada.send(Method::POST, "/auth/magicword/send", &json!({})).await.is_none());
}

#[tokio::test]
async fn the_list_of_recipes_is_checked_at_the_start() {
    async fn problem(builder: AuthBuilder) -> String {
        match builder.build().await {
            Err(BuildError::Config(error)) => error.to_string(),
            other => panic!("{other:?}"),
        }
    }
    let app = || builder(EngineConfig::in_memory()).recipe(MagicWordRecipe::new());
    assert_eq!(
        problem(app()).await,
        "`recipe_list`: magicword is there without multifactorauth; expected these lines too, \
         beside the others: `.recipe(MultiFactorAuthRecipe::new())`"
    );
    let first = MultiFactorAuthRecipe::new().first_factors([MAGIC_WORD]);
    let problem_of_first = problem(app().recipe(first)).await;
    assert!(
        problem_of_first
            .starts_with("`multifactorauth.first_factors`: no recipe offers magic-word"),
        "{problem_of_first}"
    );
    // The same mailbox never counts twice.
    let codes = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCode);
    let mfa = MultiFactorAuthRecipe::new()
        .first_factors([FactorId::OTP_EMAIL])
        .required_secondary_factors([MAGIC_WORD]);
    let problem_of_proof = problem(app().recipe(codes).recipe(mfa)).await;
    assert!(
        problem_of_proof.contains("may start with otp-email, whose proof is all that must follow"),
        "{problem_of_proof}"
    );
}
