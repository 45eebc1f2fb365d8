//! The recipe in use.

use std::{collections::HashSet, time::Duration};

use auth_protocol::TenantId;
use http::Method;
use serde_json::Value;

use super::{
    EmailPasswordApi, EmailPasswordApis, EmailPasswordFunctions, ID, PasswordResetEmail, api,
    config::Field,
    fields::{EMAIL, PASSWORD},
    functions,
};
use crate::{
    Context, Recipe, RequiredRecipe, Result, Route, delivery::EmailSender, factors::Factors,
    overrides::Overrides,
};

/// The fields of each form.
pub(super) struct Forms {
    pub(super) sign_up: Vec<Field>,
    pub(super) sign_in: Vec<Field>,
    pub(super) generate_reset_token: Vec<Field>,
    pub(super) password_reset: Vec<Field>,
}

impl Forms {
    pub(super) fn new(sign_up: Vec<Field>) -> Self {
        let only = |id: &str| sign_up.iter().filter(|field| field.id == id).cloned().collect();
        let sign_in = sign_up
            .iter()
            .filter_map(|field| match field.id.as_str() {
                EMAIL => Some(field.clone()),
                PASSWORD => Some(field.without_rules()),
                _ => None,
            })
            .collect();
        Self { sign_in, generate_reset_token: only(EMAIL), password_reset: only(PASSWORD), sign_up }
    }
}

/// The recipe in use, made of [`super::EmailPasswordRecipe`].
pub struct EmailPasswordInstance {
    pub(super) forms: Forms,
    pub(super) functions: EmailPasswordFunctions,
    pub(super) apis: EmailPasswordApis,
    pub(super) email_delivery: EmailSender,
    pub(super) ends_sessions_on_password_change: bool,
    disabled: HashSet<EmailPasswordApi>,
    reset_link_lifetime: Option<Duration>,
}

impl EmailPasswordInstance {
    pub(super) fn new(
        forms: Forms,
        ends_sessions_on_password_change: bool,
        disabled: HashSet<EmailPasswordApi>,
        reset_link_lifetime: Option<Duration>,
        email_delivery: EmailSender,
        overrides: Overrides<EmailPasswordFunctions>,
        api_overrides: Overrides<EmailPasswordApis>,
    ) -> Self {
        Self {
            forms,
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            email_delivery,
            ends_sessions_on_password_change,
            disabled,
            reset_link_lifetime,
        }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &EmailPasswordFunctions {
        &self.functions
    }

    /// How long a reset link works, for the mail.
    pub(super) fn reset_link_lifetime(&self, cx: &Context) -> Duration {
        self.reset_link_lifetime
            .or_else(|| cx.core().password_reset_token_lifetime())
            .unwrap_or(PasswordResetEmail::USUAL_LIFETIME)
    }

    /// Why the application's password policy refuses the password; `None` where it doesn't.
    pub(super) async fn password_policy_problem(
        &self,
        cx: &Context,
        password: &str,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        match self.forms.password_reset.first() {
            Some(field) => field.validator.validate(cx, &Value::from(password), tenant_id).await,
            None => Ok(None),
        }
    }
}

impl Recipe for EmailPasswordInstance {
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
        use EmailPasswordApi as Api;
        let routes = [
            (
                Api::SignUpPost,
                Route::new("signUpPOST", Method::POST, "/signup", api::sign_up::route),
            ),
            (
                Api::SignInPost,
                Route::new("signInPOST", Method::POST, "/signin", api::sign_in::route),
            ),
            (
                Api::GeneratePasswordResetTokenPost,
                Route::new(
                    "generatePasswordResetTokenPOST",
                    Method::POST,
                    "/user/password/reset/token",
                    api::generate_reset_token::route,
                ),
            ),
            (
                Api::PasswordResetPost,
                Route::new(
                    "passwordResetPOST",
                    Method::POST,
                    "/user/password/reset",
                    api::password_reset::route,
                ),
            ),
            (
                Api::EmailExistsGet,
                Route::new(
                    "emailExistsGET",
                    Method::GET,
                    "/emailpassword/email/exists",
                    api::email_exists::route,
                ),
            ),
            // The path of front ends before FDI 2.
            (
                Api::EmailExistsGet,
                Route::new(
                    "emailExistsGET",
                    Method::GET,
                    "/signup/email/exists",
                    api::email_exists::route,
                ),
            ),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
