//! Sessions.

mod api;
pub mod claims;
mod config;
mod container;
mod ends;
mod error;
mod error_handlers;
mod facade;
mod flows;
mod functions;
mod guard;
mod instance;
mod options;
mod tokens;
mod transport;

pub use api::{SessionApi, SessionApis, SessionApisOverride};
pub use config::{
    AllowedTransferMethod, AntiCsrf, SameSite, SessionRecipe, TokenTransferMethod, TokenType,
};
pub use container::{AllSessionTokens, Session};
pub(crate) use ends::{Whose, end_replaced, end_sessions};
pub use error::{InvalidClaim, SessionError};
pub use error_handlers::SessionErrorHandlers;
pub(crate) use error_handlers::respond as respond_to_error;
pub use facade::{ClaimsForSessionHandle, HandleClaimValidatorsOverride, Sessions};
pub use functions::{
    ClaimValueResult, CreateNewSession, GetAllSessionHandlesForUser, GetGlobalClaimValidators,
    GetSession, RefreshSession, RegenerateAccessToken, RegeneratedAccessToken,
    RevokeAllSessionsForUser, SessionFunctions, SessionInformation, SessionOverride,
    ValidateClaims, ValidatedClaims,
};
pub use instance::SessionInstance;
pub use options::{
    AnySession, ClaimValidators, GlobalClaimValidatorsOverride, SessionOptions, SessionRule,
};
pub use tokens::AccessToken;
pub(crate) use transport::bearer_token;
