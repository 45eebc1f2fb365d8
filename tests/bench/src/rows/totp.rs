//! Codes of authenticator apps, on a durable SQLite file.

use std::{sync::Arc, thread, time::Instant};

use auth_core::{
    AppInfo, Auth,
    core::EngineConfig,
    protocol::{Secret, TenantId, UserId, totp::ImportTotpDevice, totp::VerifyTotpResponse},
    recipes::{multifactorauth::MultiFactorAuthRecipe, session::SessionRecipe, totp::TotpRecipe},
};

use super::{TURNS, median};
use crate::{Outcome, report::Row};

pub(crate) const TOTP: &str = "TOTP verifications";

/// `12345678901234567890`, the secret of RFC 6238's vectors.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// A day, so that one code is right during the whole measurement.
const PERIOD_SECS: u32 = 24 * 60 * 60;
const CALLERS: usize = 32;
const USERS_OF_A_TURN: usize = 2_048;

/// Each user enters one right code, as a code is right once.
pub(crate) fn totp() -> Outcome<Row> {
    let threads = thread::available_parallelism()?.get();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let rates = runtime.block_on(measure())?;
    Ok(Row {
        name: TOTP.into(),
        unit: "/s",
        measured: median(rates),
        budget: 2_000.0,
        at_least: true,
        note: format!("in process, {CALLERS} at once, each code stored durably as used"),
    })
}

async fn measure() -> Outcome<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let auth = Auth::builder(AppInfo::new("bench", "http://localhost", "http://localhost"))
        .core(EngineConfig::sqlite_file(folder.path().join("bench.db")))
        .recipe(SessionRecipe::new())
        .recipe(MultiFactorAuthRecipe::new())
        .recipe(TotpRecipe::new())
        .build()
        .await?;
    let totp = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(SECRET)?)
        .with_step_duration(u64::from(PERIOD_SECS))
        .build()?;
    let now_secs = auth.core().now_ms().unsigned_abs() / 1000;
    let code = Arc::new(totp.generate(now_secs).to_string());
    let mut rates = Vec::new();
    for turn in 0..TURNS {
        let users: Vec<UserId> =
            (0..USERS_OF_A_TURN).map(|user| UserId::new(format!("{turn}-{user}"))).collect();
        for user_id in &users {
            let device = ImportTotpDevice {
                user_id: user_id.clone(),
                device_name: None,
                secret_key: Secret::from(SECRET),
                skew: 1,
                period: PERIOD_SECS,
            };
            auth.core().call(&TenantId::default(), device).await?;
        }
        let start = Instant::now();
        let callers = users.chunks(USERS_OF_A_TURN / CALLERS).map(|users| {
            let (auth, code, users) = (auth.clone(), Arc::clone(&code), users.to_vec());
            tokio::spawn(async move {
                let functions = auth.totp()?;
                for user_id in users {
                    let code = Secret::from(code.as_str());
                    let answer =
                        functions.verify_totp(&TenantId::default(), &user_id, code).await?;
                    if answer != VerifyTotpResponse::Ok {
                        return Err(auth_core::Error::other(format!("{answer:?}")));
                    }
                }
                Ok(())
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await??;
        }
        let count = f64::from(u32::try_from(USERS_OF_A_TURN)?);
        rates.push(count / start.elapsed().as_secs_f64());
    }
    auth.shutdown().await;
    Ok(rates)
}
