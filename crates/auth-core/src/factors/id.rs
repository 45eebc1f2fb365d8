//! The names of factors.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// A factor: a way in which somebody shows who they are (FDI §6.1). The constants are the names that
/// front ends know; a recipe may have others:
///
/// ```
/// use auth_core::factors::FactorId;
///
/// const HARDWARE_KEY: FactorId = FactorId::from_static("hardware-key");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactorId(Cow<'static, str>);

impl FactorId {
    /// An email address and a password.
    pub const EMAIL_PASSWORD: Self = Self(Cow::Borrowed("emailpassword"));
    /// A passkey.
    pub const WEBAUTHN: Self = Self(Cow::Borrowed("webauthn"));
    /// A one-time code by email.
    pub const OTP_EMAIL: Self = Self(Cow::Borrowed("otp-email"));
    /// A one-time code by SMS.
    pub const OTP_PHONE: Self = Self(Cow::Borrowed("otp-phone"));
    /// A link by email.
    pub const LINK_EMAIL: Self = Self(Cow::Borrowed("link-email"));
    /// A link by SMS.
    pub const LINK_PHONE: Self = Self(Cow::Borrowed("link-phone"));
    /// An account at a third party.
    pub const THIRD_PARTY: Self = Self(Cow::Borrowed("thirdparty"));
    /// A code of an authenticator app.
    pub const TOTP: Self = Self(Cow::Borrowed("totp"));
    /// A recovery code (an extension).
    pub const RECOVERY_CODE: Self = Self(Cow::Borrowed("recovery-code"));

    /// Those that are of the reference's own recipes (FDI §6.1): a sign-in starts with one of them only
    /// where a recipe offers it. Any other may be the application's own.
    pub(crate) const BUILT_IN: [Self; 8] = [
        Self::EMAIL_PASSWORD,
        Self::WEBAUTHN,
        Self::OTP_EMAIL,
        Self::OTP_PHONE,
        Self::LINK_EMAIL,
        Self::LINK_PHONE,
        Self::THIRD_PARTY,
        Self::TOTP,
    ];

    /// A factor by its name, for a constant.
    pub const fn from_static(id: &'static str) -> Self {
        Self(Cow::Borrowed(id))
    }

    /// A factor by its name.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Self {
        Self(id.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for FactorId {
    fn from(id: &'static str) -> Self {
        Self::new(id)
    }
}

impl From<String> for FactorId {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

impl fmt::Display for FactorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
