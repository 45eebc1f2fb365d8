//! What an override sees: the request, what the application put into the context, and one cache of
//! what was read from a core, through every function that calls another.

use std::sync::Arc;

use auth_core::{
    AppInfo, Auth, Context, Request, Result,
    core::EngineConfig,
    protocol::{RecipeUserId, User, UserId, user::ListUsersByAccountInfo},
    recipes::{
        accountlinking::{
            AccountLinkingFunctions, AccountLinkingOverride, AccountLinkingRecipe, GetUserInput,
            ListUsersByAccountInfoInput,
        },
        emailpassword::{
            CreateResetPasswordTokenInput, EmailPasswordRecipe, PasswordResetOutcome, ResetLink,
            ResetPasswordUsingTokenInput,
        },
        passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
        session::{RevokeSessionInput, SessionFunctions, SessionOverride, SessionRecipe},
    },
};
use http::{HeaderMap, Method};
use parking_lot::Mutex;
use serde_json::json;

use crate::harness::{App, EMAIL, PASSWORD, form};

/// What an application puts into a context.
#[derive(Clone, Debug, PartialEq)]
struct Mark(&'static str);

/// Which functions were called, whether they saw a request, and with which mark.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Call>>>);

type Call = (&'static str, bool, Option<&'static str>);

impl Seen {
    fn note(&self, function: &'static str, cx: &Context) {
        let mark = cx.get::<Mark>().map(|mark| mark.0);
        self.0.lock().push((function, cx.request().is_some(), mark));
    }

    /// All of those that were called since the last time had the request, and the mark.
    fn all_with(&self, wanted: &[&str], mark: Option<&'static str>) {
        let seen = std::mem::take(&mut *self.0.lock());
        for function in wanted {
            assert!(seen.iter().any(|(name, ..)| name == function), "{function} in {seen:?}");
        }
        for call in &seen {
            assert_eq!((call.1, call.2), (true, mark), "{call:?}");
        }
    }
}

impl AccountLinkingOverride for Seen {
    async fn get_user(
        &self,
        original: &AccountLinkingFunctions,
        cx: &Context,
        input: GetUserInput,
    ) -> Result<Option<User>> {
        self.note("get_user", cx);
        original.get_user(cx, input).await
    }

    async fn list_users_by_account_info(
        &self,
        original: &AccountLinkingFunctions,
        cx: &Context,
        input: ListUsersByAccountInfoInput,
    ) -> Result<Vec<User>> {
        self.note("list_users_by_account_info", cx);
        original.list_users_by_account_info(cx, input).await
    }
}

impl SessionOverride for Seen {
    async fn revoke_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: RevokeSessionInput,
    ) -> Result<bool> {
        self.note("revoke_session", cx);
        original.revoke_session(cx, input).await
    }
}

async fn app(seen: &Seen) -> App {
    let passwordless = PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::MagicLink);
    let auth = Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(EngineConfig::in_memory())
        .recipe(SessionRecipe::new().override_functions(seen.clone()))
        .recipe(EmailPasswordRecipe::new())
        .recipe(passwordless)
        .recipe(AccountLinkingRecipe::new().override_functions(seen.clone()));
    App(auth.build().await.unwrap())
}

/// A context as one of the application's own routes has it.
fn marked(app: &App) -> Context {
    let request = Request::new(Method::GET, "/own", &HeaderMap::new());
    let cx = Context::for_request(app.0.clone(), request);
    cx.insert(Mark("mine"));
    cx
}

async fn reset_link(cx: &Context, user: &UserId) -> String {
    let input = CreateResetPasswordTokenInput::new(user, EMAIL);
    match cx.emailpassword().unwrap().create_reset_password_link(input).await.unwrap() {
        ResetLink::Ok(link) => link.expose_secret().to_owned(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn functions_of_a_context_call_others_in_that_context() {
    let seen = Seen::default();
    let app = app(&seen).await;
    let signed_up = app.post("/auth/signup", &form(EMAIL, PASSWORD)).await.json();
    let user = UserId::new(signed_up["user"]["id"].as_str().unwrap());
    let cx = marked(&app);
    seen.0.lock().clear();

    let input = CreateResetPasswordTokenInput::new(&user, EMAIL);
    let functions = cx.emailpassword().unwrap();
    assert!(functions.send_reset_password_email(input).await.unwrap());
    seen.all_with(&["get_user"], Some("mine"));

    let link = reset_link(&cx, &user).await;
    let token = link.split("token=").nth(1).unwrap().split('&').next().unwrap();
    let input = ResetPasswordUsingTokenInput::new(token, "new-password1");
    let outcome = functions.reset_password_using_token(input).await.unwrap();
    assert!(matches!(outcome, PasswordResetOutcome::Ok { .. }), "{outcome:?}");
    seen.all_with(&["get_user"], Some("mine"));

    cx.get_user(&user).await.unwrap();
    cx.list_users_by_account_info(ListUsersByAccountInfo::default()).await.unwrap();
    seen.all_with(&["get_user", "list_users_by_account_info"], Some("mine"));
}

#[tokio::test]
async fn routes_call_functions_with_their_request() {
    let seen = Seen::default();
    let app = app(&seen).await;
    app.post("/auth/signup", &form(EMAIL, PASSWORD)).await;
    let list = ["list_users_by_account_info"];
    seen.all_with(&list, None);
    for path in [
        "/auth/passwordless/email/exists?email=ada@example.com",
        "/auth/passwordless/phonenumber/exists?phoneNumber=%2B491701234567",
        "/auth/emailpassword/email/exists?email=ada@example.com",
    ] {
        app.get(path).await;
        seen.all_with(&list, None);
    }
    for (path, body) in [
        ("/auth/signin", form(EMAIL, PASSWORD)),
        ("/auth/user/password/reset/token", form(EMAIL, PASSWORD)),
        ("/auth/signinup/code", json!({ "email": EMAIL })),
    ] {
        let fields: Vec<_> = body["formFields"].as_array().into_iter().flatten().cloned().collect();
        let only_email = path.ends_with("token").then(|| json!({ "formFields": [fields[0]] }));
        app.post(path, &only_email.unwrap_or(body)).await;
        seen.all_with(&list, None);
    }
}

#[tokio::test]
async fn the_methods_of_a_session_call_functions_in_the_context_that_it_was_got_in() {
    let seen = Seen::default();
    let app = app(&seen).await;
    let cx = marked(&app);
    let sessions = cx.session().unwrap();
    let session = sessions.create_new_session(RecipeUserId::new("somebody")).await.unwrap();
    session.revoke_session().await.unwrap();
    seen.all_with(&["revoke_session"], Some("mine"));
    // The application may keep the session, and the context with it.
    drop((cx, sessions));
    session.revoke_session().await.unwrap();
    seen.all_with(&["revoke_session"], None);
}
