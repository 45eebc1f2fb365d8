//! What an application sets.

use std::collections::HashSet;

use super::{
    TotpApis, TotpApisOverride, TotpFunctions, TotpInstance, TotpOverride, api, functions,
    instance::Settings,
};
use crate::{
    ConfigError, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
};

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TotpApi {
    /// `createDevicePOST`: `POST /totp/device`.
    CreateDevicePost,
    /// `listDevicesGET`: `GET /totp/device/list`.
    ListDevicesGet,
    /// `removeDevicePOST`: `POST /totp/device/remove`.
    RemoveDevicePost,
    /// `verifyDevicePOST`: `POST /totp/device/verify`.
    VerifyDevicePost,
    /// `verifyTOTPPOST`: `POST /totp/verify`.
    VerifyTotpPost,
}

/// The recipe's settings.
#[must_use]
pub struct TotpRecipe {
    issuer: Option<String>,
    default_skew: u32,
    default_period_secs: u32,
    qr_code_svg: bool,
    overrides: Overrides<TotpFunctions>,
    api_overrides: Overrides<TotpApis>,
    disabled: HashSet<TotpApi>,
}

impl Default for TotpRecipe {
    fn default() -> Self {
        Self {
            issuer: None,
            default_skew: 1,
            default_period_secs: 30,
            qr_code_svg: false,
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl TotpRecipe {
    /// The recipe with its defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The name under which authenticator apps show the account; the application's name by
    /// default. A `:` in it becomes a blank, because authenticator apps end the name there.
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// How many periods a code may be early or late; 1 by default, 100 at most.
    pub fn default_skew(mut self, skew: u32) -> Self {
        self.default_skew = skew;
        self
    }

    /// How long each code is shown, in seconds; 30 by default, and what every authenticator app
    /// understands.
    pub fn default_period_secs(mut self, period: u32) -> Self {
        self.default_period_secs = period;
        self
    }

    /// Whether a new device is answered with its QR code as a picture too (`qrCodeSvg`, an
    /// extension), for front ends that draw none; `false` by default.
    pub fn qr_code_svg(mut self, send: bool) -> Self {
        self.qr_code_svg = send;
        self
    }
}

override_methods!(TotpRecipe: TotpOverride, TotpApisOverride, TotpApi);

impl RecipeConfig for TotpRecipe {
    type Recipe = TotpInstance;

    fn build(self, setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        let out_of_range = |field: &str, found: u32, expected: &str| {
            Err(ConfigError::new(format!("totp.{field}"), format!("it is {found}"), expected))
        };
        if !(1..=86_400).contains(&self.default_period_secs) {
            return out_of_range("default_period_secs", self.default_period_secs, "1 to 86400");
        }
        if self.default_skew > 100 {
            return out_of_range("default_skew", self.default_skew, "0 to 100");
        }
        let is_text = |text: &String| {
            text.chars().any(|c| c != ':' && !c.is_whitespace())
                && !text.chars().any(char::is_control)
        };
        if !self.issuer.as_ref().is_none_or(is_text) {
            let problem = "it is empty or holds control characters";
            let expected = "the name under which authenticator apps show the account";
            return Err(ConfigError::new("totp.issuer", problem, expected));
        }
        let settings = Settings {
            issuer: self.issuer.unwrap_or_else(|| setup.app_info.app_name.clone()),
            default_skew: self.default_skew,
            default_period_secs: self.default_period_secs,
            qr_code_svg: self.qr_code_svg,
        };
        Ok(TotpInstance::new(
            settings,
            functions::with_overrides(self.overrides),
            api::with_overrides(self.api_overrides),
            self.disabled,
        ))
    }
}
