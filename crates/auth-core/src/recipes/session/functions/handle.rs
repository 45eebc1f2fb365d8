//! What an application calls beside the functions: with the request of the context, and what goes
//! together of several functions.

use std::sync::Arc;

use auth_protocol::jwt::{CreateJwtResponse, GetJwksResponse};

use super::{
    super::{AntiCsrf, Session, SessionInstance, SessionOptions, request, session::difference},
    ClaimsForSessionHandle, GetGlobalClaimValidatorsInput, GetSessionInput,
    GetSessionWithoutRequestResponseInput, MergeIntoAccessTokenPayloadInput, NewSessionInput,
    RefreshSessionInput, Sessions, ValidateClaimsForSessionHandleInput, ValidateClaimsInput,
};
use crate::{
    Error, Result,
    recipes::{jwt::CreateJwtInput, openid::DiscoveryConfiguration},
};

/// With a request and its response.
impl Sessions {
    /// Starts a session and attaches its tokens to the response of the context's request, where
    /// there is one.
    pub async fn create_new_session(&self, input: impl Into<NewSessionInput>) -> Result<Session> {
        request::create_new_session(&self.cx, input.into(), None).await
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
        input: impl Into<NewSessionInput>,
    ) -> Result<Session> {
        let input = request::prepare(&self.cx, input.into(), None).await?;
        self.functions()?.create_new_session(&self.cx, input).await
    }

    /// Checks an access token and its claims. The anti-CSRF token must match unless the options
    /// say otherwise.
    ///
    /// # Errors
    /// [`Error::Session`] where the check fails; [`Error::Other`] where anti-CSRF goes by a custom
    /// header, which can't be checked here, and the options don't switch the check off.
    pub async fn get_session_without_request_response(
        &self,
        input: impl Into<GetSessionWithoutRequestResponseInput>,
    ) -> Result<Option<Session>> {
        let GetSessionWithoutRequestResponseInput { access_token, anti_csrf_token, options } =
            input.into();
        let instance = SessionInstance::of(&self.cx)?;
        let anti_csrf_check = options.anti_csrf_check_override().unwrap_or(true);
        if anti_csrf_check && instance.config().anti_csrf(&self.cx)? == AntiCsrf::ViaCustomHeader {
            return Err(Error::other(
                "anti-CSRF by a custom header can't be checked without a request: switch the \
                 check off in the options, or use tokens",
            ));
        }
        let text = access_token.expose_secret().as_bytes();
        let token = instance.keys().token(&self.cx, instance.config(), text);
        let mut input = GetSessionInput::new(token)
            .session_required(options.is_session_required())
            .anti_csrf_check(anti_csrf_check)
            .check_database(options.is_database_checked());
        input.anti_csrf_token = anti_csrf_token;
        let session = instance.functions().get_session(&self.cx, input).await?;
        if let Some(session) = &session {
            request::assert_required_claims(&self.cx, session, &options).await?;
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
        input: impl Into<RefreshSessionInput>,
    ) -> Result<Session> {
        let input = input.into();
        let instance = SessionInstance::of(&self.cx)?;
        if !input.disable_anti_csrf
            && instance.config().anti_csrf(&self.cx)? == AntiCsrf::ViaCustomHeader
        {
            return Err(Error::other(
                "anti-CSRF by a custom header can't be checked without a request: disable it \
                 here, or use tokens",
            ));
        }
        request::exchange_token(&self.cx, instance, input).await
    }
}

/// Signed tokens and discovery: what the JWT and OpenID recipes do, for those who look for it here.
impl Sessions {
    /// Signs a token whose `iss` is the issuer unless its claims name one.
    pub async fn create_jwt(&self, input: impl Into<CreateJwtInput>) -> Result<CreateJwtResponse> {
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

/// Claims, by handle: changes appear in the access token at the next refresh.
impl Sessions {
    /// Runs the global validators, or those that the override makes of them, on the claims in a
    /// session's row.
    pub async fn validate_claims_for_session_handle(
        &self,
        input: impl Into<ValidateClaimsForSessionHandleInput>,
    ) -> Result<ClaimsForSessionHandle> {
        let cx = &self.cx;
        let ValidateClaimsForSessionHandleInput {
            session_handle: handle,
            override_global_claim_validators: validators,
        } = input.into();
        let functions = self.functions()?;
        let Some(information) = functions.get_session_information(cx, &handle).await? else {
            return Ok(ClaimsForSessionHandle::SessionDoesNotExistError);
        };
        let globals =
            GetGlobalClaimValidatorsInput::new(&information.user_id, &information.recipe_user_id)
                .tenant_id(&information.tenant_id)
                .claim_validators_added_by_other_recipes(cx.auth().global_claim_validators());
        let mut claim_validators = functions.get_global_claim_validators(cx, globals).await?;
        if let Some(validators) = validators {
            claim_validators =
                validators.claim_validators(claim_validators, &information, cx).await?;
        }
        let subject = information.claim_subject();
        let before = Arc::new(information.custom_claims_in_access_token_payload);
        let input = ValidateClaimsInput::new(subject, Arc::clone(&before), claim_validators);
        let validated = functions.validate_claims(cx, input).await?;
        if let Some(after) = validated.access_token_payload_update {
            let update =
                MergeIntoAccessTokenPayloadInput::new(&handle, difference(&before, &after));
            if !functions.merge_into_access_token_payload(cx, update).await? {
                return Ok(ClaimsForSessionHandle::SessionDoesNotExistError);
            }
        }
        Ok(ClaimsForSessionHandle::Ok { invalid_claims: validated.invalid_claims })
    }
}
