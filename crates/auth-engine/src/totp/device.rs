//! The rows of the devices.

use auth_protocol::{AppId, Secret, TenantScope, UserId, audit::AuditKind};
use totp_rs::{Builder, Totp};

use crate::{
    Engine, EngineError,
    audit::Event,
    storage::{Row, Tx, in_tx, params},
    tenancy::require_app,
};

const LONGEST_NAME: usize = 256;
/// A secret of 160 bytes, in Base32, fills the column.
pub(super) const LONGEST_SECRET: usize = 256;
/// RFC 4226, section 4, demands 128 bits; authenticators that came before used 80.
const SHORTEST_SECRET_BYTES: usize = 10;
const LONGEST_PERIOD_SECS: u32 = 24 * 60 * 60;
/// Each period of skew costs two more hashes for every code that is tried.
const LARGEST_SKEW: u32 = 100;

const LIST: &str = "SELECT device_name, secret_key, period, skew, verified FROM totp_user_devices \
    WHERE app_id = $1 AND user_id = $2 ORDER BY created_at, device_name";

/// A device that was verified stays; one that wasn't makes room.
const PUT: &str = "INSERT INTO totp_user_devices (app_id, user_id, device_name, secret_key, \
    period, skew, verified, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
    ON CONFLICT (app_id, user_id, device_name) DO UPDATE SET secret_key = excluded.secret_key, \
    period = excluded.period, skew = excluded.skew, verified = excluded.verified, \
    created_at = excluded.created_at WHERE totp_user_devices.verified = FALSE";

/// The time steps of a device that is gone mean nothing for the next one of its name.
const FORGET_STEPS: &str = "UPDATE second_factor_attempts SET device_name = NULL, \
    time_step = NULL WHERE app_id = $1 AND user_id = $2 AND device_name = $3";

/// A device with its secret.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) name: String,
    pub(super) secret: Secret,
    pub(super) period_secs: i64,
    pub(super) skew: i64,
    pub(super) verified: bool,
}

impl Device {
    fn from_row(row: &Row) -> Result<Self, EngineError> {
        Ok(Self {
            name: row.get("device_name")?,
            secret: row.get("secret_key")?,
            period_secs: row.get("period")?,
            skew: row.get("skew")?,
            verified: row.get("verified")?,
        })
    }

    /// How long a code may be used, in milliseconds.
    pub(super) fn code_lifetime_ms(&self) -> i64 {
        self.period_secs.saturating_mul(2 * self.skew + 1).saturating_mul(1000)
    }

    /// The time step for which a code is right, if there is one.
    pub(super) fn matching_step(&self, code: &Secret, now_ms: i64) -> Option<i64> {
        let now_secs = u64::try_from(now_ms / 1000).ok()?;
        let step = self.generator()?.check(code.expose_secret(), now_secs)?;
        i64::try_from(step).ok()
    }

    fn generator(&self) -> Option<Totp> {
        let secret = totp_rs::Secret::try_from_base32(self.secret.expose_secret()).ok()?;
        let period = u64::try_from(self.period_secs).ok().filter(|period| *period > 0)?;
        let skew = u16::try_from(self.skew).ok()?;
        // Not checked again: a secret that was imported may be shorter than RFC 4226 demands.
        let builder = Builder::new().with_secret(secret).with_step_duration(period);
        Some(builder.with_skew(skew).build_noncompliant())
    }
}

/// A device about to be stored.
#[derive(Clone, Debug)]
pub(super) struct NewDevice {
    /// `None` for `TOTP Device <n>`.
    pub(super) name: Option<String>,
    pub(super) secret: Secret,
    pub(super) period_secs: u32,
    pub(super) skew: u32,
    pub(super) verified: bool,
    pub(super) created_at_ms: i64,
}

impl NewDevice {
    /// Refuses what the columns or the processor can't take.
    fn check(&self, user: &UserId) -> Result<(), EngineError> {
        not_empty("userId", user.as_str())?;
        if let Some(name) = &self.name {
            check_name("deviceName", name)?;
        }
        check_secret(&self.secret)?;
        if self.skew > LARGEST_SKEW {
            return bad_request("skew must be >= 0 and at most 100");
        }
        match self.period_secs {
            0 => bad_request("period must be > 0"),
            1..=LONGEST_PERIOD_SECS => Ok(()),
            _ => bad_request("period must be > 0 and at most 86400"),
        }
    }

    /// Adds the device to a user's and gives its name; `None` where a verified one has it.
    pub(super) async fn add(
        self,
        engine: &Engine,
        scope: &TenantScope,
        user: UserId,
    ) -> Result<Option<String>, EngineError> {
        self.check(&user)?;
        let (device, audit) = (self, engine.audit());
        let body = in_tx!(scope, user, device, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let name = device.store(tx, &scope.app, &user).await?;
            if let Some(name) = &name {
                let event = Event::succeeded(AuditKind::TotpDeviceCreated).user(&user);
                let event = event.fact("verified", &device.verified).detail("device", name);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(name)
        });
        engine.store().write(body).await
    }

    async fn store(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
    ) -> Result<Option<String>, EngineError> {
        if let Some(name) = &self.name {
            return Ok(self.put(tx, app, user, name).await?.then(|| name.clone()));
        }
        let devices = list(tx, app, user).await?;
        let mut number = devices.iter().filter(|device| device.verified).count();
        loop {
            let name = format!("TOTP Device {number}");
            if self.put(tx, app, user, &name).await? {
                return Ok(Some(name));
            }
            number += 1;
        }
    }

    async fn put(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
        name: &str,
    ) -> Result<bool, EngineError> {
        let (period, skew) = (i64::from(self.period_secs), i64::from(self.skew));
        let parameters =
            params![app, user, name, self.secret, period, skew, self.verified, self.created_at_ms,];
        if tx.execute(PUT, parameters).await? == 0 {
            return Ok(false);
        }
        forget_steps(tx, app, user, name).await?;
        Ok(true)
    }
}

/// A user's devices, oldest first.
pub(super) async fn list(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
) -> Result<Vec<Device>, EngineError> {
    tx.query(LIST, params![app, user]).await?.iter().map(Device::from_row).collect()
}

/// Lets go of the time steps that a device was used for.
pub(super) async fn forget_steps(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    name: &str,
) -> Result<(), EngineError> {
    tx.execute(FORGET_STEPS, params![app, user, name]).await?;
    Ok(())
}

/// Refuses an empty text, in the words that the reference has for it here.
pub(super) fn not_empty(field: &str, text: &str) -> Result<(), EngineError> {
    match text.is_empty() {
        true => bad_request(&format!("{field} cannot be empty")),
        false => Ok(()),
    }
}

/// Refuses a name that the column can't take.
pub(super) fn check_name(field: &str, name: &str) -> Result<(), EngineError> {
    not_empty(field, name)?;
    if name.chars().count() > LONGEST_NAME {
        return bad_request(&format!("{field} cannot be longer than {LONGEST_NAME} characters"));
    }
    Ok(())
}

fn check_secret(secret: &Secret) -> Result<(), EngineError> {
    let text = secret.expose_secret();
    not_empty("secretKey", text)?;
    let bytes = totp_rs::Secret::try_from_base32(text).ok();
    let is_usable = text.len() <= LONGEST_SECRET
        && bytes.is_some_and(|bytes| bytes.as_bytes().len() >= SHORTEST_SECRET_BYTES);
    if is_usable {
        return Ok(());
    }
    bad_request("secretKey must be 16 to 256 characters of Base32")
}

fn bad_request<T>(text: &str) -> Result<T, EngineError> {
    Err(EngineError::BadRequest(text.to_owned()))
}
