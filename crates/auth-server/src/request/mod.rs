//! What stands before every operation: who calls, in which version, for which app and tenant.

mod address;
mod api_keys;
mod clients;
mod guesses;
pub(crate) mod local;
pub(crate) mod rules;
mod version;

use auth_protocol::{Caller, CdiVersion, TenantScope};
use bytes::Bytes;

pub(crate) use self::{
    address::{Address, resolve},
    guesses::KeyGuesses,
    version::negotiate,
};
pub use self::{
    api_keys::{ApiKeyError, ApiKeys},
    clients::ClientRules,
};

/// A request that reached its route.
#[derive(Debug)]
pub(crate) struct Call {
    /// The app and tenant in its path; the app is that of the host that it was sent to.
    pub(crate) scope: TenantScope,
    /// The version that it speaks.
    pub(crate) version: CdiVersion,
    /// Its query string, empty where it has none.
    pub(crate) query: String,
    /// Its body.
    pub(crate) body: Bytes,
    /// Whom it is for, by what its caller says.
    pub(crate) caller: Caller,
}
