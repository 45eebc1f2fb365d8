//! The core, asked while a request is served.

use std::time::Duration;

use auth_protocol::TenantId;

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

    /// How long a password reset token works, where the core is in this process.
    pub(crate) fn password_reset_token_lifetime(&self) -> Option<Duration> {
        self.core.password_reset_token_lifetime()
    }

    /// How long an email verification token works, where the core is in this process.
    pub(crate) fn email_verification_token_lifetime(&self) -> Option<Duration> {
        self.core.email_verification_token_lifetime()
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
