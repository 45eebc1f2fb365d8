//! How many codes a user may try.
//!
//! TOTP, recovery codes and one-time codes within a user's sessions count together. The wrong ones
//! in a row are counted by the rows of `second_factor_attempts`, whose numbers are keys: of two
//! processes that come to the same number, one writes it and the other looks again.

use std::time::Duration;

use auth_protocol::{TenantScope, UserId, audit::AuditKind};

use crate::{
    Engine, EngineError,
    audit::Event,
    clock::saturating_ms,
    jobs::ExpiryJob,
    parts::{Goes, Part, user_table},
    storage::{Migration, Tx, params},
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 4,
        name: "one-time passwords and recovery codes",
        // Of several parts, from before there were any.
        sql: include_str!("storage/migrations/0004_second_factors.sql"),
    }],
    // Codes that were tried lately, numbered; the keys decide races.
    tables: &[user_table!("second_factor_attempts", "user_id", Goes::ChosenId).in_tenants()],
    jobs: &[ExpiryJob {
        name: "expired second factor attempts",
        every: Duration::from_secs(60 * 60),
        before_ms: |engine| {
            // Until the cool-down of their tenant is over they count, and it isn't known here which
            // tenant that is.
            let of_tenants = engine
                .registry
                .longest(&engine.home_config, |config| config.totp_rate_limit_cooldown);
            let longest = of_tenants.max(engine.config.totp_rate_limit_cooldown);
            engine.clock.now_ms().saturating_sub(saturating_ms(longest))
        },
        sql: "DELETE FROM second_factor_attempts WHERE (app_id, tenant_id, user_id, attempt) IN \
            (SELECT app_id, tenant_id, user_id, attempt FROM second_factor_attempts \
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
    }],
    ..Part::EMPTY
};

const LATEST: &str = "SELECT attempt, is_valid, created_at FROM second_factor_attempts \
    WHERE app_id = $1 AND tenant_id = $2 AND user_id = $3 ORDER BY attempt DESC LIMIT $4";

const RECORD: &str = "INSERT INTO second_factor_attempts (app_id, tenant_id, user_id, attempt, \
    is_valid, device_name, time_step, created_at, expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";

const FORGET: &str = "DELETE FROM second_factor_attempts WHERE app_id = $1 AND tenant_id = $2 \
    AND user_id = $3 AND attempt = $4";

/// What limits a user's attempts, at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptLimit {
    most: u32,
    cooldown_ms: i64,
    now_ms: i64,
}

/// Where a user stands before an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The attempt may be made.
    Open {
        /// Its number.
        attempt: i64,
        /// How many wrong ones in a row came before.
        failed: u32,
    },
    /// Too many were wrong.
    Closed {
        /// Until when, in milliseconds from now.
        retry_after_ms: i64,
    },
}

/// An attempt that was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    /// Its number.
    pub(crate) number: i64,
    /// Whether it was right.
    pub(crate) is_valid: bool,
    /// The device and the time step of a TOTP code that was right.
    pub(crate) used_step: Option<(&'a str, i64)>,
    /// From when on it is of no use but for the count, in milliseconds since the epoch.
    pub(crate) expires_at_ms: i64,
}

impl AttemptLimit {
    pub(crate) fn of(engine: &Engine) -> Self {
        let config = engine.config();
        Self {
            most: config.totp_max_attempts,
            cooldown_ms: saturating_ms(config.totp_rate_limit_cooldown),
            now_ms: engine.clock().now_ms(),
        }
    }

    /// How many codes in a row may be wrong.
    pub(crate) fn most(&self) -> u32 {
        self.most
    }

    /// What is written down of a wrong code, the `failed`th in a row.
    pub(crate) fn wrong(&self, kind: AuditKind, failed: u32) -> Event {
        let event = Event::failed(kind).fact("in_a_row", &failed);
        if failed >= self.most { event.fact("limit_reached", &true) } else { event }
    }

    /// The time of the attempt, in milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Whether a user may try, and as which attempt.
    pub(crate) async fn standing(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        user: &UserId,
    ) -> Result<Standing, EngineError> {
        let most = i64::from(self.most);
        let rows = tx.query(LATEST, params![scope.app, scope.tenant, user, most]).await?;
        let mut latest: Option<(i64, i64)> = None;
        let (mut is_streak, mut in_streak, mut failed) = (true, 0, 0);
        for row in &rows {
            let (number, is_valid, created_ms): (i64, bool, i64) =
                (row.get("attempt")?, row.get("is_valid")?, row.get("created_at")?);
            let (_, newest_ms) = *latest.get_or_insert((number, created_ms));
            is_streak &= !is_valid;
            if is_streak && created_ms > newest_ms.saturating_sub(self.cooldown_ms) {
                in_streak += 1;
            }
            if is_streak && created_ms > self.now_ms.saturating_sub(self.cooldown_ms) {
                failed += 1;
            }
        }
        let Some((number, newest_ms)) = latest else {
            return Ok(Standing::Open { attempt: 1, failed: 0 });
        };
        let since_ms = self.now_ms.saturating_sub(newest_ms);
        if in_streak >= self.most && since_ms < self.cooldown_ms {
            return Ok(Standing::Closed { retry_after_ms: self.cooldown_ms - since_ms });
        }
        // A clock that was set back must not leave the count at the limit, without a wait.
        Ok(Standing::Open { attempt: number.saturating_add(1), failed: failed.min(self.most - 1) })
    }

    /// Writes an attempt down; false where another one has its number, or its code was used
    /// before. Then the user's standing is to be looked at again.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        user: &UserId,
        attempt: Attempt<'_>,
    ) -> Result<bool, EngineError> {
        let Attempt { number, is_valid, used_step, expires_at_ms } = attempt;
        let (device, step) = used_step.unzip();
        let parameters = params![
            scope.app,
            scope.tenant,
            user,
            number,
            is_valid,
            device,
            step,
            self.now_ms,
            expires_at_ms,
        ];
        Ok(tx.execute(RECORD, parameters).await? == 1)
    }

    /// Takes an attempt that was written down back.
    pub(crate) async fn forget(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        user: &UserId,
        number: i64,
    ) -> Result<(), EngineError> {
        tx.execute(FORGET, params![scope.app, scope.tenant, user, number]).await?;
        Ok(())
    }
}
