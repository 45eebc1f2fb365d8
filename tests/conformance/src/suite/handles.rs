//! Sessions by their handles and users: what an application does to them from elsewhere.

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::{JsonObject, SessionHandle, UserId},
    recipes::session::{
        ClaimValidators, ClaimValueResult, ClaimsForSessionHandle, FetchAndSetClaimInput,
        GetClaimValueInput, HandleClaimValidatorsOverride, MergeIntoAccessTokenPayloadInput,
        RemoveClaimInput, SessionInformation, SetClaimValueInput, UpdateSessionDataInDatabaseInput,
        ValidateClaimsForSessionHandleInput, claims::SessionClaim,
    },
};
use serde_json::{Value, json};

use super::cases;
use crate::{
    App, Harness, START_MS, Setup,
    app::{LEVEL, SECOND_FACTOR},
    client::{FrontEnd, Mode, Req},
};

cases! {
    "fdi-2.9-handle" => a_claim_that_is_changed_by_the_handle_shows_at_the_next_refresh,
    "fdi-2.9-handle" => claims_are_validated_by_the_handle,
    "fdi-2.9-handle" => a_handle_without_a_session_is_told_so,
    "fdi-8-session" => what_is_known_of_a_session_is_read_by_its_handle,
    "cdi-2.8" => what_is_merged_by_the_handle_shows_at_the_next_refresh_one_level_deep,
    "cdi-2.8" => of_several_handles_those_that_were_there_are_told,
    "cdi-2.8" => a_session_that_ran_out_cannot_be_changed,
}

fn object(value: &Value) -> JsonObject {
    value.as_object().cloned().expect("an object")
}

fn handle(front_end: &FrontEnd) -> SessionHandle {
    front_end.handle().as_str().into()
}

fn unknown() -> SessionHandle {
    SessionHandle::new("6d0b0c52-0000-4000-8000-000000000000")
}

fn nothing_to_merge(handle: &SessionHandle) -> MergeIntoAccessTokenPayloadInput {
    MergeIntoAccessTokenPayloadInput::new(handle, JsonObject::new())
}

fn no_data(handle: &SessionHandle) -> UpdateSessionDataInDatabaseInput {
    UpdateSessionDataInDatabaseInput::new(handle, JsonObject::new())
}

async fn shown(app: &App, front_end: &FrontEnd) -> Value {
    let reply = app.send(front_end.with_tokens(Req::get("/session-check-db"))).await;
    reply.json()["accessTokenPayload"].clone()
}

async fn a_claim_that_is_changed_by_the_handle_shows_at_the_next_refresh(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    for mode in Mode::BOTH {
        let mut front_end = app.sign_in(mode).await;
        let handle = handle(&front_end);
        let key = SECOND_FACTOR.key();
        let set = || SetClaimValueInput::new(&handle, &*SECOND_FACTOR, true);
        let fetch = || FetchAndSetClaimInput::new(&handle, &*SECOND_FACTOR);
        let remove = || RemoveClaimInput::new(&handle, &*SECOND_FACTOR);
        let changes = async |step: u8| match step {
            0 => sessions.set_claim_value(set()).await,
            1 => sessions.fetch_and_set_claim(fetch()).await,
            _ => sessions.remove_claim(remove()).await,
        };
        let none =
            sessions.get_claim_value(GetClaimValueInput::new(&handle, &*SECOND_FACTOR)).await;
        assert_eq!(none.expect("answered"), ClaimValueResult::Ok(None));
        for (step, value) in [(0, Some(true)), (1, Some(false)), (2, None)] {
            let before = shown(&app, &front_end).await;
            assert!(changes(step).await.expect("answered"), "the session is there");
            let read =
                sessions.get_claim_value(GetClaimValueInput::new(&handle, &*SECOND_FACTOR)).await;
            let read = read.expect("answered").typed::<bool>().expect("a bool");
            assert_eq!(read, ClaimValueResult::Ok(value));
            assert_eq!(shown(&app, &front_end).await, before, "the token is the one it was");
            front_end.refresh(&app).await.expect(200, &json!({}));
            let claim = shown(&app, &front_end).await.get(key).cloned();
            assert_eq!(claim.map(|claim| claim["v"].clone()), value.map(Value::from));
        }
    }
}

struct Level2;

#[async_trait]
impl HandleClaimValidatorsOverride for Level2 {
    async fn claim_validators(
        &self,
        mut globals: ClaimValidators,
        session: &SessionInformation,
        _cx: &Context,
    ) -> Result<ClaimValidators> {
        assert_eq!(session.user_id, "ada");
        globals.push(LEVEL.validators().has_value(&2, None));
        globals.push(SECOND_FACTOR.validators().is_false(None));
        Ok(globals)
    }
}

async fn claims_are_validated_by_the_handle(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    for (level, failed) in [(1, &["level"][..]), (2, &[])] {
        let payload = json!({ "payload": { "level": { "v": level, "t": START_MS } } });
        let (mut front_end, _) = app.sign_in_with(Mode::Header, &payload).await;
        let handle = handle(&front_end);
        let all = sessions.validate_claims_for_session_handle(&handle).await;
        let none_failed = ClaimsForSessionHandle::Ok { invalid_claims: Vec::new() };
        assert_eq!(all.expect("answered"), none_failed, "there are no global validators");
        let input = ValidateClaimsForSessionHandleInput::new(&handle)
            .override_global_claim_validators(Level2);
        let told = sessions.validate_claims_for_session_handle(input).await;
        let ClaimsForSessionHandle::Ok { invalid_claims } = told.expect("answered") else {
            panic!("the session is there");
        };
        let ids: Vec<&str> = invalid_claims.iter().map(|claim| claim.id.as_str()).collect();
        assert_eq!(ids, failed);
        front_end.refresh(&app).await.expect(200, &json!({}));
        let claim = front_end.payload()["2fa-completed"].clone();
        assert_eq!(claim["v"], false, "what had to be fetched is kept");
    }
}

async fn a_handle_without_a_session_is_told_so(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    let mut ended = app.sign_in(Mode::Header).await;
    let of_ended = handle(&ended);
    ended.send(&app, Req::post("/auth/signout")).await;
    for handle in [unknown(), of_ended] {
        let claim = &*SECOND_FACTOR;
        let read = sessions.get_claim_value(GetClaimValueInput::new(&handle, claim));
        let read = read.await.expect("answered");
        assert_eq!(read, ClaimValueResult::SessionDoesNotExistError);
        let input = ValidateClaimsForSessionHandleInput::new(&handle)
            .override_global_claim_validators(Level2);
        let told = sessions.validate_claims_for_session_handle(input).await;
        let gone = ClaimsForSessionHandle::SessionDoesNotExistError;
        assert_eq!(told.expect("answered"), gone);
        assert_eq!(sessions.get_session_information(&handle).await.expect("answered"), None);
        for is_there in [
            sessions.set_claim_value(SetClaimValueInput::new(&handle, claim, true)).await,
            sessions.fetch_and_set_claim(FetchAndSetClaimInput::new(&handle, claim)).await,
            sessions.remove_claim(RemoveClaimInput::new(&handle, claim)).await,
            sessions.merge_into_access_token_payload(nothing_to_merge(&handle)).await,
            sessions.update_session_data_in_database(no_data(&handle)).await,
            sessions.revoke_session(&handle).await,
        ] {
            assert!(!is_there.expect("answered"));
        }
    }
}

async fn what_is_known_of_a_session_is_read_by_its_handle(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    let body = json!({ "payload": { "own": [1] }, "data": { "cart": 2 } });
    let (front_end, _) = app.sign_in_with(Mode::Cookie, &body).await;
    let handle = handle(&front_end);
    let information = sessions.get_session_information(&handle).await;
    let information = information.expect("answered").expect("the session is there");
    assert_eq!(information.session_handle, handle);
    assert_eq!((&information.user_id, &information.recipe_user_id), (&"ada".into(), &"ada".into()));
    assert_eq!(information.tenant_id, "public");
    assert_eq!(information.session_data_in_database, object(&json!({ "cart": 2 })));
    let issuer = "https://api.example.com/auth";
    let claims = object(&json!({ "own": [1], "iss": issuer }));
    assert_eq!(information.custom_claims_in_access_token_payload, claims, "none of the core's");
    assert_eq!(information.time_created_ms, START_MS);
    assert_eq!(information.expiry_ms, START_MS + 100 * 24 * 3_600_000);
    let data = object(&json!({ "x": 1 }));
    let input = UpdateSessionDataInDatabaseInput::new(&handle, data.clone());
    let is_there = sessions.update_session_data_in_database(input).await;
    assert!(is_there.expect("answered"));
    let information = sessions.get_session_information(&handle).await;
    let information = information.expect("answered").expect("the session is there");
    assert_eq!(information.session_data_in_database, data, "it is replaced");
}

async fn what_is_merged_by_the_handle_shows_at_the_next_refresh_one_level_deep(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    let start = json!({ "payload": { "a": { "x": 1 }, "b": 2, "c": 3 } });
    let (mut front_end, _) = app.sign_in_with(Mode::Cookie, &start).await;
    let update = object(&json!({ "a": { "y": null }, "b": null, "d": 4 }));
    let input = MergeIntoAccessTokenPayloadInput::new(handle(&front_end), update);
    let is_there = sessions.merge_into_access_token_payload(input).await;
    assert!(is_there.expect("answered"));
    assert_eq!(shown(&app, &front_end).await["b"], 2, "not yet");
    front_end.refresh(&app).await.expect(200, &json!({}));
    let payload = shown(&app, &front_end).await;
    assert_eq!((&payload["a"], &payload["c"]), (&json!({ "y": null }), &json!(3)));
    assert_eq!((payload.get("b"), &payload["d"]), (None, &json!(4)));
    assert_eq!(payload["iss"], "https://api.example.com/auth");
}

async fn of_several_handles_those_that_were_there_are_told(harness: Harness) {
    let app = harness.start_default().await;
    let sessions = app.auth.session().expect("the recipe is there");
    let mut front_ends = Vec::new();
    for _ in 0..5 {
        front_ends.push(app.sign_in(Mode::Header).await);
    }
    let user = UserId::new("ada");
    let sorted = |mut handles: Vec<SessionHandle>| {
        handles.sort();
        handles
    };
    let all = |front_ends: &[FrontEnd]| sorted(front_ends.iter().map(handle).collect());
    let list = async || {
        let handles = sessions.get_all_session_handles_for_user(&user).await;
        sorted(handles.expect("answered"))
    };
    assert_eq!(list().await, all(&front_ends));
    let (first, second) = (handle(&front_ends[0]), handle(&front_ends[1]));
    let revoked = sessions.revoke_multiple_sessions(vec![first.clone(), unknown()]).await;
    assert_eq!(revoked.expect("answered"), std::slice::from_ref(&first));
    let mut revoked =
        sessions.revoke_multiple_sessions(vec![first, second.clone()]).await.expect("answered");
    assert_eq!(revoked.pop(), Some(second));
    assert_eq!((revoked.len(), list().await), (0, all(&front_ends[2..])));
    for is_there in [true, false] {
        let revoked = sessions.revoke_session(&handle(&front_ends[2])).await;
        assert_eq!(revoked.expect("answered"), is_there);
    }
    for (front_end, status) in front_ends.iter_mut().zip([401, 401, 401, 200, 200]) {
        let reply = front_end.send(&app, Req::get("/session-check-db")).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
    let revoked = sessions.revoke_all_sessions_for_user(&user).await;
    assert_eq!(sorted(revoked.expect("answered")), all(&front_ends[3..]));
    assert!(list().await.is_empty());
}

async fn a_session_that_ran_out_cannot_be_changed(harness: Harness) {
    let setup = Setup::new().engine(|config| {
        let minutes = |minutes: u64| std::time::Duration::from_secs(60 * minutes);
        config.access_token_validity(minutes(10)).refresh_token_validity(minutes(11))
    });
    let app = harness.start(setup).await;
    let sessions = app.auth.session().expect("the recipe is there");
    let handle = handle(&app.sign_in(Mode::Header).await);
    for (seconds, is_there) in [(0, true), (11 * 60 + 1, false)] {
        app.advance_secs(seconds);
        let changed = sessions.merge_into_access_token_payload(nothing_to_merge(&handle)).await;
        assert_eq!(changed.expect("answered"), is_there);
        let changed = sessions.update_session_data_in_database(no_data(&handle)).await;
        assert_eq!(changed.expect("answered"), is_there);
    }
}
