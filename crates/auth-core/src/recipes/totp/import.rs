//! Devices that were set up elsewhere.

use auth_protocol::{Secret, UserId};

/// A device that a user has in an authenticator app already, set up with another system (CDI:
/// `POST /recipe/totp/device/import`; the reference's SDKs have no function for it).
///
/// ```
/// # use auth_core::{Auth, Result, protocol::{UserId, totp::ImportTotpDeviceResponse}};
/// use auth_core::recipes::totp::ImportDevice;
///
/// # async fn import(auth: &Auth, user_id: UserId) -> Result<()> {
/// let device = ImportDevice::new(user_id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").device_name("phone");
/// let imported = auth.totp()?.import_device(device).await?;
/// assert!(matches!(imported, ImportTotpDeviceResponse::Ok { .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ImportDevice {
    /// The user.
    pub user_id: UserId,
    /// The secret, in Base32 (RFC 4648).
    pub secret: Secret,
    /// The device's name; `TOTP Device <n>` where it is absent.
    pub device_name: Option<String>,
    /// How many periods a code may be early or late; the recipe's setting where it is absent.
    pub skew: Option<u32>,
    /// How long each code is shown, in seconds; the recipe's setting where it is absent.
    pub period_secs: Option<u32>,
}

impl ImportDevice {
    /// A device of a user, by the recipe's settings.
    pub fn new(user_id: UserId, secret: impl Into<Secret>) -> Self {
        Self { user_id, secret: secret.into(), device_name: None, skew: None, period_secs: None }
    }

    /// Names the device.
    #[must_use]
    pub fn device_name(mut self, name: impl Into<String>) -> Self {
        self.device_name = Some(name.into());
        self
    }

    /// Sets how many periods a code may be early or late.
    #[must_use]
    pub fn skew(mut self, periods: u32) -> Self {
        self.skew = Some(periods);
        self
    }

    /// Sets how long each code is shown, in seconds.
    #[must_use]
    pub fn period_secs(mut self, secs: u32) -> Self {
        self.period_secs = Some(secs);
        self
    }
}
