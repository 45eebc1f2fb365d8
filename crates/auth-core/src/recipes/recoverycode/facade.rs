//! The functions that an application calls.

use auth_protocol::{Secret, TenantId, UserId, recoverycode::ConsumeRecoveryCodeResponse};

use super::{ID, RecoveryCodeFunctions, RecoveryCodeInstance};
use crate::{Auth, Context, Result};

/// The functions of this recipe, in a context; got by [`Context::recoverycode`] or
/// [`Auth::recoverycode`].
#[derive(Clone, Debug)]
pub struct RecoveryCodes {
    cx: Context,
}

impl Context {
    /// The recovery code functions in this context.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn recoverycode(&self) -> Result<RecoveryCodes> {
        self.auth().recipe::<RecoveryCodeInstance>(ID)?;
        Ok(RecoveryCodes { cx: self.clone() })
    }
}

impl Auth {
    /// The recovery code functions outside of a request.
    ///
    /// # Errors
    /// [`crate::Error::RecipeMissing`] where the recipe isn't in the recipe list.
    pub fn recoverycode(&self) -> Result<RecoveryCodes> {
        self.context().recoverycode()
    }
}

impl RecoveryCodes {
    fn functions(&self) -> Result<&dyn RecoveryCodeFunctions> {
        Ok(RecoveryCodeInstance::of(&self.cx)?.functions())
    }

    /// Gives a user ten new codes; those that it had end. They are shown only here.
    pub async fn generate_codes(&self, user_id: &UserId) -> Result<Vec<Secret>> {
        self.functions()?.generate_codes(&self.cx, user_id.clone()).await
    }

    /// Uses up a code.
    pub async fn consume_code(
        &self,
        tenant_id: &TenantId,
        user_id: &UserId,
        code: Secret,
    ) -> Result<ConsumeRecoveryCodeResponse> {
        self.functions()?.consume_code(&self.cx, tenant_id.clone(), user_id.clone(), code).await
    }

    /// How many codes a user has left.
    pub async fn count_codes(&self, user_id: &UserId) -> Result<u32> {
        self.functions()?.count_codes(&self.cx, user_id.clone()).await
    }

    /// Ends all of a user's codes; whether there were any.
    pub async fn remove_codes(&self, user_id: &UserId) -> Result<bool> {
        self.functions()?.remove_codes(&self.cx, user_id.clone()).await
    }
}
