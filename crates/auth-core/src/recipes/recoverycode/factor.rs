//! The factor that recovery codes are: one that stands in for others.

use async_trait::async_trait;
use auth_protocol::User;

use super::RecoveryCodeInstance;
use crate::{
    Context, Result,
    factors::{FactorId, Factors},
};

#[async_trait]
impl Factors for RecoveryCodeInstance {
    fn stand_ins(&self) -> Vec<FactorId> {
        vec![FactorId::RECOVERY_CODE]
    }

    async fn set_up_for(&self, cx: &Context, user: &User) -> Result<Vec<FactorId>> {
        let left = self.functions().count_codes(cx, &user.id).await?;
        Ok((left > 0).then_some(FactorId::RECOVERY_CODE).into_iter().collect())
    }
}
