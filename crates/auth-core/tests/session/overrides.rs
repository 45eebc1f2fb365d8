//! Overrides of session functions and APIs (FDI §4).

use std::sync::atomic::{AtomicU32, Ordering};

use auth_core::{
    Context, Error, Result,
    recipes::session::{
        CreateNewSessionInput, FetchAndSetClaimInput, GetClaimValueInput,
        GetSessionInformationInput, GetSessionInput, NewSessionInput, RegenerateAccessTokenInput,
        RegeneratedAccessToken, Session, SessionApis, SessionApisOverride, SessionCheck,
        SessionFunctions, SessionInformation, SessionOptions, SessionOverride, SessionRecipe,
        VerifySessionInput, claims::BooleanClaim,
    },
};
use http::Method;
use parking_lot::Mutex;

use crate::harness::App;

/// Notes its name, then calls the original.
struct Noting(&'static str);

/// What was called, in the user context.
#[derive(Clone, Default)]
struct Notes(std::sync::Arc<Mutex<Vec<&'static str>>>);

impl SessionOverride for Noting {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: CreateNewSessionInput,
    ) -> Result<Session> {
        if let Some(notes) = cx.get::<Notes>() {
            notes.0.lock().push(self.0);
        }
        original.create_new_session(cx, input).await
    }
}

#[tokio::test]
async fn layers_stack_and_the_last_one_is_called_first_with_the_same_user_context() {
    let recipe = SessionRecipe::new()
        .override_functions(Noting("inner"))
        .override_functions(Noting("outer"));
    let app = App::new(recipe).await;
    let cx = app.cx(Method::POST, "/login", &[]);
    cx.insert(Notes::default());
    cx.session().unwrap().create_new_session(NewSessionInput::new("user")).await.unwrap();
    assert_eq!(*cx.get::<Notes>().unwrap().0.lock(), ["outer", "inner"]);
}

/// Refuses to read rows and to make tokens anew.
struct Refusing;

impl SessionOverride for Refusing {
    async fn get_session_information(
        &self,
        _original: &SessionFunctions,
        _cx: &Context,
        _input: GetSessionInformationInput,
    ) -> Result<Option<SessionInformation>> {
        Err(Error::general("no rows"))
    }

    async fn regenerate_access_token(
        &self,
        _original: &SessionFunctions,
        _cx: &Context,
        _input: RegenerateAccessTokenInput,
    ) -> Result<Option<RegeneratedAccessToken>> {
        Err(Error::general("no tokens"))
    }
}

#[tokio::test]
async fn base_functions_and_methods_of_a_session_reach_overrides_of_what_they_call() {
    let app = App::new(SessionRecipe::new().override_functions(Refusing)).await;
    let (session, _) = app.create(&[]).await.unwrap();
    let sessions = app.auth.session().unwrap();
    let handle = session.get_handle();
    let claim = BooleanClaim::new("c", |_, _| async { Ok(Some(true)) });
    let messages = [
        sessions.fetch_and_set_claim(FetchAndSetClaimInput::new(handle, &claim)).await.map(drop),
        sessions.get_claim_value(GetClaimValueInput::new(handle, &claim)).await.map(drop),
        session.get_expiry().await.map(drop),
        session.set_claim_value(&claim, true).await,
    ]
    .map(|result| result.unwrap_err().to_string());
    assert_eq!(messages, ["no rows", "no rows", "no rows", "no tokens"]);
}

/// Counts checks by the function, or by the API.
#[derive(Clone, Default)]
pub(crate) struct Counting(pub(crate) std::sync::Arc<AtomicU32>);

impl SessionOverride for Counting {
    async fn get_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetSessionInput,
    ) -> Result<Option<Session>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        original.get_session(cx, input).await
    }
}

#[tokio::test]
async fn an_override_has_its_say_about_a_token_that_was_checked_before_too() {
    let counting = Counting::default();
    let app = App::new(SessionRecipe::new().override_functions(counting.clone())).await;
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    for count in 1..=3 {
        let (checked, _) = app.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await;
        assert!(checked.is_ok_and(|session| session.is_some()));
        assert_eq!(counting.0.load(Ordering::SeqCst), count);
    }
}

impl SessionApisOverride for Counting {
    async fn verify_session(
        &self,
        original: &SessionApis,
        cx: &Context,
        input: VerifySessionInput,
    ) -> Result<Option<Session>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        original.verify_session(cx, input).await
    }
}

#[tokio::test]
async fn a_check_is_pending_where_an_override_has_a_say() {
    let plain = SessionRecipe::new();
    let functions = SessionRecipe::new().override_functions(Counting::default());
    let apis = SessionRecipe::new().override_apis(Counting::default());
    let options = SessionOptions::new();
    for (recipe, is_ready) in [(plain, true), (functions, false), (apis, false)] {
        let app = App::new(recipe).await;
        let client = app.client("header").await;
        let (name, value) = client.access_header();
        let headers = [(name, value.as_str())];
        let first = app.cx(Method::GET, "/", &headers).require_session(&options);
        assert!(matches!(first, SessionCheck::Pending(_)), "its signature is to be checked");
        let checked = first.await.unwrap();
        let again = app.cx(Method::GET, "/", &headers).require_session(&options);
        assert_eq!(matches!(again, SessionCheck::Ready(_)), is_ready);
        assert_eq!(again.await.unwrap().get_handle(), checked.get_handle());
    }
}

/// Sends everybody away in one way or another.
struct Closed;

impl SessionOverride for Closed {
    async fn get_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetSessionInput,
    ) -> Result<Option<Session>> {
        original
            .get_session(cx, GetSessionInput::new(None).session_required(input.session_required))
            .await
    }
}

impl SessionApisOverride for Closed {
    async fn refresh_post(&self, _original: &SessionApis, _cx: &Context) -> Result<Session> {
        Err(Error::bad_input("closed"))
    }

    async fn verify_session(
        &self,
        original: &SessionApis,
        cx: &Context,
        mut input: VerifySessionInput,
    ) -> Result<Option<Session>> {
        input.options = input.options.optional();
        original.verify_session(cx, input).await
    }
}

#[tokio::test]
async fn the_session_check_goes_through_the_overridden_function_and_api() {
    let recipe = SessionRecipe::new().override_functions(Closed).override_apis(Closed);
    let app = App::new(recipe).await;
    let client = app.client("header").await;
    let (name, value) = client.access_header();
    let (session, _) = app.check(Method::GET, &[(name, &value)], &SessionOptions::new()).await;
    assert!(session.unwrap().is_none(), "no session is required, and none is found");
    let (name, value) = client.refresh_header();
    let reply = app.refresh(&[(name, &value)]).await;
    assert_eq!((reply.status.as_u16(), &reply.body["message"]), (400, &"closed".into()));
}
