//! The session functions that an application calls.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId, jwt::GetJwksResponse,
};

use super::{
    super::{
        AntiCsrf, ClaimValidators, InvalidClaim, Session, SessionInstance, SessionOptions,
        claims::{AnyClaim, SessionClaim},
        request,
        session::difference,
    },
    ClaimValueResult, GetAllSessionHandlesForUser, GetGlobalClaimValidators, GetSession,
    RefreshSession, RevokeAllSessionsForUser, SessionInformation, ValidateClaims,
};
use crate::{
    Auth, Context, Error, Result,
    recipes::{jwt::CreateJwtInput, openid::DiscoveryConfiguration},
};

/// Session functions, in a context; got by [`Context::session`] or [`Auth::session`].
#[derive(Clone, Debug)]
pub struct Sessions {
    cx: Context,
}

impl Context {
    /// The session functions in this context.
    ///
    /// # Errors
    /// [`Error::RecipeMissing`] where the session recipe isn't in the recipe list.
    pub fn session(&self) -> Result<Sessions> {
        SessionInstance::of(self)?;
        Ok(Sessions { cx: self.clone() })
    }
}

impl Auth {
    /// The session functions outside of a request.
    ///
    /// # Errors
    /// [`Error::RecipeMissing`] where the session recipe isn't in the recipe list.
    pub fn session(&self) -> Result<Sessions> {
        self.context().session()
    }
}

/// With a request and its response.
impl Sessions {
    /// Starts a session and attaches its tokens to the response of the context's request, where
    /// there is one.
    pub async fn create_new_session(
        &self,
        tenant_id: &TenantId,
        recipe_user_id: RecipeUserId,
        access_token_payload: JsonObject,
        session_data_in_database: JsonObject,
    ) -> Result<Session> {
        request::create_new_session(
            &self.cx,
            tenant_id,
            request::Owner { recipe_user_id, user_id: None },
            access_token_payload,
            session_data_in_database,
        )
        .await
    }

    /// The session of the context's request; `None` where there is none and none is required.
    ///
    /// # Errors
    /// [`Error::Session`] where the check fails.
    pub async fn get_session(&self, options: &SessionOptions) -> Result<Option<Session>> {
        request::get_session(&self.cx, options).await
    }

    /// Trades the request's refresh token for a session with fresh tokens, and attaches them.
    ///
    /// # Errors
    /// [`Error::Session`] where there is no session to refresh.
    pub async fn refresh_session(&self) -> Result<Session> {
        request::refresh_session(&self.cx).await
    }
}

/// Without a request.
impl Sessions {
    /// Starts a session; [`Session::get_all_session_tokens_dangerously`] gives its tokens.
    pub async fn create_new_session_without_request_response(
        &self,
        tenant_id: &TenantId,
        recipe_user_id: RecipeUserId,
        access_token_payload: JsonObject,
        session_data_in_database: JsonObject,
        disable_anti_csrf: bool,
    ) -> Result<Session> {
        let owner = request::Owner { recipe_user_id, user_id: None };
        let input = request::prepare(&self.cx, tenant_id, owner, access_token_payload)
            .await?
            .session_data_in_database(session_data_in_database)
            .disable_anti_csrf(disable_anti_csrf);
        SessionInstance::of(&self.cx)?.functions().create_new_session(&self.cx, input).await
    }

    /// Checks an access token and its claims. The anti-CSRF token must match unless the options
    /// say otherwise.
    ///
    /// # Errors
    /// [`Error::Session`] where the check fails; [`Error::Other`] where anti-CSRF goes by a custom
    /// header, which can't be checked here, and the options don't switch the check off.
    pub async fn get_session_without_request_response(
        &self,
        access_token: &str,
        anti_csrf_token: Option<&str>,
        options: &SessionOptions,
    ) -> Result<Option<Session>> {
        let instance = SessionInstance::of(&self.cx)?;
        let anti_csrf_check = options.anti_csrf_check_override().unwrap_or(true);
        if anti_csrf_check && instance.config().anti_csrf(&self.cx)? == AntiCsrf::ViaCustomHeader {
            return Err(Error::other(
                "anti-CSRF by a custom header can't be checked without a request: switch the \
                 check off in the options, or use tokens",
            ));
        }
        let token = instance.keys().token(&self.cx, instance.config(), access_token.as_bytes());
        let input = GetSession::new(token)
            .anti_csrf_token(anti_csrf_token.map(Secret::from))
            .session_required(options.is_session_required())
            .anti_csrf_check(anti_csrf_check)
            .check_database(options.is_database_checked());
        let session = instance.functions().get_session(&self.cx, input).await?;
        if let Some(session) = &session {
            request::assert_required_claims(&self.cx, session, options).await?;
        }
        Ok(session)
    }

    /// Trades a refresh token for a session with fresh tokens.
    ///
    /// # Errors
    /// [`Error::Session`] where there is no session to refresh; [`Error::Other`] where anti-CSRF
    /// goes by a custom header and `disable_anti_csrf` is false.
    pub async fn refresh_session_without_request_response(
        &self,
        refresh_token: Secret,
        disable_anti_csrf: bool,
        anti_csrf_token: Option<Secret>,
    ) -> Result<Session> {
        let instance = SessionInstance::of(&self.cx)?;
        if !disable_anti_csrf && instance.config().anti_csrf(&self.cx)? == AntiCsrf::ViaCustomHeader
        {
            return Err(Error::other(
                "anti-CSRF by a custom header can't be checked without a request: disable it \
                 here, or use tokens",
            ));
        }
        let input = RefreshSession::new(refresh_token)
            .anti_csrf_token(anti_csrf_token)
            .disable_anti_csrf(disable_anti_csrf);
        request::exchange_token(&self.cx, instance, input).await
    }
}

/// By handle or user.
impl Sessions {
    /// Reads a session's row; `None` where there is no such session.
    pub async fn get_session_information(
        &self,
        session_handle: &SessionHandle,
    ) -> Result<Option<SessionInformation>> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.get_session_information(&self.cx, session_handle).await
    }

    /// Ends every session of a user: over all tenants unless one is given, and of every linked
    /// login method where `linked_accounts` says so. Gives the handles of those that were there.
    pub async fn revoke_all_sessions_for_user(
        &self,
        user_id: &UserId,
        linked_accounts: bool,
        tenant_id: Option<&TenantId>,
    ) -> Result<Vec<SessionHandle>> {
        let input = RevokeAllSessionsForUser::new(user_id.clone())
            .revoke_sessions_for_linked_accounts(linked_accounts)
            .tenant_id(tenant_id.cloned());
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.revoke_all_sessions_for_user(&self.cx, input).await
    }

    /// Lists a user's sessions: over all tenants unless one is given, and of every linked login
    /// method where `linked_accounts` says so.
    pub async fn get_all_session_handles_for_user(
        &self,
        user_id: &UserId,
        linked_accounts: bool,
        tenant_id: Option<&TenantId>,
    ) -> Result<Vec<SessionHandle>> {
        let input = GetAllSessionHandlesForUser::new(user_id.clone())
            .fetch_sessions_for_all_linked_accounts(linked_accounts)
            .tenant_id(tenant_id.cloned());
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.get_all_session_handles_for_user(&self.cx, input).await
    }

    /// Ends a session; `false` where there was none.
    pub async fn revoke_session(&self, session_handle: &SessionHandle) -> Result<bool> {
        SessionInstance::of(&self.cx)?.functions().revoke_session(&self.cx, session_handle).await
    }

    /// Ends sessions and gives the handles of those that were there.
    pub async fn revoke_multiple_sessions(
        &self,
        session_handles: Vec<SessionHandle>,
    ) -> Result<Vec<SessionHandle>> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.revoke_multiple_sessions(&self.cx, session_handles).await
    }

    /// Replaces the data that stays with the core; `false` where there is no such session.
    pub async fn update_session_data_in_database(
        &self,
        session_handle: &SessionHandle,
        new_session_data: JsonObject,
    ) -> Result<bool> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.update_session_data_in_database(&self.cx, session_handle, new_session_data).await
    }

    /// Merges claims into those that the session's next access token will carry, one level deep;
    /// a null removes its key. `false` where there is no such session.
    pub async fn merge_into_access_token_payload(
        &self,
        session_handle: &SessionHandle,
        update: JsonObject,
    ) -> Result<bool> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.merge_into_access_token_payload(&self.cx, session_handle, update).await
    }
}

/// Signed tokens and discovery: what the JWT and OpenID recipes do, for those who look for it here.
impl Sessions {
    /// Signs a token whose `iss` is the issuer unless its claims name one; `None` where the core
    /// doesn't sign with RS256.
    pub async fn create_jwt(&self, input: CreateJwtInput) -> Result<Option<Secret>> {
        self.cx.openid()?.create_jwt(input).await
    }

    /// The public keys with which access tokens and other signed tokens are verified.
    pub async fn get_jwks(&self) -> Result<GetJwksResponse> {
        self.cx.jwt()?.get_jwks().await
    }

    /// The issuer and the endpoints.
    pub async fn get_openid_discovery_configuration(&self) -> Result<DiscoveryConfiguration> {
        self.cx.openid()?.get_openid_discovery_configuration().await
    }
}

/// Decides which validators run for a session that is known by its row only; see
/// [`Sessions::validate_claims_for_session_handle`].
#[async_trait]
pub trait HandleClaimValidatorsOverride: Send + Sync {
    /// The validators to run; `globals` are those that would run otherwise.
    async fn claim_validators(
        &self,
        globals: ClaimValidators,
        session: &SessionInformation,
        cx: &Context,
    ) -> Result<ClaimValidators>;
}

/// What came of validating the claims of a session that is known by its handle.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimsForSessionHandle {
    /// The session is there; these validators failed.
    Ok {
        /// The validators that failed.
        invalid_claims: Vec<InvalidClaim>,
    },
    /// There is no such session.
    SessionDoesNotExistError,
}

/// Claims, by handle: changes appear in the access token at the next refresh.
impl Sessions {
    /// Runs the global validators, or those that the override makes of them, on the claims in a
    /// session's row.
    pub async fn validate_claims_for_session_handle(
        &self,
        session_handle: &SessionHandle,
        validators: Option<&dyn HandleClaimValidatorsOverride>,
    ) -> Result<ClaimsForSessionHandle> {
        let cx = &self.cx;
        let functions = SessionInstance::of(cx)?.functions();
        let Some(information) = functions.get_session_information(cx, session_handle).await? else {
            return Ok(ClaimsForSessionHandle::SessionDoesNotExistError);
        };
        let input = GetGlobalClaimValidators::new(
            information.user_id.clone(),
            information.recipe_user_id.clone(),
            information.tenant_id.clone(),
            cx.auth().global_claim_validators().to_vec(),
        );
        let mut claim_validators = functions.get_global_claim_validators(cx, input).await?;
        if let Some(validators) = validators {
            claim_validators =
                validators.claim_validators(claim_validators, &information, cx).await?;
        }
        let subject = information.claim_subject();
        let before = Arc::new(information.custom_claims_in_access_token_payload);
        let input = ValidateClaims::new(subject, Arc::clone(&before), claim_validators);
        let validated = functions.validate_claims(cx, input).await?;
        if let Some(after) = validated.access_token_payload_update {
            let update = difference(&before, &after);
            if !functions.merge_into_access_token_payload(cx, session_handle, update).await? {
                return Ok(ClaimsForSessionHandle::SessionDoesNotExistError);
            }
        }
        Ok(ClaimsForSessionHandle::Ok { invalid_claims: validated.invalid_claims })
    }

    /// Fetches a claim's value; `false` where there is no such session.
    pub async fn fetch_and_set_claim(
        &self,
        session_handle: &SessionHandle,
        claim: &dyn AnyClaim,
    ) -> Result<bool> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.fetch_and_set_claim(&self.cx, session_handle, claim).await
    }

    /// Sets a claim's value; `false` where there is no such session.
    pub async fn set_claim_value<C: SessionClaim>(
        &self,
        session_handle: &SessionHandle,
        claim: &C,
        value: C::Value,
    ) -> Result<bool> {
        let value = serde_json::to_value(value).map_err(Error::other)?;
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.set_claim_value(&self.cx, session_handle, claim as &dyn AnyClaim, value).await
    }

    /// Reads a claim's value.
    pub async fn get_claim_value<C: SessionClaim>(
        &self,
        session_handle: &SessionHandle,
        claim: &C,
    ) -> Result<ClaimValueResult<C::Value>> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        let found = functions.get_claim_value(&self.cx, session_handle, claim as &dyn AnyClaim);
        Ok(match found.await? {
            ClaimValueResult::Ok(None) => ClaimValueResult::Ok(None),
            ClaimValueResult::Ok(Some(value)) => {
                ClaimValueResult::Ok(Some(serde_json::from_value(value).map_err(Error::other)?))
            }
            ClaimValueResult::SessionDoesNotExistError => {
                ClaimValueResult::SessionDoesNotExistError
            }
        })
    }

    /// Removes a claim; `false` where there is no such session.
    pub async fn remove_claim(
        &self,
        session_handle: &SessionHandle,
        claim: &dyn AnyClaim,
    ) -> Result<bool> {
        let functions = SessionInstance::of(&self.cx)?.functions();
        functions.remove_claim(&self.cx, session_handle, claim).await
    }
}
