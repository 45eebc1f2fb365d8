//! One request through routes, recipes and overrides: all of them share what was read.

use std::{collections::HashSet, sync::Arc};

use auth_core::{
    AppInfo, Auth, Context, Request, Result,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking},
        emailpassword::{
            EmailPasswordFunctions, EmailPasswordOverride, EmailPasswordRecipe, SignInInput,
            SignInOutcome,
        },
        session::{
            CreateNewSessionInput, Session, SessionFunctions, SessionOverride, SessionRecipe,
        },
    },
};
use auth_server::ServerConfig;
use http::{Method, StatusCode};
use parking_lot::Mutex;
use serde_json::json;

use crate::harness::{Core, Sent, metadata};

const READ: &str = "GET /recipe/user/metadata?userId=ada";

/// What the first override leaves for the second.
#[derive(Clone)]
struct Mark(&'static str);

/// Reads ada's metadata wherever it is called, and notes which mark was there.
#[derive(Clone, Default)]
struct Reader(Arc<Mutex<Vec<Option<&'static str>>>>);

impl Reader {
    async fn read(&self, cx: &Context) {
        metadata(cx).await;
        self.0.lock().push(cx.get::<Mark>().map(|mark| mark.0));
    }
}

impl EmailPasswordOverride for Reader {
    async fn sign_in(
        &self,
        original: &EmailPasswordFunctions,
        cx: &Context,
        input: SignInInput,
    ) -> Result<SignInOutcome> {
        self.read(cx).await;
        cx.insert(Mark("of this request"));
        self.read(cx).await;
        let outcome = original.sign_in(cx, input).await?;
        self.read(cx).await;
        Ok(outcome)
    }
}

impl SessionOverride for Reader {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: CreateNewSessionInput,
    ) -> Result<Session> {
        self.read(cx).await;
        original.create_new_session(cx, input).await
    }
}

async fn post(auth: &Auth, path: &'static str) {
    let body = json!({ "formFields": [
        { "id": "email", "value": "ada@example.com" },
        { "id": "password", "value": "enchantress1" },
    ] });
    let headers = [("st-auth-mode", "header")];
    let route = auth.route(&Method::POST, path, None).unwrap();
    let request = Request::new(Method::POST, path, headers).with_body(body.to_string());
    let answer = auth.handle(route, request).await;
    assert_eq!(answer.status, StatusCode::OK);
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["status"], "OK");
}

#[tokio::test]
async fn overrides_read_what_their_request_has_read_and_the_next_request_reads_for_itself() {
    let core = Core::start(ServerConfig::new()).await;
    let (sent, reader) = (Sent::default(), Reader::default());
    let linking = AccountLinkingRecipe::new().should_do_automatic_account_linking(|_, _| async {
        Ok(AutomaticLinking::Yes { should_require_verification: false })
    });
    let app = AppInfo::new("App", "https://api.example.com", "https://example.com");
    let auth = Auth::builder(app)
        .core(sent.by(core.config()))
        .recipe(SessionRecipe::new().override_functions(reader.clone()))
        .recipe(EmailPasswordRecipe::new().override_functions(reader.clone()))
        .recipe(linking)
        .build()
        .await
        .unwrap();
    post(&auth, "/auth/signup").await;
    for _ in 0..2 {
        reader.0.lock().clear();
        let from = sent.lines().len();
        post(&auth, "/auth/signin").await;
        let seen = reader.0.lock().clone();
        let mark = Some("of this request");
        assert_eq!(seen, [None, mark, mark, mark]);
        let lines = sent.lines().split_off(from);
        let reads = lines.iter().filter(|line| line.as_str() == READ).count();
        assert_eq!(reads, 2, "before the password is checked, and after that write: {lines:?}");
        let mut known = HashSet::new();
        for line in &lines {
            match line.starts_with("GET ") {
                true => assert!(known.insert(line), "{line} twice without a write: {lines:?}"),
                false => known.clear(),
            }
        }
    }
}
