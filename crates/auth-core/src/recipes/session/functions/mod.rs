//! What the session recipe does: its functions, each of which an application may replace.

mod apis;
mod base;
mod claims;
mod get_session;
mod handle;
mod inputs;

use auth_protocol::{JsonObject, SessionHandle};
use serde_json::Value;

pub(super) use apis::with_overrides as apis_with_overrides;
pub use apis::{SessionApi, SessionApis, SessionApisOverride};
use base::BaseFunctions;
pub(super) use get_session::get_session;
pub use handle::{ClaimsForSessionHandle, HandleClaimValidatorsOverride, Sessions};
pub use inputs::{
    ClaimValueResult, CreateNewSession, GetAllSessionHandlesForUser, GetGlobalClaimValidators,
    GetSession, RefreshSession, RegenerateAccessToken, RegeneratedAccessToken,
    RevokeAllSessionsForUser, SessionInformation, ValidateClaims, ValidatedClaims,
};

use super::{ClaimValidators, Session, claims::AnyClaim};
use crate::{
    Result,
    overrides::{Overrides, overridable},
};

overridable! {
    /// The session recipe's functions.
    ///
    /// A function that calls another one reaches the application's override of it.
    pub struct SessionFunctions;
    /// Replaces functions of [`SessionFunctions`]; a method that isn't written calls the original.
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::session::{CreateNewSession, Session, SessionFunctions, SessionOverride},
    /// };
    ///
    /// struct NoteTheShop;
    ///
    /// impl SessionOverride for NoteTheShop {
    ///     async fn create_new_session(
    ///         &self,
    ///         original: &SessionFunctions,
    ///         cx: &Context,
    ///         mut input: CreateNewSession,
    ///     ) -> Result<Session> {
    ///         input.access_token_payload.insert("shop".into(), "north".into());
    ///         original.create_new_session(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait SessionOverride;
    trait SessionBase;

    /// Starts a session; its tokens are attached to the response by whoever calls this.
    ///
    /// An override may give an existing session instead.
    async fn create_new_session(input: CreateNewSession) -> Result<Session>;

    /// The validators that a session check runs unless its options say otherwise: by default
    /// those that other recipes added.
    async fn get_global_claim_validators(
        input: GetGlobalClaimValidators,
    ) -> Result<ClaimValidators>;

    /// Checks an access token; `None` where there is no token and none is required.
    async fn get_session(input: GetSession) -> Result<Option<Session>>;

    /// Trades a refresh token for a session with fresh tokens.
    async fn refresh_session(input: RefreshSession) -> Result<Session>;

    /// Reads a session's row; `None` where there is no such session.
    async fn get_session_information(
        session_handle: &SessionHandle,
    ) -> Result<Option<SessionInformation>>;

    /// Ends a user's sessions and gives the handles of those that were there.
    async fn revoke_all_sessions_for_user(
        input: RevokeAllSessionsForUser,
    ) -> Result<Vec<SessionHandle>>;

    /// Lists a user's sessions.
    async fn get_all_session_handles_for_user(
        input: GetAllSessionHandlesForUser,
    ) -> Result<Vec<SessionHandle>>;

    /// Ends a session; `false` where there was none.
    async fn revoke_session(session_handle: &SessionHandle) -> Result<bool>;

    /// Ends sessions and gives the handles of those that were there.
    async fn revoke_multiple_sessions(
        session_handles: Vec<SessionHandle>,
    ) -> Result<Vec<SessionHandle>>;

    /// Replaces the data that stays with the core; `false` where there is no such session.
    async fn update_session_data_in_database(
        session_handle: &SessionHandle,
        new_session_data: JsonObject,
    ) -> Result<bool>;

    /// Merges claims into those that the session's next access token will carry, one level deep;
    /// a null removes its key. `false` where there is no such session.
    async fn merge_into_access_token_payload(
        session_handle: &SessionHandle,
        update: JsonObject,
    ) -> Result<bool>;

    /// Makes an access token with other claims; `None` where the session is gone.
    async fn regenerate_access_token(
        input: RegenerateAccessToken,
    ) -> Result<Option<RegeneratedAccessToken>>;

    /// Refetches the claims that ask for it, then runs every validator.
    async fn validate_claims(input: ValidateClaims) -> Result<ValidatedClaims>;

    /// Fetches a claim's value for the session's next access token; `false` where there is no
    /// such session.
    async fn fetch_and_set_claim(
        session_handle: &SessionHandle,
        claim: &dyn AnyClaim,
    ) -> Result<bool>;

    /// Sets a claim's value in the session's next access token; `false` where there is no such
    /// session.
    async fn set_claim_value(
        session_handle: &SessionHandle,
        claim: &dyn AnyClaim,
        value: Value,
    ) -> Result<bool>;

    /// Reads a claim's value from the session's row.
    async fn get_claim_value(
        session_handle: &SessionHandle,
        claim: &dyn AnyClaim,
    ) -> Result<ClaimValueResult>;

    /// Removes a claim from the session's next access token; `false` where there is no such
    /// session.
    async fn remove_claim(session_handle: &SessionHandle, claim: &dyn AnyClaim) -> Result<bool>;
}

pub(super) fn with_overrides(overrides: Overrides<SessionFunctions>) -> SessionFunctions {
    overrides.around(SessionFunctions::new(BaseFunctions))
}
