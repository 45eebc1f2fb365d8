//! Claims of an application's own kind, and overrides of what is asked for (FDI §2.9).

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::JsonObject,
    recipes::session::{
        ClaimValidators, CreateNewSessionInput, GetGlobalClaimValidatorsInput,
        GlobalClaimValidatorsOverride, NewSessionInput, Session, SessionFunctions, SessionOptions,
        SessionOverride, SessionRecipe,
        claims::{
            AnyClaim, BooleanClaim, ClaimSubject, ClaimValidation, ClaimValidator, PrimitiveClaim,
            SessionClaim,
        },
    },
};
use http::Method;
use serde_json::json;

use crate::harness::{App, Client, Reply, own_reply};

static SECOND_FACTOR: LazyLock<BooleanClaim> =
    LazyLock::new(|| BooleanClaim::new("2fa-completed", |_, _| async { Ok(Some(false)) }));

/// New sessions lack the second factor; a session in the user context is used again.
struct SecondFactorPending;

impl SessionOverride for SecondFactorPending {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        mut input: CreateNewSessionInput,
    ) -> Result<Session> {
        if let Some(session) = cx.get::<Session>() {
            return Ok(session);
        }
        let subject = input.claim_subject();
        SECOND_FACTOR.build(cx, &subject, &mut input.access_token_payload).await?;
        original.create_new_session(cx, input).await
    }

    async fn get_global_claim_validators(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        let mut validators = original.get_global_claim_validators(cx, input).await?;
        validators.push(SECOND_FACTOR.validators().has_value(true, None));
        Ok(validators)
    }
}

async fn guarded() -> App {
    App::new(SessionRecipe::new().override_functions(SecondFactorPending)).await
}

async fn get(app: &App, client: &Client, options: &SessionOptions) -> (Option<Session>, Reply) {
    let (name, value) = client.access_header();
    let (session, reply) = app.check(Method::GET, &[(name, &value)], options).await;
    (session.ok().flatten(), reply)
}

fn open() -> SessionOptions {
    SessionOptions::new().without_claim_validators()
}

#[tokio::test]
async fn an_override_may_give_the_session_of_the_user_context_again() {
    let app = guarded().await;
    let client = app.client("cookie").await;
    let (name, value) = client.access_header();
    let headers = [(name, value.as_str()), ("st-auth-mode", "cookie")];
    let cx = app.cx(Method::POST, "/consume", &headers);
    let existing = cx.verify_session(&open()).await.unwrap().unwrap();
    cx.insert(existing.clone());
    let session =
        cx.session().unwrap().create_new_session(NewSessionInput::new("other")).await.unwrap();
    assert_eq!(session.get_handle(), existing.get_handle());
    let reply = own_reply(&cx);
    assert!(reply.cookies("sAccessToken").is_empty(), "its tokens haven't changed");
    assert!(reply.header("st-access-token").is_none());

    session.set_claim_value(&*SECOND_FACTOR, true).await.unwrap();
    assert!(own_reply(&cx).cookie("sAccessToken").len() > 100, "changes are still written");
}

#[tokio::test]
async fn a_route_may_replace_the_global_validators_with_the_session_at_hand() {
    struct Nobody;
    #[async_trait]
    impl GlobalClaimValidatorsOverride for Nobody {
        async fn claim_validators(
            &self,
            globals: ClaimValidators,
            session: &Session,
            _cx: &Context,
        ) -> Result<ClaimValidators> {
            assert_eq!(session.get_user_id(), &"user");
            Ok(globals.into_iter().filter(|it| it.id() != "2fa-completed").collect())
        }
    }

    let app = guarded().await;
    let client = app.client("header").await;
    assert_eq!(get(&app, &client, &SessionOptions::new()).await.1.status, 403);
    let none = SessionOptions::new().override_global_claim_validators_with(Nobody);
    assert!(get(&app, &client, &none).await.0.is_some());
}

/// Counts up at every fetch.
fn counter() -> (PrimitiveClaim<i64>, Arc<AtomicI64>) {
    let fetches = Arc::new(AtomicI64::new(0));
    let counted = Arc::clone(&fetches);
    let claim = PrimitiveClaim::new("count", move |_, _| {
        let value = counted.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Ok(Some(value)) }
    });
    (claim, fetches)
}

#[tokio::test]
async fn a_value_that_is_too_old_is_fetched_again() {
    let app = App::new(SessionRecipe::new()).await;
    let mut client = app.client("header").await;
    let (claim, fetches) = counter();
    let claim = claim.default_max_age(Duration::from_secs(60));
    let options =
        |value| SessionOptions::new().claims([claim.validators().has_value(&value, None)]);
    let (session, reply) = get(&app, &client, &options(1)).await;
    assert!(session.is_some());
    client.keep(&reply);
    app.clock.advance(Duration::from_secs(60));
    assert!(get(&app, &client, &options(1)).await.0.is_some());
    app.clock.advance(Duration::from_millis(1));
    let (session, reply) = get(&app, &client, &options(2)).await;
    assert_eq!(session.unwrap().get_claim_value(&claim), Some(2));
    assert_eq!(reply.front_token()["up"]["count"]["v"], 2);
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
    client.keep(&reply);

    let no_limit = claim.validators().with_id("own-id").has_value(&7, Some(Duration::MAX));
    let (_, reply) = get(&app, &client, &SessionOptions::new().claims([no_limit])).await;
    assert_eq!(reply.body["claimValidationErrors"][0]["id"], "own-id");
}

#[tokio::test]
async fn every_refetch_happens_before_any_validation() {
    /// Wants both claims, though its own is only the first.
    struct Both(PrimitiveClaim<i64>);
    #[async_trait]
    impl ClaimValidator for Both {
        fn id(&self) -> &'static str {
            "both"
        }
        fn claim(&self) -> Option<&dyn AnyClaim> {
            Some(&self.0)
        }
        async fn should_refetch(&self, _cx: &Context, _payload: &JsonObject) -> Result<bool> {
            Ok(true)
        }
        async fn validate(&self, _cx: &Context, payload: &JsonObject) -> Result<ClaimValidation> {
            let both = payload.contains_key("count") && payload.contains_key("late");
            Ok(if both { ClaimValidation::Valid } else { ClaimValidation::Invalid(None) })
        }
    }
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let late = PrimitiveClaim::new("late", |_, subject: ClaimSubject| async move {
        Ok(Some(subject.current_payload.contains_key("count")))
    });
    let validators: [Arc<dyn ClaimValidator>; 2] =
        [Arc::new(Both(counter().0)), late.validators().has_value(&true, None)];
    let (session, _) = get(&app, &client, &SessionOptions::new().claims(validators)).await;
    assert!(session.is_some());
}

#[tokio::test]
async fn only_what_is_not_told_at_once_is_awaited() {
    struct Rule {
        at_once: bool,
        awaited: AtomicUsize,
    }
    #[async_trait]
    impl ClaimValidator for Rule {
        fn id(&self) -> &'static str {
            "rule"
        }
        fn is_satisfied_by(&self, _cx: &Context, payload: &JsonObject) -> bool {
            self.at_once && payload.contains_key("sessionHandle")
        }
        async fn validate(&self, _cx: &Context, _payload: &JsonObject) -> Result<ClaimValidation> {
            self.awaited.fetch_add(1, Ordering::SeqCst);
            Ok(ClaimValidation::Valid)
        }
    }
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    for (at_once, awaited) in [([true, true], [0, 0]), ([true, false], [1, 1])] {
        let rules = at_once.map(|at_once| Arc::new(Rule { at_once, awaited: AtomicUsize::new(0) }));
        let validators = rules.clone().map(|rule| rule as Arc<dyn ClaimValidator>);
        let (session, _) = get(&app, &client, &SessionOptions::new().claims(validators)).await;
        assert!(session.is_some());
        assert_eq!(rules.map(|rule| rule.awaited.load(Ordering::SeqCst)), awaited);
    }
}

#[tokio::test]
async fn a_failure_without_a_reason_has_none_on_the_wire() {
    struct No;
    #[async_trait]
    impl ClaimValidator for No {
        fn id(&self) -> &'static str {
            "no"
        }
        async fn validate(&self, _cx: &Context, _payload: &JsonObject) -> Result<ClaimValidation> {
            Ok(ClaimValidation::Invalid(None))
        }
    }
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let options = SessionOptions::new().claims([Arc::new(No) as Arc<dyn ClaimValidator>]);
    let (_, reply) = get(&app, &client, &options).await;
    assert_eq!(reply.body["claimValidationErrors"], json!([{ "id": "no" }]));
}

/// A claim that is stored in its own way: a bare number, without a time.
struct Plan;

#[async_trait]
impl SessionClaim for Plan {
    type Value = u32;

    fn key(&self) -> &'static str {
        "plan"
    }

    async fn fetch_value(&self, _cx: &Context, _subject: &ClaimSubject) -> Result<Option<u32>> {
        Ok(Some(3))
    }

    fn add_to_payload(&self, payload: &mut JsonObject, value: &u32, _now_ms: i64) -> Result<()> {
        payload.insert("plan".into(), (*value).into());
        Ok(())
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<u32> {
        payload.get("plan")?.as_u64()?.try_into().ok()
    }

    fn last_refetch_time_ms(&self, _payload: &JsonObject) -> Option<i64> {
        None
    }
}

#[tokio::test]
async fn validators_of_two_calls_both_run() {
    let app = App::new(SessionRecipe::new()).await;
    let client = app.client("header").await;
    let is_true =
        |key: &str| BooleanClaim::new(key, |_, _| async { Ok(None) }).validators().is_true(None);
    let options = SessionOptions::new().claims([is_true("a")]).claims([is_true("b")]);
    let (_, reply) = get(&app, &client, &options).await;
    let failed = reply.body["claimValidationErrors"].as_array().unwrap();
    let ids: Vec<_> = failed.iter().map(|error| error["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[tokio::test]
async fn an_application_can_store_a_claim_in_its_own_way() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    session.fetch_and_set_claim(&Plan).await.unwrap();
    assert_eq!(session.get_access_token_payload()["plan"], 3);
    session.set_claim_value(&Plan, 4).await.unwrap();
    assert_eq!(session.get_claim_value(&Plan), Some(4));
    let mut payload = (*session.get_access_token_payload()).clone();
    Plan.remove_from_payload(&mut payload);
    assert_eq!(Plan.value_from_payload(&payload), None);
}
