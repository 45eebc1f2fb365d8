//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    Secret, TenantId, UserId,
    recoverycode::{
        ConsumeRecoveryCode, ConsumeRecoveryCodeResponse, CountRecoveryCodes,
        CountRecoveryCodesResponse, GenerateRecoveryCodes, GenerateRecoveryCodesResponse,
        RemoveRecoveryCodes, RemoveRecoveryCodesResponse,
    },
};

use super::RecoveryCodeInstance;
use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
};

input! {
    /// Who gets new codes.
    pub struct GenerateCodesInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// A code to use up.
    pub struct ConsumeCodeInput {
        /// The user.
        user_id: UserId,
        /// The code.
        code: Secret,
        ..
        /// The tenant; `public` by default.
        tenant_id: TenantId,
    }
}

input! {
    /// Whose codes are counted.
    pub struct CountCodesInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

input! {
    /// Whose codes end.
    pub struct RemoveCodesInput from UserId, &UserId {
        /// The user.
        user_id: UserId,
    }
}

overridable! {
    /// The recipe's functions.
    pub struct RecoveryCodeFunctions;
    /// Replaces functions of [`RecoveryCodeFunctions`].
    pub trait RecoveryCodeOverride;
    trait RecoveryCodeBase;
    handle RecoveryCodes by recoverycode of RecoveryCodeInstance;

    /// Gives a user ten new codes; those that it had end. They are shown only here.
    async fn generate_codes(input: GenerateCodesInput) -> Result<Vec<Secret>>;

    /// Uses up a code.
    async fn consume_code(input: ConsumeCodeInput) -> Result<ConsumeRecoveryCodeResponse>;

    /// How many codes a user has left.
    async fn count_codes(input: CountCodesInput) -> Result<u32>;

    /// Ends all of a user's codes; whether there were any.
    async fn remove_codes(input: RemoveCodesInput) -> Result<bool>;
}

pub(super) fn with_overrides(overrides: Overrides<RecoveryCodeFunctions>) -> RecoveryCodeFunctions {
    overrides.around(RecoveryCodeFunctions::new(Base))
}

struct Base;

#[async_trait]
impl RecoveryCodeBase for Base {
    async fn generate_codes(&self, cx: &Context, input: GenerateCodesInput) -> Result<Vec<Secret>> {
        let request = GenerateRecoveryCodes { user_id: input.user_id };
        let GenerateRecoveryCodesResponse::Ok { codes } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(codes)
    }

    async fn consume_code(
        &self,
        cx: &Context,
        input: ConsumeCodeInput,
    ) -> Result<ConsumeRecoveryCodeResponse> {
        let ConsumeCodeInput { user_id, code, tenant_id } = input;
        Ok(cx.core().call(&tenant_id, ConsumeRecoveryCode { user_id, code }).await?)
    }

    async fn count_codes(&self, cx: &Context, input: CountCodesInput) -> Result<u32> {
        let request = CountRecoveryCodes { user_id: input.user_id };
        let CountRecoveryCodesResponse::Ok { codes_left } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(codes_left)
    }

    async fn remove_codes(&self, cx: &Context, input: RemoveCodesInput) -> Result<bool> {
        let request = RemoveRecoveryCodes { user_id: input.user_id };
        let RemoveRecoveryCodesResponse::Ok { did_codes_exist } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(did_codes_exist)
    }
}
