//! The recipe in use.

use std::{collections::HashSet, sync::Arc, time::Duration};

use auth_protocol::TenantId;
use http::Method;

use super::policy::Policy;
use super::{
    ID, PasskeyEmailValidator, RecoverAccountEmail, WebAuthnApi, WebAuthnApis, WebAuthnFunctions,
    api, functions, site::Site,
};
use crate::{
    Context, Recipe, RequiredRecipe, Result, Route, delivery::EmailSender,
    email_address::length_problem, factors::Factors, overrides::Overrides,
};

/// The settings after their checks.
pub(super) struct Settings {
    pub(super) site: Site,
    pub(super) policy: Policy,
    pub(super) email_validator: Arc<dyn PasskeyEmailValidator>,
    pub(super) email_delivery: EmailSender,
    /// Whether addresses are told that a login method has another one now.
    pub(super) mails_address_changes: bool,
    pub(super) ends_sessions_on_recovery: bool,
    pub(super) recovery_link_lifetime: Option<Duration>,
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

    /// How long a recovery link works, for the mail.
    pub(super) async fn recovery_link_lifetime(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
    ) -> Duration {
        let lifetime = match self.settings.recovery_link_lifetime {
            Some(lifetime) => Some(lifetime),
            None => cx.core().passkey_recovery_token_lifetime(tenant_id).await,
        };
        lifetime.unwrap_or(RecoverAccountEmail::USUAL_LIFETIME)
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
            (
                Api::GenerateRecoverAccountTokenPost,
                Route::new(
                    "generateRecoverAccountTokenPOST",
                    post(),
                    "/user/webauthn/reset/token",
                    api::generate_recovery_token::route,
                ),
            ),
            (
                Api::RecoverAccountPost,
                Route::new(
                    "recoverAccountPOST",
                    post(),
                    "/user/webauthn/reset",
                    api::recover::route,
                ),
            ),
            (
                Api::EmailExistsGet,
                Route::new(
                    "emailExistsGET",
                    Method::GET,
                    "/webauthn/email/exists",
                    api::email_exists::route,
                ),
            ),
            (
                Api::RegisterCredentialPost,
                Route::new(
                    "registerCredentialPOST",
                    post(),
                    "/webauthn/credential",
                    api::register_credential::route,
                ),
            ),
            (
                Api::ListCredentialsGet,
                Route::new(
                    "listCredentialsGET",
                    Method::GET,
                    "/webauthn/credential/list",
                    api::list_credentials::route,
                ),
            ),
            (
                Api::RemoveCredentialPost,
                Route::new(
                    "removeCredentialPOST",
                    post(),
                    "/webauthn/credential/remove",
                    api::remove_credential::route,
                ),
            ),
        ];
        routes
            .into_iter()
            .chain(api::extensions::routes())
            .filter(|(api, _)| !self.settings.disabled.contains(api))
            .map(|(_, route)| route)
            .chain(api::extensions::related_origins::route_of(&self.settings.policy))
            .collect()
    }
}
