//! Signed statements about a chain.

use auth_protocol::{AppId, JsonObject, TenantId};
use serde_json::{Value, json};

use crate::{JwtError, KeySet, UnverifiedJwt};

/// The `typ` of a checkpoint's header: no access token has it, and no token that an application has
/// signed.
pub const CHECKPOINT_TYPE: &str = "auth-audit-checkpoint+jwt";

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointClaims {
    /// The chain's app.
    pub app: AppId,
    /// The chain's tenant.
    pub tenant: TenantId,
    /// The position that it is about.
    pub position: i64,
    /// How many entries there were up to it when it was signed: fewer than the position once the
    /// front was purged.
    pub count: i64,
    /// The hash of the entry there.
    pub hash: String,
    /// When it was signed, in milliseconds since the epoch.
    pub time_ms: i64,
    /// Whether the core itself purged all up to this entry. Without that nothing may be missing before
    /// it.
    pub is_purge: bool,
}

impl CheckpointClaims {
    /// The claims, to be signed.
    pub fn to_json(&self) -> JsonObject {
        let claims = [
            ("app", json!(self.app)),
            ("tenant", json!(self.tenant)),
            ("position", json!(self.position)),
            ("count", json!(self.count)),
            ("hash", json!(self.hash)),
            ("time_ms", json!(self.time_ms)),
        ];
        let purge = self.is_purge.then(|| ("purge", json!(true)));
        let claims = claims.into_iter().chain(purge);
        claims.map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Reads a checkpoint that one of the keys has signed.
    ///
    /// # Errors
    /// As [`UnverifiedJwt::verify`]; [`JwtError::HeaderMismatch`] for another kind of token, and
    /// [`JwtError::Malformed`] where a claim is missing.
    pub fn verify(token: &str, keys: &KeySet) -> Result<Self, JwtError> {
        let claims = UnverifiedJwt::parse_as(token, CHECKPOINT_TYPE)?.verify(keys)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let number = |name: &str| claims.get(name).and_then(Value::as_i64);
        let read = || {
            Some(Self {
                app: text("app")?.into(),
                tenant: text("tenant")?.into(),
                position: number("position")?,
                count: number("count")?,
                hash: text("hash")?.to_owned(),
                time_ms: number("time_ms")?,
                is_purge: claims.get("purge").is_some_and(|purge| *purge == Value::Bool(true)),
            })
        };
        read().ok_or(JwtError::Malformed)
    }
}
