//! What the session recipe does: its functions, each of which an application may replace.

mod apis;
mod base;
mod claim_inputs;
mod claims;
mod get_session;
mod handle;
mod inputs;
mod outcomes;

use auth_protocol::SessionHandle;

pub(super) use apis::with_overrides as apis_with_overrides;
pub use apis::{SessionApi, SessionApis, SessionApisOverride};
use base::BaseFunctions;
pub use claim_inputs::{
    FetchAndSetClaimInput, GetClaimValueInput, HandleClaimValidatorsOverride, RemoveClaimInput,
    SetClaimValueInput, SharedClaim, ValidateClaimsForSessionHandleInput,
};
pub(super) use get_session::get_session;
pub use inputs::{
    CreateNewSessionInput, GetAllSessionHandlesForUserInput, GetGlobalClaimValidatorsInput,
    GetSessionInformationInput, GetSessionInput, GetSessionWithoutRequestResponseInput,
    MergeIntoAccessTokenPayloadInput, NewSessionInput, RefreshSessionInput,
    RegenerateAccessTokenInput, RevokeAllSessionsForUserInput, RevokeMultipleSessionsInput,
    RevokeOtherSessionsPostInput, RevokeSessionInput, SignOutPostInput,
    UpdateSessionDataInDatabaseInput, ValidateClaimsInput, VerifySessionInput,
};
pub use outcomes::{
    ClaimValueResult, ClaimsForSessionHandle, RegeneratedAccessToken, SessionInformation,
    ValidatedClaims,
};

use super::{ClaimValidators, Session, SessionInstance};
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
    /// # Claims of a new session
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::session::{
    ///         CreateNewSessionInput, Session, SessionFunctions, SessionOverride,
    ///     },
    /// };
    ///
    /// /// Tells routes where a session was started.
    /// struct NoteTheShop;
    ///
    /// impl SessionOverride for NoteTheShop {
    ///     async fn create_new_session(
    ///         &self,
    ///         original: &SessionFunctions,
    ///         cx: &Context,
    ///         mut input: CreateNewSessionInput,
    ///     ) -> Result<Session> {
    ///         input.access_token_payload.insert("shop".into(), "north".into());
    ///         original.create_new_session(cx, input).await
    ///     }
    /// }
    /// ```
    ///
    /// # Rules of every route
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::{
    ///         session::{
    ///             ClaimValidators, GetGlobalClaimValidatorsInput, SessionFunctions,
    ///             SessionOverride,
    ///         },
    ///         userroles::USER_ROLE_CLAIM,
    ///     },
    /// };
    ///
    /// /// Nobody but the staff, unless a route says otherwise.
    /// struct StaffOnly;
    ///
    /// impl SessionOverride for StaffOnly {
    ///     async fn get_global_claim_validators(
    ///         &self,
    ///         original: &SessionFunctions,
    ///         cx: &Context,
    ///         input: GetGlobalClaimValidatorsInput,
    ///     ) -> Result<ClaimValidators> {
    ///         let mut rules = original.get_global_claim_validators(cx, input).await?;
    ///         rules.push(USER_ROLE_CLAIM.validators().includes(&"staff".to_owned(), None));
    ///         Ok(rules)
    ///     }
    /// }
    /// ```
    ///
    /// # What happens at a refresh
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::session::{
    ///         RefreshSessionInput, Session, SessionFunctions, SessionOverride,
    ///     },
    /// };
    ///
    /// /// A user who is banned stays signed in until the next refresh at the longest.
    /// struct EndOfBanned;
    ///
    /// impl SessionOverride for EndOfBanned {
    ///     async fn refresh_session(
    ///         &self,
    ///         original: &SessionFunctions,
    ///         cx: &Context,
    ///         input: RefreshSessionInput,
    ///     ) -> Result<Session> {
    ///         let session = original.refresh_session(cx, input).await?;
    ///         let metadata = cx.usermetadata()?;
    ///         if metadata.get_value(session.get_user_id(), "banned").await? == Some(true) {
    ///             session.revoke_session().await?;
    ///         }
    ///         Ok(session)
    ///     }
    /// }
    /// ```
    pub trait SessionOverride;
    trait SessionBase;
    handle Sessions by session of SessionInstance;

    /// Starts a session; its tokens are attached to the response by whoever calls this.
    ///
    /// An override may give an existing session instead.
    inner async fn create_new_session(input: CreateNewSessionInput) -> Result<Session>;

    /// The validators that a session check runs unless its options say otherwise: by default
    /// those that other recipes added.
    async fn get_global_claim_validators(
        input: GetGlobalClaimValidatorsInput,
    ) -> Result<ClaimValidators>;

    /// Checks an access token; `None` where there is no token and none is required.
    inner async fn get_session(input: GetSessionInput) -> Result<Option<Session>>;

    /// Trades a refresh token for a session with fresh tokens.
    inner async fn refresh_session(input: RefreshSessionInput) -> Result<Session>;

    /// Reads a session's row; `None` where there is no such session.
    async fn get_session_information(
        input: GetSessionInformationInput,
    ) -> Result<Option<SessionInformation>>;

    /// Ends a user's sessions and gives the handles of those that were there.
    async fn revoke_all_sessions_for_user(
        input: RevokeAllSessionsForUserInput,
    ) -> Result<Vec<SessionHandle>>;

    /// Lists a user's sessions.
    async fn get_all_session_handles_for_user(
        input: GetAllSessionHandlesForUserInput,
    ) -> Result<Vec<SessionHandle>>;

    /// Ends a session; `false` where there was none.
    async fn revoke_session(input: RevokeSessionInput) -> Result<bool>;

    /// Ends sessions and gives the handles of those that were there.
    async fn revoke_multiple_sessions(
        input: RevokeMultipleSessionsInput,
    ) -> Result<Vec<SessionHandle>>;

    /// Replaces the data that stays with the core; `false` where there is no such session.
    async fn update_session_data_in_database(
        input: UpdateSessionDataInDatabaseInput,
    ) -> Result<bool>;

    /// Merges claims into those that the session's next access token will carry, one level deep;
    /// a null removes its key. `false` where there is no such session.
    async fn merge_into_access_token_payload(
        input: MergeIntoAccessTokenPayloadInput,
    ) -> Result<bool>;

    /// Makes an access token with other claims; `None` where the session is gone.
    async fn regenerate_access_token(
        input: RegenerateAccessTokenInput,
    ) -> Result<Option<RegeneratedAccessToken>>;

    /// Refetches the claims that ask for it, then runs every validator.
    async fn validate_claims(input: ValidateClaimsInput) -> Result<ValidatedClaims>;

    /// Fetches a claim's value for the session's next access token; `false` where there is no
    /// such session.
    async fn fetch_and_set_claim(input: FetchAndSetClaimInput) -> Result<bool>;

    /// Sets a claim's value in the session's next access token; `false` where there is no such
    /// session.
    async fn set_claim_value(input: SetClaimValueInput) -> Result<bool>;

    /// Reads a claim's value from the session's row, as JSON; [`ClaimValueResult::typed`] makes it
    /// the claim's type.
    async fn get_claim_value(input: GetClaimValueInput) -> Result<ClaimValueResult>;

    /// Removes a claim from the session's next access token; `false` where there is no such
    /// session.
    async fn remove_claim(input: RemoveClaimInput) -> Result<bool>;
}

pub(super) fn with_overrides(overrides: Overrides<SessionFunctions>) -> SessionFunctions {
    overrides.around(SessionFunctions::new(BaseFunctions))
}
