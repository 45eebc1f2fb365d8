//! What the functions take and give, where it is more than one value.

use std::sync::Arc;

use auth_protocol::{
    JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId,
    session::{SessionData, TokenInfo},
};
use serde_json::Value;

use crate::recipes::session::{AccessToken, ClaimValidators, InvalidClaim, claims::ClaimSubject};

/// What a session is started with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateNewSession {
    /// The user.
    pub user_id: UserId,
    /// The login method that the user signed in with.
    pub recipe_user_id: RecipeUserId,
    /// The tenant.
    pub tenant_id: TenantId,
    /// The claims for the access token.
    pub access_token_payload: JsonObject,
    /// Data that stays with the core.
    pub session_data_in_database: JsonObject,
    /// Whether the session needs no anti-CSRF token, since its tokens travel in headers.
    pub disable_anti_csrf: bool,
}

impl CreateNewSession {
    /// A session without claims and data.
    pub fn new(user_id: UserId, recipe_user_id: RecipeUserId, tenant_id: TenantId) -> Self {
        Self {
            user_id,
            recipe_user_id,
            tenant_id,
            access_token_payload: JsonObject::new(),
            session_data_in_database: JsonObject::new(),
            disable_anti_csrf: false,
        }
    }

    /// Sets the claims for the access token.
    #[must_use]
    pub fn access_token_payload(mut self, payload: JsonObject) -> Self {
        self.access_token_payload = payload;
        self
    }

    /// Sets the data that stays with the core.
    #[must_use]
    pub fn session_data_in_database(mut self, data: JsonObject) -> Self {
        self.session_data_in_database = data;
        self
    }

    /// Sets whether the session needs no anti-CSRF token.
    #[must_use]
    pub fn disable_anti_csrf(mut self, disable: bool) -> Self {
        self.disable_anti_csrf = disable;
        self
    }

    /// Whom the session's claims are fetched for.
    pub fn claim_subject(&self) -> ClaimSubject {
        ClaimSubject::new(self.user_id.clone(), self.recipe_user_id.clone(), self.tenant_id.clone())
    }
}

/// Whose global validators are asked for.
#[derive(Clone)]
#[non_exhaustive]
pub struct GetGlobalClaimValidators {
    /// The user.
    pub user_id: UserId,
    /// The login method that the session was started with.
    pub recipe_user_id: RecipeUserId,
    /// The session's tenant.
    pub tenant_id: TenantId,
    /// The validators that the recipes in the recipe list added.
    pub claim_validators_added_by_other_recipes: ClaimValidators,
}

impl GetGlobalClaimValidators {
    /// Asks for a session's global validators.
    pub fn new(
        user_id: UserId,
        recipe_user_id: RecipeUserId,
        tenant_id: TenantId,
        claim_validators_added_by_other_recipes: ClaimValidators,
    ) -> Self {
        Self { user_id, recipe_user_id, tenant_id, claim_validators_added_by_other_recipes }
    }
}

/// An access token to check.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetSession {
    /// The token; `None` where the request has none.
    pub access_token: Option<AccessToken>,
    /// The anti-CSRF token that came with the request.
    pub anti_csrf_token: Option<Secret>,
    /// Whether a missing token is an error.
    pub session_required: bool,
    /// Whether the anti-CSRF token must match where sessions have one.
    pub anti_csrf_check: bool,
    /// Whether the core must still know the session.
    pub check_database: bool,
}

impl GetSession {
    /// A token to check: a missing one is an error, the anti-CSRF token must match, and the core
    /// isn't asked.
    pub fn new(access_token: Option<AccessToken>) -> Self {
        Self {
            access_token,
            anti_csrf_token: None,
            session_required: true,
            anti_csrf_check: true,
            check_database: false,
        }
    }

    /// Sets the anti-CSRF token that came with the request.
    #[must_use]
    pub fn anti_csrf_token(mut self, token: Option<Secret>) -> Self {
        self.anti_csrf_token = token;
        self
    }

    /// Sets whether a missing token is an error.
    #[must_use]
    pub fn session_required(mut self, required: bool) -> Self {
        self.session_required = required;
        self
    }

    /// Sets whether the anti-CSRF token must match where sessions have one.
    #[must_use]
    pub fn anti_csrf_check(mut self, check: bool) -> Self {
        self.anti_csrf_check = check;
        self
    }

    /// Sets whether the core must still know the session.
    #[must_use]
    pub fn check_database(mut self, check: bool) -> Self {
        self.check_database = check;
        self
    }
}

/// A refresh token to trade.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RefreshSession {
    /// The token.
    pub refresh_token: Secret,
    /// The anti-CSRF token that came with the request.
    pub anti_csrf_token: Option<Secret>,
    /// Whether the anti-CSRF token need not match, since tokens travel in headers.
    pub disable_anti_csrf: bool,
}

impl RefreshSession {
    /// A token to trade, with the anti-CSRF check.
    pub fn new(refresh_token: Secret) -> Self {
        Self { refresh_token, anti_csrf_token: None, disable_anti_csrf: false }
    }

    /// Sets the anti-CSRF token that came with the request.
    #[must_use]
    pub fn anti_csrf_token(mut self, token: Option<Secret>) -> Self {
        self.anti_csrf_token = token;
        self
    }

    /// Sets whether the anti-CSRF token need not match.
    #[must_use]
    pub fn disable_anti_csrf(mut self, disable: bool) -> Self {
        self.disable_anti_csrf = disable;
        self
    }
}

/// A session's row.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SessionInformation {
    /// The session.
    pub session_handle: SessionHandle,
    /// The user.
    pub user_id: UserId,
    /// The login method that the session was started with.
    pub recipe_user_id: RecipeUserId,
    /// Data that stays with the core.
    pub session_data_in_database: JsonObject,
    /// When the session ends unless it is refreshed, in milliseconds since the epoch.
    pub expiry_ms: i64,
    /// The application's claims for the next access token.
    pub custom_claims_in_access_token_payload: JsonObject,
    /// When the session was started, in milliseconds since the epoch.
    pub time_created_ms: i64,
    /// The tenant.
    pub tenant_id: TenantId,
}

impl SessionInformation {
    /// Whom the session's claims are fetched for.
    pub fn claim_subject(&self) -> ClaimSubject {
        ClaimSubject::new(self.user_id.clone(), self.recipe_user_id.clone(), self.tenant_id.clone())
            .current_payload(Arc::new(self.custom_claims_in_access_token_payload.clone()))
    }
}

/// Whose sessions to end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RevokeAllSessionsForUser {
    /// The user.
    pub user_id: UserId,
    /// Whether sessions of linked login methods end too; `true` by default.
    pub revoke_sessions_for_linked_accounts: bool,
    /// The tenant; all of them by default.
    pub tenant_id: Option<TenantId>,
}

impl RevokeAllSessionsForUser {
    /// Every session of the user.
    pub fn new(user_id: UserId) -> Self {
        Self { user_id, revoke_sessions_for_linked_accounts: true, tenant_id: None }
    }

    /// Sets whether sessions of linked login methods end too.
    #[must_use]
    pub fn revoke_sessions_for_linked_accounts(mut self, revoke: bool) -> Self {
        self.revoke_sessions_for_linked_accounts = revoke;
        self
    }

    /// Restricts it to a tenant.
    #[must_use]
    pub fn tenant_id(mut self, tenant_id: Option<TenantId>) -> Self {
        self.tenant_id = tenant_id;
        self
    }
}

/// Whose sessions to list.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetAllSessionHandlesForUser {
    /// The user.
    pub user_id: UserId,
    /// Whether sessions of linked login methods are listed too; `true` by default.
    pub fetch_sessions_for_all_linked_accounts: bool,
    /// The tenant; all of them by default.
    pub tenant_id: Option<TenantId>,
}

impl GetAllSessionHandlesForUser {
    /// Every session of the user.
    pub fn new(user_id: UserId) -> Self {
        Self { user_id, fetch_sessions_for_all_linked_accounts: true, tenant_id: None }
    }

    /// Sets whether sessions of linked login methods are listed too.
    #[must_use]
    pub fn fetch_sessions_for_all_linked_accounts(mut self, fetch: bool) -> Self {
        self.fetch_sessions_for_all_linked_accounts = fetch;
        self
    }

    /// Restricts it to a tenant.
    #[must_use]
    pub fn tenant_id(mut self, tenant_id: Option<TenantId>) -> Self {
        self.tenant_id = tenant_id;
        self
    }
}

/// An access token to make anew.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RegenerateAccessToken {
    /// The current token.
    pub access_token: Secret,
    /// The new claims; those in the session's row are kept when absent.
    pub new_access_token_payload: Option<JsonObject>,
}

impl RegenerateAccessToken {
    /// The same claims in a new token.
    pub fn new(access_token: Secret) -> Self {
        Self { access_token, new_access_token_payload: None }
    }

    /// Sets the new claims.
    #[must_use]
    pub fn new_access_token_payload(mut self, payload: JsonObject) -> Self {
        self.new_access_token_payload = Some(payload);
        self
    }
}

/// What became of an access token that was made anew.
#[derive(Clone, Debug)]
pub struct RegeneratedAccessToken {
    /// The session with its new claims.
    pub session: SessionData,
    /// The new token; `None` where the old one has expired.
    pub access_token: Option<TokenInfo>,
}

/// Claims to validate.
#[derive(Clone)]
#[non_exhaustive]
pub struct ValidateClaims {
    /// Whom claims are refetched for.
    pub subject: ClaimSubject,
    /// The payload.
    pub access_token_payload: Arc<JsonObject>,
    /// The validators, in the order in which they run.
    pub claim_validators: ClaimValidators,
}

impl ValidateClaims {
    /// Claims to validate.
    pub fn new(
        subject: ClaimSubject,
        access_token_payload: Arc<JsonObject>,
        claim_validators: ClaimValidators,
    ) -> Self {
        Self { subject, access_token_payload, claim_validators }
    }
}

/// What came of validating claims.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ValidatedClaims {
    /// The validators that failed.
    pub invalid_claims: Vec<InvalidClaim>,
    /// The whole new payload, where claims were refetched and changed.
    pub access_token_payload_update: Option<JsonObject>,
}

impl ValidatedClaims {
    /// An outcome.
    pub fn new(
        invalid_claims: Vec<InvalidClaim>,
        access_token_payload_update: Option<JsonObject>,
    ) -> Self {
        Self { invalid_claims, access_token_payload_update }
    }
}

/// A claim's value in a session's row.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValueResult<T = Value> {
    /// The session is there; so may be the value.
    Ok(Option<T>),
    /// There is no such session.
    SessionDoesNotExistError,
}
