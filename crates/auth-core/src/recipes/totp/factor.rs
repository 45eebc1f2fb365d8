//! The factor that an authenticator app is (FDI §6.1, 6.7).

use async_trait::async_trait;
use auth_protocol::User;

use super::TotpInstance;
use crate::{
    Context, Result,
    factors::{FactorId, Factors},
};

#[async_trait]
impl Factors for TotpInstance {
    fn secondary(&self) -> Vec<FactorId> {
        vec![FactorId::TOTP]
    }

    async fn set_up_for(&self, cx: &Context, user: &User) -> Result<Vec<FactorId>> {
        let devices = self.functions().list_devices(cx, &user.id).await?;
        let is_set_up = devices.iter().any(|device| device.verified);
        Ok(is_set_up.then_some(FactorId::TOTP).into_iter().collect())
    }
}
