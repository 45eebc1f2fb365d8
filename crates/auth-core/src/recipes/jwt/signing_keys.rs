//! Keys that are withdrawn.

use auth_protocol::{
    TenantId,
    jwt::{
        ListSigningKeys, ListSigningKeysResponse, RetireSigningKey, RetireSigningKeyResponse,
        RevokeSigningKey, RevokeSigningKeyResponse, SigningKeyInfo,
    },
};

use super::Jwt;
use crate::Result;

/// The keys that sign access tokens and other tokens. The reference's cores don't know these
/// functions: there they are an error.
///
/// ```
/// # use auth_core::{Auth, Result, protocol::jwt::SigningKeyState};
/// # async fn withdraw(auth: &Auth) -> Result<()> {
/// // Somebody has read the database: nothing that these keys have signed is to be trusted.
/// for key in auth.jwt()?.list_signing_keys().await? {
///     if key.state != SigningKeyState::Revoked {
///         auth.jwt()?.revoke_signing_key(&key.kid).await?;
///     }
/// }
/// # Ok(())
/// # }
/// ```
impl Jwt {
    /// Lists the keys: those that rotate, newest first, then those that don't.
    ///
    /// # Errors
    /// Where the core can't answer.
    pub async fn list_signing_keys(&self) -> Result<Vec<SigningKeyInfo>> {
        let ListSigningKeysResponse::Ok { keys } =
            self.cx.core().call(&TenantId::default(), ListSigningKeys {}).await?;
        Ok(keys)
    }

    /// Stops a key from signing; a new one takes its place, and tokens that it has signed go on
    /// being accepted. Other processes follow within 3 seconds. `false` where there is no such key.
    ///
    /// # Errors
    /// Where the core can't answer.
    pub async fn retire_signing_key(&self, kid: &str) -> Result<bool> {
        let operation = RetireSigningKey { kid: kid.to_owned() };
        let response = self.cx.core().call(&TenantId::default(), operation).await?;
        Ok(response == RetireSigningKeyResponse::Ok)
    }

    /// Withdraws a key: tokens that it has signed are refused, here at once, by other processes
    /// within 3 seconds where the core is embedded in them and within 5 where they ask a remote one.
    /// Their clients refresh their sessions, which go on. `false` where there is no such key.
    ///
    /// # Errors
    /// Where the core can't answer.
    pub async fn revoke_signing_key(&self, kid: &str) -> Result<bool> {
        let operation = RevokeSigningKey { kid: kid.to_owned() };
        let response = self.cx.core().call(&TenantId::default(), operation).await?;
        Ok(response == RevokeSigningKeyResponse::Ok)
    }
}
