//! Sessions: their creation, refresh, verification, data and end.

mod bind_device;
mod create;
mod device_key;
mod get;
mod get_data;
mod get_device;
mod get_jwt_data;
mod list_handles;
mod merge_claims;
mod model;
mod refresh;
mod regenerate;
mod remove;
mod update_data;
mod update_jwt_data;
mod use_device_challenge;
mod verify;

pub use bind_device::{BindSessionDevice, BindSessionDeviceResponse};
pub use create::{CreateSession, CreateSessionResponse};
pub use device_key::DeviceKey;
pub use get::{GetSession, GetSessionResponse};
pub use get_data::{GetSessionData, GetSessionDataResponse};
pub use get_device::{GetSessionDevice, GetSessionDeviceResponse};
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
pub use use_device_challenge::{UseDeviceChallenge, UseDeviceChallengeResponse};
pub use verify::{VerifySession, VerifySessionResponse};
