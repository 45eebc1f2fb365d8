//! The recipe in use.

use std::{collections::HashSet, sync::Arc};

use auth_protocol::TenantId;
use http::Method;

use super::{
    ID, PasskeyEmailValidator, WebAuthnApi, WebAuthnApis, WebAuthnFunctions, api, functions,
    site::Site,
};
use crate::{
    Context, Recipe, RequiredRecipe, Result, Route, delivery::EmailSender,
    email_address::length_problem, factors::Factors, overrides::Overrides,
};

/// The settings after their checks.
pub(super) struct Settings {
    pub(super) site: Site,
    pub(super) email_validator: Arc<dyn PasskeyEmailValidator>,
    pub(super) email_delivery: EmailSender,
    /// Whether addresses are told that a login method has another one now.
    pub(super) mails_address_changes: bool,
    pub(super) disabled: HashSet<WebAuthnApi>,
}

/// The recipe in use, made of [`super::WebAuthnRecipe`].
pub struct WebAuthnInstance {
    pub(super) functions: WebAuthnFunctions,
    pub(super) apis: WebAuthnApis,
    pub(super) settings: Settings,
}

impl WebAuthnInstance {
    pub(super) fn new(
        settings: Settings,
        overrides: Overrides<WebAuthnFunctions>,
        api_overrides: Overrides<WebAuthnApis>,
    ) -> Self {
        Self {
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            settings,
        }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &WebAuthnFunctions {
        &self.functions
    }

    /// Why an address is refused; `None` where it isn't.
    pub(super) async fn email_problem(
        &self,
        cx: &Context,
        email: &str,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let problem = self.settings.email_validator.validate(cx, email, tenant_id).await?;
        Ok(problem.or_else(|| length_problem(email).map(str::to_owned)))
    }
}

impl Recipe for WebAuthnInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION]
    }

    fn factors(&self) -> Option<&dyn Factors> {
        Some(self)
    }

    fn routes(&self) -> Vec<Route> {
        use WebAuthnApi as Api;
        let post = || Method::POST;
        let routes = [
            (
                Api::RegisterOptionsPost,
                Route::new(
                    "registerOptionsPOST",
                    post(),
                    "/webauthn/options/register",
                    api::register_options::route,
                ),
            ),
            (
                Api::SignInOptionsPost,
                Route::new(
                    "signInOptionsPOST",
                    post(),
                    "/webauthn/options/signin",
                    api::sign_in_options::route,
                ),
            ),
            (
                Api::SignUpPost,
                Route::new("signUpPOST", post(), "/webauthn/signup", api::sign_up::route),
            ),
            (
                Api::SignInPost,
                Route::new("signInPOST", post(), "/webauthn/signin", api::sign_in::route),
            ),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.settings.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
