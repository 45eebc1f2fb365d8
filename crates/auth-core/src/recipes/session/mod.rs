//! Sessions.

pub mod claims;
mod functions;
mod recipe;
mod request;
#[allow(clippy::module_inception, reason = "a session is what the recipe is about")]
mod session;

pub use functions::{
    ClaimValueResult, ClaimsForSessionHandle, CreateNewSession, GetAllSessionHandlesForUser,
    GetGlobalClaimValidators, GetSession, HandleClaimValidatorsOverride, RefreshSession,
    RegenerateAccessToken, RegeneratedAccessToken, RevokeAllSessionsForUser, SessionApi,
    SessionApis, SessionApisOverride, SessionFunctions, SessionInformation, SessionOverride,
    Sessions, ValidateClaims, ValidatedClaims,
};
pub use recipe::{
    AllowedTransferMethod, AntiCsrf, SameSite, SessionInstance, SessionRecipe, TokenTransferMethod,
    TokenType,
};
pub use request::{
    AnySession, ClaimValidators, GlobalClaimValidatorsOverride, InvalidClaim, PendingCheck,
    SessionCheck, SessionError, SessionErrorHandlers, SessionOptions, SessionRule,
};
pub(crate) use request::{
    Whose, bearer_token, create_session_of, end_replaced, end_sessions, respond_to_error,
};
pub use session::{AccessToken, AllSessionTokens, Session};
