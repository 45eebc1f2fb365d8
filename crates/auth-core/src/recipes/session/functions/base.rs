//! The functions as they are without overrides; see also `get_session` and `claims`.

use async_trait::async_trait;
use auth_protocol::{
    CdiVersion, SessionHandle, TenantId,
    session::{
        CreateSession, CreateSessionResponse, GetSession, GetSessionResponse, ListSessionHandles,
        ListSessionHandlesResponse, RefreshSession, RefreshSessionResponse, RegenerateSession,
        RegenerateSessionResponse, RemoveSessions, RemoveSessionsResponse, UpdateSessionData,
        UpdateSessionDataResponse,
    },
};

use super::{
    super::{AntiCsrf, ClaimValidators, Session, SessionError, SessionInstance},
    ClaimValueResult, CreateNewSessionInput, FetchAndSetClaimInput,
    GetAllSessionHandlesForUserInput, GetClaimValueInput, GetGlobalClaimValidatorsInput,
    GetSessionInformationInput, GetSessionInput, MergeIntoAccessTokenPayloadInput,
    RefreshSessionInput, RegenerateAccessTokenInput, RegeneratedAccessToken, RemoveClaimInput,
    RevokeAllSessionsForUserInput, RevokeMultipleSessionsInput, RevokeSessionInput, SessionBase,
    SessionInformation, SetClaimValueInput, UpdateSessionDataInDatabaseInput, ValidateClaimsInput,
    ValidatedClaims, claims, get_session,
};
use crate::{Context, Error, Result};

/// What a user is told whose new session is refused.
const TOO_MANY_SESSIONS: &str =
    "You are signed in too many times. Please sign out somewhere else, and try again.";

/// The functions without overrides: they translate to operations of the core.
pub(crate) struct BaseFunctions;

#[async_trait]
impl SessionBase for BaseFunctions {
    async fn create_new_session(
        &self,
        cx: &Context,
        input: CreateNewSessionInput,
    ) -> Result<Session> {
        let config = SessionInstance::of(cx)?.config();
        let wants_token = config.anti_csrf(cx)? == AntiCsrf::ViaToken;
        let operation = CreateSession {
            enable_anti_csrf: wants_token && !input.disable_anti_csrf,
            user_data_in_jwt: input.access_token_payload,
            user_data_in_database: input.session_data_in_database,
            use_dynamic_signing_key: Some(config.use_dynamic_signing_key),
            ..CreateSession::new(input.recipe_user_id)
        };
        match cx.core().call(&input.tenant_id, operation).await? {
            CreateSessionResponse::Ok(tokens) => Session::from_tokens(cx, tokens),
            CreateSessionResponse::TooManySessions => Err(Error::general(TOO_MANY_SESSIONS)),
        }
    }

    async fn get_global_claim_validators(
        &self,
        _cx: &Context,
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators> {
        Ok(input.claim_validators_added_by_other_recipes)
    }

    async fn get_session(&self, cx: &Context, input: GetSessionInput) -> Result<Option<Session>> {
        get_session::get_session(cx, input).await
    }

    async fn refresh_session(&self, cx: &Context, input: RefreshSessionInput) -> Result<Session> {
        let config = SessionInstance::of(cx)?.config();
        let wants_token = config.anti_csrf(cx)? == AntiCsrf::ViaToken;
        let operation = RefreshSession {
            refresh_token: input.refresh_token,
            anti_csrf_token: input.anti_csrf_token,
            enable_anti_csrf: wants_token && !input.disable_anti_csrf,
            use_dynamic_signing_key: Some(config.use_dynamic_signing_key),
            access_token_validity_ms: None,
            proven_devices: config.device_binding.is_some().then_some(input.proven_devices),
            cdi_version: CdiVersion::LATEST,
        };
        match cx.core().call(&TenantId::default(), operation).await? {
            RefreshSessionResponse::Ok(tokens) => Session::from_tokens(cx, tokens),
            RefreshSessionResponse::Unauthorised { message, .. } => {
                Err(SessionError::unauthorised(message).into())
            }
            RefreshSessionResponse::DeviceProofMissingError => {
                tracing::warn!("a bound session was to be refreshed without its device");
                let message = "the session is bound to a device of which there is no proof";
                Err(SessionError::unauthorised(message).into())
            }
            RefreshSessionResponse::TokenTheftDetected { session, .. } => {
                Err(SessionError::TokenTheftDetected {
                    session_handle: session.handle,
                    user_id: session.user_id,
                    recipe_user_id: session.recipe_user_id,
                }
                .into())
            }
        }
    }

    async fn get_session_information(
        &self,
        cx: &Context,
        input: GetSessionInformationInput,
    ) -> Result<Option<SessionInformation>> {
        let operation = GetSession { session_handle: input.session_handle };
        match cx.core().call(&TenantId::default(), operation).await? {
            GetSessionResponse::Ok {
                session_handle,
                user_id,
                recipe_user_id,
                user_data_in_database,
                user_data_in_jwt,
                expiry,
                time_created,
                tenant_id,
            } => Ok(Some(SessionInformation {
                session_handle,
                user_id,
                recipe_user_id,
                session_data_in_database: user_data_in_database,
                expiry_ms: expiry,
                custom_claims_in_access_token_payload: user_data_in_jwt,
                time_created_ms: time_created,
                tenant_id,
            })),
            GetSessionResponse::Unauthorised { .. } => Ok(None),
        }
    }

    async fn revoke_all_sessions_for_user(
        &self,
        cx: &Context,
        input: RevokeAllSessionsForUserInput,
    ) -> Result<Vec<SessionHandle>> {
        let operation = RemoveSessions {
            user_id: Some(input.user_id),
            session_handles: None,
            revoke_across_all_tenants: Some(input.tenant_id.is_none()),
            revoke_sessions_for_linked_accounts: Some(input.revoke_sessions_for_linked_accounts),
        };
        remove(cx, &input.tenant_id.unwrap_or_default(), operation).await
    }

    async fn get_all_session_handles_for_user(
        &self,
        cx: &Context,
        input: GetAllSessionHandlesForUserInput,
    ) -> Result<Vec<SessionHandle>> {
        let operation = ListSessionHandles {
            user_id: input.user_id,
            fetch_across_all_tenants: input.tenant_id.is_none(),
            fetch_sessions_for_all_linked_accounts: input.fetch_sessions_for_all_linked_accounts,
        };
        let tenant_id = input.tenant_id.unwrap_or_default();
        let ListSessionHandlesResponse::Ok { session_handles } =
            cx.core().call(&tenant_id, operation).await?;
        Ok(session_handles)
    }

    async fn revoke_session(&self, cx: &Context, input: RevokeSessionInput) -> Result<bool> {
        let revoked = remove_handles(cx, vec![input.session_handle]).await?;
        Ok(!revoked.is_empty())
    }

    async fn revoke_multiple_sessions(
        &self,
        cx: &Context,
        input: RevokeMultipleSessionsInput,
    ) -> Result<Vec<SessionHandle>> {
        remove_handles(cx, input.session_handles).await
    }

    async fn update_session_data_in_database(
        &self,
        cx: &Context,
        input: UpdateSessionDataInDatabaseInput,
    ) -> Result<bool> {
        let operation = UpdateSessionData {
            session_handle: input.session_handle,
            user_data_in_database: input.new_session_data,
        };
        let response = cx.core().call(&TenantId::default(), operation).await?;
        Ok(matches!(response, UpdateSessionDataResponse::Ok))
    }

    async fn merge_into_access_token_payload(
        &self,
        cx: &Context,
        input: MergeIntoAccessTokenPayloadInput,
    ) -> Result<bool> {
        claims::merge(cx, input).await
    }

    async fn regenerate_access_token(
        &self,
        cx: &Context,
        input: RegenerateAccessTokenInput,
    ) -> Result<Option<RegeneratedAccessToken>> {
        let operation = RegenerateSession {
            access_token: input.access_token,
            user_data_in_jwt: input.new_access_token_payload,
        };
        match cx.core().call(&TenantId::default(), operation).await? {
            RegenerateSessionResponse::Ok { session, access_token } => {
                Ok(Some(RegeneratedAccessToken { session, access_token }))
            }
            RegenerateSessionResponse::Unauthorised { .. } => Ok(None),
        }
    }

    async fn validate_claims(
        &self,
        cx: &Context,
        input: ValidateClaimsInput,
    ) -> Result<ValidatedClaims> {
        claims::validate(cx, input).await
    }

    async fn fetch_and_set_claim(
        &self,
        cx: &Context,
        input: FetchAndSetClaimInput,
    ) -> Result<bool> {
        claims::fetch_and_set(cx, input).await
    }

    async fn set_claim_value(&self, cx: &Context, input: SetClaimValueInput) -> Result<bool> {
        claims::set_value(cx, input).await
    }

    async fn get_claim_value(
        &self,
        cx: &Context,
        input: GetClaimValueInput,
    ) -> Result<ClaimValueResult> {
        claims::get_value(cx, input).await
    }

    async fn remove_claim(&self, cx: &Context, input: RemoveClaimInput) -> Result<bool> {
        claims::remove(cx, input).await
    }
}

async fn remove_handles(
    cx: &Context,
    session_handles: Vec<SessionHandle>,
) -> Result<Vec<SessionHandle>> {
    let operation =
        RemoveSessions { session_handles: Some(session_handles), ..RemoveSessions::default() };
    remove(cx, &TenantId::default(), operation).await
}

async fn remove(
    cx: &Context,
    tenant_id: &TenantId,
    operation: RemoveSessions,
) -> Result<Vec<SessionHandle>> {
    let RemoveSessionsResponse::Ok { session_handles_revoked } =
        cx.core().call(tenant_id, operation).await?;
    Ok(session_handles_revoked)
}
