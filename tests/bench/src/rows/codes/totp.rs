//! Codes of authenticator apps.

use auth_core::{
    Auth,
    protocol::{Secret, TenantId, UserId, totp::ImportTotpDevice, totp::VerifyTotpResponse},
    recipes::totp::VerifyTotpInput,
};
use futures_util::future::BoxFuture;

use super::Entry;
use crate::Outcome;

/// `12345678901234567890`, the secret of RFC 6238's vectors.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// A day, so that one code is right during the whole measurement.
const PERIOD_SECS: u32 = 24 * 60 * 60;

/// One code for each of so many users, as a code is right once.
pub(super) fn make(
    auth: Auth,
    count: usize,
    turn: String,
) -> BoxFuture<'static, Outcome<Vec<Entry>>> {
    Box::pin(async move {
        let totp = totp_rs::Builder::new()
            .with_secret(totp_rs::Secret::try_from_base32(SECRET)?)
            .with_step_duration(u64::from(PERIOD_SECS))
            .build()?;
        let now_secs = auth.core().now_ms().unsigned_abs() / 1000;
        let code = totp.generate(now_secs).to_string();
        let mut entries = Vec::new();
        for number in 0..count {
            let user_id = UserId::new(format!("{turn}-{number}"));
            let device = ImportTotpDevice {
                user_id: user_id.clone(),
                device_name: None,
                secret_key: Secret::from(SECRET),
                skew: 1,
                period: PERIOD_SECS,
            };
            auth.core().call(&TenantId::default(), device).await?;
            let (auth, code) = (auth.clone(), Secret::from(code.as_str()));
            entries.push(Box::new(move || verify(auth, user_id, code)) as Entry);
        }
        Ok(entries)
    })
}

fn verify(
    auth: Auth,
    user_id: UserId,
    code: Secret,
) -> BoxFuture<'static, auth_core::Result<bool>> {
    Box::pin(async move {
        let answer = auth.totp()?.verify_totp(VerifyTotpInput::new(user_id, code)).await?;
        Ok(answer == VerifyTotpResponse::Ok)
    })
}
