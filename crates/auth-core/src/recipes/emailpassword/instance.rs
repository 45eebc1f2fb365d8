//! The recipe in use.

use std::{collections::HashSet, time::Duration};

use auth_protocol::{
    Secret, TenantId,
    emailpassword::{CheckPasswordResetToken, ConsumePasswordResetTokenResponse},
};
use http::Method;
use serde_json::Value;

use super::{
    BreachCheck, EmailPasswordApi, EmailPasswordApis, EmailPasswordFunctions, ID,
    PasswordResetEmail, api,
    config::Field,
    fields::{EMAIL, PASSWORD},
    functions,
};
use crate::{
    Context, Error, FormFieldError, Recipe, RequiredRecipe, Result, Route, delivery::EmailSender,
    factors::Factors, overrides::Overrides,
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

/// The settings after their checks.
pub(super) struct Settings {
    pub(super) email_delivery: EmailSender,
    pub(super) ends_sessions_on_password_change: bool,
    /// Whether owners are told of new passwords.
    pub(super) mails_changes: bool,
    /// Whether addresses are told that a login method has another one now.
    pub(super) mails_address_changes: bool,
    pub(super) disabled: HashSet<EmailPasswordApi>,
    pub(super) reset_link_lifetime: Option<Duration>,
}

/// The recipe in use, made of [`super::EmailPasswordRecipe`].
pub struct EmailPasswordInstance {
    pub(super) forms: Forms,
    pub(super) breach_check: Option<BreachCheck>,
    pub(super) functions: EmailPasswordFunctions,
    pub(super) apis: EmailPasswordApis,
    pub(super) settings: Settings,
}

impl EmailPasswordInstance {
    pub(super) fn new(
        forms: Forms,
        breach_check: Option<BreachCheck>,
        settings: Settings,
        overrides: Overrides<EmailPasswordFunctions>,
        api_overrides: Overrides<EmailPasswordApis>,
    ) -> Self {
        Self {
            forms,
            breach_check,
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            settings,
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
    pub(super) async fn reset_link_lifetime(&self, cx: &Context, tenant_id: &TenantId) -> Duration {
        let lifetime = match self.settings.reset_link_lifetime {
            Some(lifetime) => Some(lifetime),
            None => cx.core().password_reset_token_lifetime(tenant_id).await,
        };
        lifetime.unwrap_or(PasswordResetEmail::USUAL_LIFETIME)
    }

    /// Why a new password is refused, by the application's policy or because it is known from a breach;
    /// `None` where it isn't. The address is that of the user, where it is known.
    pub(super) async fn password_policy_problem(
        &self,
        cx: &Context,
        password: &Secret,
        email: Option<&str>,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let problem = self.rule_problem(cx, password, email, tenant_id).await?;
        match problem {
            Some(problem) => Ok(Some(problem)),
            None => Ok(self.breach_problem(cx, password).await.map(str::to_owned)),
        }
    }

    async fn rule_problem(
        &self,
        cx: &Context,
        password: &Secret,
        email: Option<&str>,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let Some(field) = self.forms.password_reset.first() else { return Ok(None) };
        field.problem(cx, &Value::from(password.expose_secret()), email, tenant_id).await
    }

    /// Whether the policy can say more where the user's address is known.
    pub(super) fn policy_regards_address(&self) -> bool {
        self.forms.password_reset.iter().any(Field::regards_address)
    }

    /// What the policy says of a password for whoever a reset token is: before the token is used, so
    /// that one that is refused doesn't use it up. A core of the reference system can't say whose a
    /// token is; [`Self::problem_with_address`] then does once it is used.
    pub(super) async fn problem_with_owner(
        &self,
        cx: &Context,
        password: &Secret,
        token: &Secret,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        use ConsumePasswordResetTokenResponse as Answer;
        if !self.policy_regards_address() {
            return Ok(None);
        }
        let check = CheckPasswordResetToken { token: token.clone() };
        match cx.core().call(tenant_id, check).await {
            Ok(Answer::Ok { email, .. }) => {
                self.rule_problem(cx, password, Some(&email), tenant_id).await
            }
            Ok(Answer::ResetPasswordInvalidTokenError) => Ok(None),
            Err(error) if error.is_unknown_operation() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// What the policy says once a reset token has told whose password it is: the rest was said
    /// before.
    pub(super) async fn problem_with_address(
        &self,
        cx: &Context,
        password: &Secret,
        email: &str,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        if !self.policy_regards_address() {
            return Ok(None);
        }
        let problem = self.rule_problem(cx, password, Some(email), tenant_id).await?;
        Ok(problem.map(|problem| format!("{problem}, by another link: this one is used up")))
    }

    async fn breach_problem(&self, cx: &Context, password: &Secret) -> Option<&'static str> {
        self.breach_check.as_ref()?.problem(cx, password).await
    }

    /// Fails where the password of a form that is right otherwise is known from a breach.
    pub(super) async fn refuse_breached(&self, cx: &Context, password: &Secret) -> Result<()> {
        match self.breach_problem(cx, password).await {
            Some(problem) => Err(Error::Fields(vec![FormFieldError {
                error: problem.to_owned(),
                id: PASSWORD.to_owned(),
            }])),
            None => Ok(()),
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
                Api::ChangePasswordPost,
                Route::new(
                    "changePasswordPOST",
                    Method::POST,
                    "/user/password/change",
                    api::change_password::route,
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
            .filter(|(api, _)| !self.settings.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
