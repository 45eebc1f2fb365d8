//! Sessions by handle and user (FDI: public functions, claims).

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    protocol::{JsonObject, SessionHandle, UserId},
    recipes::jwt::CreateJwtInput,
    recipes::session::{
        ClaimValidators, ClaimValueResult, ClaimsForSessionHandle, HandleClaimValidatorsOverride,
        SessionInformation, SessionRecipe, claims::BooleanClaim,
    },
};
use serde_json::{Value, json};

use crate::harness::{App, START_MS};

fn object(value: &Value) -> JsonObject {
    value.as_object().cloned().unwrap()
}

fn gone() -> SessionHandle {
    SessionHandle::new("6d0b0c52-0000-4000-8000-000000000000")
}

fn flag() -> BooleanClaim {
    BooleanClaim::new("flag", |_, _| async { Ok(Some(true)) })
}

#[tokio::test]
async fn information_about_a_session_is_read_by_its_handle() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create_with(&[], object(&json!({ "own": 1 }))).await.unwrap();
    let sessions = app.auth.session().unwrap();
    let information = sessions.get_session_information(session.get_handle()).await.unwrap();
    let information = information.unwrap();
    assert_eq!(&information.session_handle, session.get_handle());
    assert_eq!(information.user_id, "user");
    assert_eq!(information.tenant_id, "public");
    assert_eq!(information.time_created_ms, START_MS);
    assert_eq!(information.expiry_ms, START_MS + 100 * 24 * 3_600_000);
    assert_eq!(information.custom_claims_in_access_token_payload["own"], 1);
    assert_eq!(sessions.get_session_information(&gone()).await.unwrap(), None);
}

#[tokio::test]
async fn sessions_are_listed_and_revoked_by_user_and_by_handle() {
    let app = App::new(SessionRecipe::new()).await;
    let sessions = app.auth.session().unwrap();
    let user = UserId::new("user");
    let mut handles = Vec::new();
    for _ in 0..4 {
        handles.push(app.create(&[]).await.unwrap().0.get_handle().clone());
    }
    let sorted = |mut handles: Vec<SessionHandle>| {
        handles.sort();
        handles
    };
    let list = async || {
        sorted(sessions.get_all_session_handles_for_user(&user, true, None).await.unwrap())
    };
    assert_eq!(list().await, sorted(handles.clone()));

    assert!(sessions.revoke_session(&handles[0]).await.unwrap());
    assert!(!sessions.revoke_session(&handles[0]).await.unwrap());
    let some = vec![handles[0].clone(), handles[1].clone(), gone()];
    assert_eq!(sessions.revoke_multiple_sessions(some).await.unwrap(), [handles[1].clone()]);
    assert_eq!(list().await, sorted(handles[2..].to_vec()));
    let revoked = sessions.revoke_all_sessions_for_user(&user, true, None).await.unwrap();
    assert_eq!(sorted(revoked), sorted(handles[2..].to_vec()));
    assert!(list().await.is_empty());
}

#[tokio::test]
async fn data_is_replaced_and_claims_are_merged_by_handle() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create_with(&[], object(&json!({ "a": 1, "b": 2 }))).await.unwrap();
    let handle = session.get_handle();
    let sessions = app.auth.session().unwrap();
    let data = object(&json!({ "x": 1 }));
    assert!(sessions.update_session_data_in_database(handle, data.clone()).await.unwrap());
    assert!(!sessions.update_session_data_in_database(&gone(), data.clone()).await.unwrap());
    assert_eq!(session.get_session_data_from_database().await.unwrap(), data);

    let update = object(&json!({ "a": null, "c": { "n": null } }));
    assert!(sessions.merge_into_access_token_payload(handle, update.clone()).await.unwrap());
    assert!(!sessions.merge_into_access_token_payload(&gone(), update).await.unwrap());
    let claims = sessions.get_session_information(handle).await.unwrap().unwrap();
    let claims = claims.custom_claims_in_access_token_payload;
    assert!(!claims.contains_key("a"));
    assert_eq!(claims["b"], 2);
    assert_eq!(claims["c"], json!({ "n": null }));
    assert!(session.get_access_token_payload().contains_key("a"), "only at the next refresh");
    let token = session.get_all_session_tokens_dangerously().unwrap().refresh_token.unwrap();
    let session =
        sessions.refresh_session_without_request_response(token, true, None).await.unwrap();
    assert!(!session.get_access_token_payload().contains_key("a"));
}

#[tokio::test]
async fn claims_are_fetched_set_read_and_removed_by_handle() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    let handle = session.get_handle();
    let sessions = app.auth.session().unwrap();
    let read = async |handle| sessions.get_claim_value(handle, &flag()).await.unwrap();

    assert_eq!(read(handle).await, ClaimValueResult::Ok(None));
    assert!(sessions.fetch_and_set_claim(handle, &flag()).await.unwrap());
    assert_eq!(read(handle).await, ClaimValueResult::Ok(Some(true)));
    assert!(sessions.set_claim_value(handle, &flag(), false).await.unwrap());
    assert_eq!(read(handle).await, ClaimValueResult::Ok(Some(false)));
    assert!(sessions.remove_claim(handle, &flag()).await.unwrap());
    assert_eq!(read(handle).await, ClaimValueResult::Ok(None));

    let gone = gone();
    assert_eq!(read(&gone).await, ClaimValueResult::SessionDoesNotExistError);
    assert!(!sessions.fetch_and_set_claim(&gone, &flag()).await.unwrap());
    assert!(!sessions.set_claim_value(&gone, &flag(), false).await.unwrap());
    assert!(!sessions.remove_claim(&gone, &flag()).await.unwrap());
}

struct WantsFlag(bool);

#[async_trait]
impl HandleClaimValidatorsOverride for WantsFlag {
    async fn claim_validators(
        &self,
        mut globals: ClaimValidators,
        session: &SessionInformation,
        _cx: &Context,
    ) -> Result<ClaimValidators> {
        assert_eq!(session.user_id, "user");
        globals.push(flag().validators().has_value(self.0, None));
        Ok(globals)
    }
}

#[tokio::test]
async fn claims_are_validated_by_handle_and_refetched_ones_are_kept() {
    let app = App::new(SessionRecipe::new()).await;
    let (session, _) = app.create(&[]).await.unwrap();
    let handle = session.get_handle();
    let sessions = app.auth.session().unwrap();
    let validate = async |handle, wanted: Option<bool>| {
        let validators = wanted.map(WantsFlag);
        let validators = validators.as_ref().map(|it| it as &dyn HandleClaimValidatorsOverride);
        sessions.validate_claims_for_session_handle(handle, validators).await.unwrap()
    };
    let invalid = |outcome| match outcome {
        ClaimsForSessionHandle::Ok { invalid_claims } => invalid_claims.len(),
        ClaimsForSessionHandle::SessionDoesNotExistError => panic!("the session is there"),
    };
    assert_eq!(invalid(validate(handle, None).await), 0);
    assert_eq!(invalid(validate(handle, Some(false)).await), 1);
    assert_eq!(
        sessions.get_claim_value(handle, &flag()).await.unwrap(),
        ClaimValueResult::Ok(Some(true))
    );
    assert_eq!(invalid(validate(handle, Some(true)).await), 0);
    let missing = validate(&gone(), Some(true)).await;
    assert_eq!(missing, ClaimsForSessionHandle::SessionDoesNotExistError);
}

#[tokio::test]
async fn tokens_and_discovery_are_at_hand() {
    let app = App::new(SessionRecipe::new()).await;
    let sessions = app.auth.session().unwrap();
    let discovery = sessions.get_openid_discovery_configuration().await.unwrap();
    assert_eq!(discovery.issuer, "https://api.example.com/auth");
    let keys = sessions.get_jwks().await.unwrap().keys;
    assert!(keys.iter().any(|key| key.kid.starts_with("s-")));
    // The recipe asks for RS256; a core that signs otherwise says so.
    assert!(sessions.create_jwt(CreateJwtInput::new(JsonObject::new())).await.unwrap().is_none());
}
