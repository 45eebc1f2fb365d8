//! What the recipe does.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{
    Secret, TenantId, UserId,
    recoverycode::{
        ConsumeRecoveryCode, ConsumeRecoveryCodeResponse, CountRecoveryCodes,
        CountRecoveryCodesResponse, GenerateRecoveryCodes, GenerateRecoveryCodesResponse,
        RemoveRecoveryCodes, RemoveRecoveryCodesResponse,
    },
};

use crate::{Context, Result, overrides::overridable};

overridable! {
    /// The recipe's functions.
    pub trait RecoveryCodeFunctions;
    /// Replaces functions of [`RecoveryCodeFunctions`].
    pub trait RecoveryCodeOverride;
    struct RecoveryCodeLayer;

    /// Gives a user ten new codes; those that it had end.
    async fn generate_codes(user_id: UserId) -> Result<Vec<Secret>>;

    /// Uses up a code.
    async fn consume_code(
        tenant_id: TenantId,
        user_id: UserId,
        code: Secret,
    ) -> Result<ConsumeRecoveryCodeResponse>;

    /// How many codes a user has left.
    async fn count_codes(user_id: UserId) -> Result<u32>;

    /// Ends all of a user's codes; whether there were any.
    async fn remove_codes(user_id: UserId) -> Result<bool>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn RecoveryCodeOverride>>,
) -> Arc<dyn RecoveryCodeFunctions> {
    RecoveryCodeLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl RecoveryCodeFunctions for Base {
    async fn generate_codes(&self, cx: &Context, user_id: UserId) -> Result<Vec<Secret>> {
        let GenerateRecoveryCodesResponse::Ok { codes } =
            cx.core().call(&TenantId::default(), GenerateRecoveryCodes { user_id }).await?;
        Ok(codes)
    }

    async fn consume_code(
        &self,
        cx: &Context,
        tenant_id: TenantId,
        user_id: UserId,
        code: Secret,
    ) -> Result<ConsumeRecoveryCodeResponse> {
        Ok(cx.core().call(&tenant_id, ConsumeRecoveryCode { user_id, code }).await?)
    }

    async fn count_codes(&self, cx: &Context, user_id: UserId) -> Result<u32> {
        let CountRecoveryCodesResponse::Ok { codes_left } =
            cx.core().call(&TenantId::default(), CountRecoveryCodes { user_id }).await?;
        Ok(codes_left)
    }

    async fn remove_codes(&self, cx: &Context, user_id: UserId) -> Result<bool> {
        let RemoveRecoveryCodesResponse::Ok { did_codes_exist } =
            cx.core().call(&TenantId::default(), RemoveRecoveryCodes { user_id }).await?;
        Ok(did_codes_exist)
    }
}
