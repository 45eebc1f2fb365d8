//! Sessions.

pub mod claims;
mod functions;
mod recipe;
mod request;
#[allow(clippy::module_inception, reason = "a session is what the recipe is about")]
mod session;
mod signed;

pub use functions::{
    ClaimValueResult, ClaimsForSessionHandle, CreateNewSessionInput, FetchAndSetClaimInput,
    GetAllSessionHandlesForUserInput, GetClaimValueInput, GetGlobalClaimValidatorsInput,
    GetSessionInformationInput, GetSessionInput, GetSessionWithoutRequestResponseInput,
    HandleClaimValidatorsOverride, MergeIntoAccessTokenPayloadInput, NewSessionInput,
    RefreshSessionInput, RegenerateAccessTokenInput, RegeneratedAccessToken, RemoveClaimInput,
    RevokeAllSessionsForUserInput, RevokeMultipleSessionsInput, RevokeOtherSessionsPostInput,
    RevokeSessionInput, SessionApi, SessionApis, SessionApisOverride, SessionFunctions,
    SessionInformation, SessionOverride, Sessions, SetClaimValueInput, SharedClaim,
    SignOutPostInput, UpdateSessionDataInDatabaseInput, ValidateClaimsForSessionHandleInput,
    ValidateClaimsInput, ValidatedClaims, VerifySessionInput,
};
pub use recipe::{
    AllowedTransferMethod, AntiCsrf, CookiePrefix, SameSite, SessionInstance, SessionRecipe,
    TokenTransferMethod, TokenType,
};
pub use request::{
    AnySession, ClaimValidators, DeviceAnswer, GlobalClaimValidatorsOverride, InvalidClaim,
    PendingCheck, SessionCheck, SessionError, SessionErrorHandlers, SessionOptions, SessionRule,
};
pub(crate) use request::{
    Whose, bearer_token, create_new_session, end_replaced, end_sessions, has_cookie,
    respond_to_error, set_host_cookie, transfer_method,
};
pub use session::{AccessToken, AllSessionTokens, Session};
pub(crate) use signed::sign_note;
