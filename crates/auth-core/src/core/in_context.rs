//! The core, asked while a request is served.

use std::time::Duration;

use auth_protocol::{
    TenantId,
    multitenancy::{GetTenant, GetTenantResponse},
};
use serde_json::Value;

use super::Core;
use super::{CoreError, CoreOperation};
use crate::Context;

/// The core as a context has it: what is read from a core at the other end of a network is kept
/// with the request that is being served.
#[derive(Clone, Copy, Debug)]
pub struct CoreInContext<'c> {
    core: &'c Core,
    #[cfg_attr(not(feature = "remote"), allow(dead_code))]
    cx: &'c Context,
}

impl<'c> CoreInContext<'c> {
    pub(crate) fn new(core: &'c Core, cx: &'c Context) -> Self {
        Self { core, cx }
    }

    /// Reads anew from here on what may have been kept: somebody else may have changed it.
    #[cfg_attr(not(feature = "remote"), allow(clippy::unused_self))]
    pub(crate) fn forget_reads(&self) {
        #[cfg(feature = "remote")]
        self.cx.call_cache().clear();
    }

    /// Asks the core for one operation.
    ///
    /// # Errors
    /// As [`Core::call`].
    pub async fn call<O: CoreOperation>(
        &self,
        tenant: &TenantId,
        operation: O,
    ) -> Result<O::Response, CoreError> {
        self.core.call_in(Some(self.cx), tenant, operation).await
    }

    /// How long a password reset token of a tenant works, where that is known: of a core at the other
    /// end of a network, where it is set for the tenant or its app.
    pub(crate) async fn password_reset_token_lifetime(&self, of: &TenantId) -> Option<Duration> {
        let stored = self.stored_lifetime(of, "password_reset_token_lifetime").await;
        stored.or_else(|| self.core.password_reset_token_lifetime())
    }

    /// The same of an email verification token.
    pub(crate) async fn email_verification_token_lifetime(
        &self,
        of: &TenantId,
    ) -> Option<Duration> {
        let stored = self.stored_lifetime(of, "email_verification_token_lifetime").await;
        stored.or_else(|| self.core.email_verification_token_lifetime())
    }

    /// The same of a token by which who lost their passkey gets another one.
    pub(crate) async fn passkey_recovery_token_lifetime(&self, of: &TenantId) -> Option<Duration> {
        let stored = self.stored_lifetime(of, "webauthn_recover_account_token_lifetime").await;
        stored.or_else(|| self.core.passkey_recovery_token_lifetime())
    }

    /// A setting in milliseconds that is kept for a tenant, or else for its app (CDI §6.2). It is for
    /// a mail, which goes without it where it can't be read.
    async fn stored_lifetime(&self, tenant_id: &TenantId, name: &str) -> Option<Duration> {
        let in_ms = |value: &Value| {
            let text = || value.as_str()?.trim().parse().ok();
            value.as_u64().or_else(text).map(Duration::from_millis)
        };
        // A question to the database would tell by its time that there is somebody to mail to.
        match self.core.setting_here(tenant_id, name).await {
            Some(Ok(setting)) => return setting.as_ref().and_then(in_ms),
            Some(Err(error)) => {
                tracing::warn!(%error, "the settings of a tenant can't be read");
                return None;
            }
            None => {}
        }
        let app = TenantId::default();
        let places = [Some(tenant_id), Some(&app).filter(|app| *app != tenant_id)];
        for place in places.into_iter().flatten() {
            match self.call(place, GetTenant {}).await {
                Ok(GetTenantResponse::Ok(tenant)) => {
                    if let Some(lifetime) = tenant.core_config.get(name).and_then(in_ms) {
                        return Some(lifetime);
                    }
                }
                Ok(GetTenantResponse::TenantNotFoundError) => {}
                Err(error) => {
                    tracing::warn!(%error, "the settings of a tenant can't be read");
                    return None;
                }
            }
        }
        None
    }

    /// Whether options by which a passkey was used are good once more, unless they are removed.
    pub(crate) fn leaves_passkey_options(&self) -> bool {
        self.core.leaves_passkey_options()
    }

    /// A number that changes when the keys do, where the core is in this process.
    pub(crate) fn keys_generation(&self) -> Option<u64> {
        self.core.keys_generation()
    }

    /// The current time in milliseconds since the epoch, by the core's clock.
    pub fn now_ms(&self) -> i64 {
        self.core.now_ms()
    }
}
