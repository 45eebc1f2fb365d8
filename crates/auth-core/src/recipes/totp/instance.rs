//! The recipe in use.

use std::collections::HashSet;

use http::Method;

use super::{ID, TotpApi, TotpApis, TotpFunctions, api};
use crate::{Context, Recipe, RequiredRecipe, Result, Route, factors::Factors};

/// The settings after their checks.
pub(super) struct Settings {
    pub(super) issuer: String,
    pub(super) default_skew: u32,
    pub(super) default_period_secs: u32,
    pub(super) qr_code_svg: bool,
}

/// The recipe in use, made of [`super::TotpRecipe`].
pub struct TotpInstance {
    pub(super) settings: Settings,
    functions: TotpFunctions,
    pub(super) apis: TotpApis,
    disabled: HashSet<TotpApi>,
}

impl TotpInstance {
    pub(super) fn new(
        settings: Settings,
        functions: TotpFunctions,
        apis: TotpApis,
        disabled: HashSet<TotpApi>,
    ) -> Self {
        Self { settings, functions, apis, disabled }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &TotpFunctions {
        &self.functions
    }
}

impl Recipe for TotpInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION, RequiredRecipe::MULTI_FACTOR_AUTH]
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }

    fn routes(&self) -> Vec<Route> {
        use TotpApi as Api;
        let post = Method::POST;
        let routes = [
            (
                Api::CreateDevicePost,
                Route::new("createDevicePOST", post.clone(), "/totp/device", api::create::route),
            ),
            (
                Api::ListDevicesGet,
                Route::new("listDevicesGET", Method::GET, "/totp/device/list", api::list::route),
            ),
            (
                Api::RemoveDevicePost,
                Route::new(
                    "removeDevicePOST",
                    post.clone(),
                    "/totp/device/remove",
                    api::remove::route,
                ),
            ),
            (
                Api::VerifyDevicePost,
                Route::new(
                    "verifyDevicePOST",
                    post.clone(),
                    "/totp/device/verify",
                    api::verify_device::route,
                ),
            ),
            (
                Api::VerifyTotpPost,
                Route::new("verifyTOTPPOST", post, "/totp/verify", api::verify::route),
            ),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
