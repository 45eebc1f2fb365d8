//! A second factor by text message, made by overrides.

use auth_core::{
    Context, Result,
    recipes::{
        passwordless::{
            ConsumeCodePostInput, ConsumeCodePostOutcome, PasswordlessApis,
            PasswordlessApisOverride,
        },
        session::{
            CreateNewSessionInput, Session, SessionFunctions, SessionOptions, SessionOverride,
        },
    },
};
use serde_json::{Value, json};

use super::{
    cases,
    passwordless::{CONSUME, CREATE, PHONE, World, wrong},
    support::sign_up,
};
use crate::{
    App, Harness, Setup,
    app::{SECOND_FACTOR, SecondFactorPending},
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-6.10" => a_session_in_cookies_goes_on_though_the_client_does_not_say_how_its_tokens_travel,
    "fdi-6.10" => a_code_by_sms_completes_the_second_factor_in_the_same_session,
}

/// The session in which a code is used.
#[derive(Clone)]
struct Ongoing(Session);

/// Keeps the session that a code is used in.
struct KeepOngoing;

impl SessionOverride for KeepOngoing {
    async fn create_new_session(
        &self,
        original: &SessionFunctions,
        cx: &Context,
        input: CreateNewSessionInput,
    ) -> Result<Session> {
        match cx.get::<Ongoing>() {
            Some(Ongoing(session)) => Ok(session),
            None => original.create_new_session(cx, input).await,
        }
    }
}

/// Makes a code within a session the second factor.
struct SecondFactorBySms;

impl PasswordlessApisOverride for SecondFactorBySms {
    async fn consume_code_post(
        &self,
        original: &PasswordlessApis,
        cx: &Context,
        input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        let options = SessionOptions::new().without_claim_validators();
        let session = cx.session()?.get_session(&options).await?;
        let Some(session) = session else { return original.consume_code_post(cx, input).await };
        cx.insert(Ongoing(session.clone()));
        let outcome = original.consume_code_post(cx, input).await?;
        if let ConsumeCodePostOutcome::Ok { .. } = &outcome {
            session.set_claim_value(&*SECOND_FACTOR, true).await?;
        }
        Ok(outcome)
    }
}

async fn a_code_by_sms_completes_the_second_factor_in_the_same_session(harness: Harness) {
    for mode in Mode::BOTH {
        let setup = Setup::new().session(|session| {
            session.override_functions(SecondFactorPending).override_functions(KeepOngoing)
        });
        let mut world =
            World::with(&harness, setup, |recipe| recipe.override_apis(SecondFactorBySms)).await;
        let mut front_end = sign_up(&world.app, mode, "/auth/signup").await.0;
        let (handle, user) = (front_end.handle(), front_end.payload()["sub"].clone());
        assert_eq!(front_end.payload()["2fa-completed"]["v"], false);
        let create = Req::post(CREATE).json(&json!({ "phoneNumber": PHONE }));
        let device = front_end.send(&world.app, create).await.json();
        let (typed, _) = world.received(&device).await;
        refused(&mut front_end, &world.app, &wrong(&typed)).await;
        let reply = front_end.send(&world.app, Req::post(CONSUME).json(&typed)).await;
        assert_eq!(reply.json()["status"], "OK");
        let payload = front_end.payload();
        assert_eq!((front_end.handle(), &payload["sub"]), (handle, &user));
        assert_eq!(payload["2fa-completed"]["v"], true);
        assert_eq!(front_end.front_token.as_ref().map(|token| &token["up"]), Some(&payload));
    }
}

async fn refused(front_end: &mut FrontEnd, app: &App, body: &Value) {
    let reply = front_end.send(app, Req::post(CONSUME).json(body)).await;
    assert_eq!(reply.json()["status"], "INCORRECT_USER_INPUT_CODE_ERROR");
    assert_eq!(front_end.payload()["2fa-completed"]["v"], false);
}

async fn a_session_in_cookies_goes_on_though_the_client_does_not_say_how_its_tokens_travel(
    harness: Harness,
) {
    let setup = Setup::new().session(|session| {
        session.override_functions(SecondFactorPending).override_functions(KeepOngoing)
    });
    let mut world =
        World::with(&harness, setup, |recipe| recipe.override_apis(SecondFactorBySms)).await;
    let mut front_end = sign_up(&world.app, Mode::Cookie, "/auth/signup").await.0;
    let handle = front_end.handle();
    let create = Req::post(CREATE).json(&json!({ "phoneNumber": PHONE }));
    let device = front_end.send(&world.app, create).await.json();
    let (typed, _) = world.received(&device).await;
    let consume = Req::post(CONSUME).json(&typed).header("rid", "anti-csrf");
    let reply = world.app.send(front_end.with_tokens(consume)).await;
    assert_eq!(reply.json()["status"], "OK", "{reply:?}");
    assert_eq!(reply.header("st-access-token"), None, "{reply:?}");
    front_end.keep(&reply);
    assert_eq!(front_end.handle(), handle);
    assert_eq!(front_end.payload()["2fa-completed"]["v"], true);
    assert_eq!(front_end.refresh(&world.app).await.status, 200);
}
