//! Sessions: their creation, refresh, verification, data and end.

mod create;
mod get;
mod get_data;
mod get_jwt_data;
mod list_handles;
mod merge_claims;
mod model;
mod refresh;
mod regenerate;
mod remove;
mod update_data;
mod update_jwt_data;
mod verify;

pub use create::{CreateSession, CreateSessionResponse};
pub use get::{GetSession, GetSessionResponse};
pub use get_data::{GetSessionData, GetSessionDataResponse};
pub use get_jwt_data::{GetSessionJwtData, GetSessionJwtDataResponse};
pub use list_handles::{ListSessionHandles, ListSessionHandlesResponse};
pub use merge_claims::{
    FACTORS_CLAIM, MergeSessionClaims, MergeSessionClaimsResponse, merge_claims,
};
pub use model::{SessionData, SessionTokens, SignedClaims, TokenInfo, TokenReuse};
pub use refresh::{RefreshSession, RefreshSessionResponse, StolenSession};
pub use regenerate::{RegenerateSession, RegenerateSessionResponse};
pub use remove::{RemoveSessions, RemoveSessionsResponse};
pub use update_data::{UpdateSessionData, UpdateSessionDataResponse};
pub use update_jwt_data::{UpdateSessionJwtData, UpdateSessionJwtDataResponse};
pub use verify::{VerifySession, VerifySessionResponse};
