//! What the functions take.

use std::sync::Arc;

use auth_protocol::{JsonObject, RecipeUserId, Secret, SessionHandle, TenantId, UserId};

use crate::{
    overrides::input,
    recipes::session::{
        AccessToken, ClaimValidators, Session, SessionOptions, claims::ClaimSubject,
    },
};

input! {
    /// What a session is started with.
    pub struct CreateNewSessionInput {
        /// The user.
        user_id: UserId,
        /// The login method that the user signed in with.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// The claims for the access token.
        access_token_payload: JsonObject,
        /// Data that stays with the core.
        session_data_in_database: JsonObject,
        /// Whether the session needs no anti-CSRF token, since its tokens travel in headers.
        disable_anti_csrf: bool,
    }
}

impl CreateNewSessionInput {
    /// Whom the session's claims are fetched for.
    pub fn claim_subject(&self) -> ClaimSubject {
        ClaimSubject::new(self.user_id.clone(), self.recipe_user_id.clone(), self.tenant_id.clone())
    }
}

input! {
    /// Whose global validators are asked for.
    pub struct GetGlobalClaimValidatorsInput {
        /// The user.
        user_id: UserId,
        /// The login method that the session was started with.
        recipe_user_id: RecipeUserId,
        ..
        /// The session's tenant; `public` by default.
        tenant_id: TenantId,
        /// The validators that the recipes in the recipe list added.
        claim_validators_added_by_other_recipes: ClaimValidators,
    }
}

input! {
    /// An access token to check.
    pub struct GetSessionInput {
        /// The token; `None` where the request has none.
        access_token: Option<AccessToken>,
        ..
        /// The anti-CSRF token that came with the request.
        anti_csrf_token: Option<Secret>,
        /// Whether a missing token is an error; `true` by default.
        session_required: bool = true,
        /// Whether the anti-CSRF token must match where sessions have one; `true` by default.
        anti_csrf_check: bool = true,
        /// Whether the core must still know the session; `false` by default.
        check_database: bool,
    }
}

input! {
    /// A refresh token to trade.
    pub struct RefreshSessionInput from Secret {
        /// The token.
        refresh_token: Secret,
        ..
        /// The anti-CSRF token that came with the request.
        anti_csrf_token: Option<Secret>,
        /// Whether the anti-CSRF token need not match, since tokens travel in headers.
        disable_anti_csrf: bool,
        /// The sessions of whose devices there is a proof, where sessions are bound to devices.
        proven_devices: Vec<SessionHandle>,
    }
}

input! {
    /// Which session's row is read.
    pub struct GetSessionInformationInput from SessionHandle, &SessionHandle {
        /// The session.
        session_handle: SessionHandle,
    }
}

input! {
    /// Whose sessions to end.
    pub struct RevokeAllSessionsForUserInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
        ..
        /// Whether sessions of linked login methods end too; `true` by default.
        revoke_sessions_for_linked_accounts: bool = true,
        /// The tenant; all of them by default.
        tenant_id: Option<TenantId>,
    }
}

input! {
    /// Whose sessions to list.
    pub struct GetAllSessionHandlesForUserInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
        ..
        /// Whether sessions of linked login methods are listed too; `true` by default.
        fetch_sessions_for_all_linked_accounts: bool = true,
        /// The tenant; all of them by default.
        tenant_id: Option<TenantId>,
    }
}

input! {
    /// Which session to end.
    pub struct RevokeSessionInput from SessionHandle, &SessionHandle {
        /// The session.
        session_handle: SessionHandle,
    }
}

input! {
    /// Which sessions to end.
    pub struct RevokeMultipleSessionsInput from Vec<SessionHandle>, &[SessionHandle] {
        /// The sessions.
        session_handles: Vec<SessionHandle>,
    }
}

input! {
    /// What a session's row is to hold.
    pub struct UpdateSessionDataInDatabaseInput {
        /// The session.
        session_handle: SessionHandle,
        /// The data, in place of what is there.
        new_session_data: JsonObject,
    }
}

input! {
    /// Claims to merge into a session's row.
    pub struct MergeIntoAccessTokenPayloadInput {
        /// The session.
        session_handle: SessionHandle,
        /// The claims; a null removes its key.
        access_token_payload_update: JsonObject,
    }
}

input! {
    /// An access token to make anew.
    pub struct RegenerateAccessTokenInput from Secret {
        /// The current token.
        access_token: Secret,
        ..
        /// The new claims; those in the session's row are kept when absent.
        new_access_token_payload: Option<JsonObject>,
    }
}

input! {
    /// Claims to validate.
    pub struct ValidateClaimsInput {
        /// Whom claims are refetched for.
        subject: ClaimSubject,
        /// The payload.
        access_token_payload: Arc<JsonObject>,
        /// The validators, in the order in which they run.
        claim_validators: ClaimValidators,
    }
}

input! {
    /// Whose session is started, and with what, as the application asks for it.
    pub struct NewSessionInput from RecipeUserId, &RecipeUserId {
        /// The login method that the user signed in with; its user is looked up.
        recipe_user_id: RecipeUserId,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
        /// Claims for the access token, beside those of the recipes.
        access_token_payload: JsonObject,
        /// Data that stays with the core.
        session_data_in_database: JsonObject,
        /// Whether the session needs no anti-CSRF token. In a request, how its tokens travel decides.
        disable_anti_csrf: bool,
    }
}

input! {
    /// An access token that didn't come with a request.
    pub struct GetSessionWithoutRequestResponseInput from Secret, &str {
        /// The token.
        access_token: Secret,
        ..
        /// The anti-CSRF token.
        anti_csrf_token: Option<Secret>,
        /// What is asked of the session.
        options: SessionOptions,
    }
}

input! {
    /// What the session check in front of a route asks for.
    pub struct VerifySessionInput from SessionOptions, &SessionOptions {
        /// The route's options.
        options: SessionOptions,
    }
}

input! {
    /// Whose other sessions a client ends.
    pub struct RevokeOtherSessionsPostInput from Session, &Session {
        /// The session that the request came with, which goes on.
        session: Session,
    }
}

input! {
    /// Which session a client ends.
    pub struct SignOutPostInput from Session, &Session {
        /// The session that the request came with.
        session: Session,
    }
}
