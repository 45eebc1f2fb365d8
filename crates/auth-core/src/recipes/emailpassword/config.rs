//! What the application may set.

use std::{borrow::Cow, collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::TenantId;
use serde_json::Value;

use super::{
    BreachCheck, EmailPasswordApis, EmailPasswordApisOverride, EmailPasswordFunctions,
    EmailPasswordInstance, EmailPasswordOverride, PasswordPolicy,
    fields::{EMAIL, PASSWORD},
    instance::{Forms, Settings},
    policy::Rules,
};
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    delivery::{EmailDeliveryConfig, email_delivery_methods},
    email_address::{email_problem, length_problem},
    overrides::{Overrides, override_methods},
};

/// Judges the value of a form field.
#[async_trait]
pub trait FieldValidator: Send + Sync {
    /// Why the value isn't accepted, as a text for the user; `None` where it is.
    async fn validate(
        &self,
        cx: &Context,
        value: &Value,
        tenant_id: &TenantId,
    ) -> Result<Option<String>>;
}

/// A validator from a closure.
struct Closure<F>(F);

#[async_trait]
impl<F: Fn(&Value) -> Option<String> + Send + Sync> FieldValidator for Closure<F> {
    async fn validate(&self, _: &Context, value: &Value, _: &TenantId) -> Result<Option<String>> {
        Ok((self.0)(value))
    }
}

/// A rule of ours beside the field's own, which speaks first.
struct Besides {
    rule: Arc<dyn FieldValidator>,
    problem: fn(&str) -> Option<&'static str>,
}

#[async_trait]
impl FieldValidator for Besides {
    async fn validate(
        &self,
        cx: &Context,
        value: &Value,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let problem = self.rule.validate(cx, value, tenant_id).await?;
        let ours = || value.as_str().and_then(self.problem).map(str::to_owned);
        Ok(problem.or_else(ours))
    }
}

fn text_validator(problem: fn(&str) -> Option<&'static str>) -> Arc<dyn FieldValidator> {
    Arc::new(Closure(move |value: &Value| {
        value.as_str().map_or(Some("Field must be a text"), problem).map(str::to_owned)
    }))
}

/// A field of the sign-up form.
#[derive(Clone)]
pub struct FormField {
    id: String,
    optional: bool,
    validator: Option<Arc<dyn FieldValidator>>,
}

impl FormField {
    /// A required field; any value is accepted unless a validator says otherwise. The ids `email`
    /// and `password` stand for the two fields that every form has: with their default rules
    /// unless a validator is given.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), optional: false, validator: None }
    }

    /// The field may be left out; its validator then isn't asked. Email and password are always
    /// required.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Judges values by a closure that gives the text for the user, or `None` for good values.
    #[must_use]
    pub fn validate(
        self,
        validate: impl Fn(&Value) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.validator(Closure(validate))
    }

    /// Judges values by a validator that may await something.
    #[must_use]
    pub fn validator(mut self, validator: impl FieldValidator + 'static) -> Self {
        self.validator = Some(Arc::new(validator));
        self
    }
}

/// A field with all defaults filled in.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) optional: bool,
    pub(super) validator: Arc<dyn FieldValidator>,
    /// Asked after the validator, for a new password.
    policy: Option<Arc<Rules>>,
}

impl Field {
    fn new(field: FormField) -> Self {
        let is_basic = matches!(field.id.as_str(), EMAIL | PASSWORD);
        let validator = field.validator.unwrap_or_else(|| match field.id.as_str() {
            EMAIL => text_validator(email_problem),
            _ => Arc::new(Closure(|_: &Value| None)),
        });
        Self { id: field.id, optional: field.optional && !is_basic, validator, policy: None }
    }

    fn besides(&mut self, problem: fn(&str) -> Option<&'static str>) {
        self.validator = Arc::new(Besides { rule: Arc::clone(&self.validator), problem });
    }

    /// The same field, where any text is accepted that isn't empty.
    pub(super) fn without_rules(&self) -> Self {
        let validator = Arc::new(Closure(|_: &Value| None));
        Self { validator, policy: None, ..self.clone() }
    }

    /// Why a value that is there isn't accepted, by its rule, and by the policy where it is a new
    /// password. The address is that of the user, where it is known.
    pub(super) async fn problem(
        &self,
        cx: &Context,
        value: &Value,
        email: Option<&str>,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let problem = self.validator.validate(cx, value, tenant_id).await?;
        match (problem, &self.policy, value.as_str()) {
            (None, Some(policy), Some(password)) => {
                Ok(policy.problem(password, email).await?.map(Cow::into_owned))
            }
            (problem, ..) => Ok(problem),
        }
    }

    /// Whether its rules ask for the user's address.
    pub(super) fn regards_address(&self) -> bool {
        self.policy.as_ref().is_some_and(|policy| policy.regards_address())
    }
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmailPasswordApi {
    /// `changePasswordPOST`, an extension.
    ChangePasswordPost,
    /// `emailExistsGET`, both paths.
    EmailExistsGet,
    /// `generatePasswordResetTokenPOST`.
    GeneratePasswordResetTokenPost,
    /// `passwordResetPOST`.
    PasswordResetPost,
    /// `signInPOST`.
    SignInPost,
    /// `signUpPOST`.
    SignUpPost,
}

/// Of which changes nobody is mailed.
#[derive(Default)]
struct MailsOff {
    of_passwords: bool,
    of_addresses: bool,
}

/// The recipe's settings.
///
/// ```
/// use auth_core::recipes::emailpassword::{EmailPasswordRecipe, FormField};
///
/// let recipe = EmailPasswordRecipe::new()
///     .form_field(FormField::new("name"))
///     .form_field(FormField::new("age").optional().validate(|age| {
///         age.as_u64().is_none_or(|age| age < 18).then(|| "You must be an adult".to_owned())
///     }));
/// ```
#[derive(Default)]
#[must_use]
pub struct EmailPasswordRecipe {
    fields: Vec<FormField>,
    keeps_sessions_on_password_change: bool,
    email_delivery: EmailDeliveryConfig,
    overrides: Overrides<EmailPasswordFunctions>,
    api_overrides: Overrides<EmailPasswordApis>,
    disabled: HashSet<EmailPasswordApi>,
    password_policy: Option<PasswordPolicy>,
    allows_common_passwords: bool,
    breach_check: Option<BreachCheck>,
    mails_off: MailsOff,
    reset_link_lifetime: Option<Duration>,
}

impl EmailPasswordRecipe {
    /// The recipe with its defaults: a form of email and password; reset links go to the log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field to the sign-up form, or sets the rule for `email` or `password`.
    pub fn form_field(mut self, field: FormField) -> Self {
        self.fields.push(field);
        self
    }

    /// Whether a new password, by reset, by change or by a hash that is imported over the one there
    /// is, ends the user's other sessions, so that who knew the old one is signed out; `true` by
    /// default.
    pub fn end_sessions_on_password_change(mut self, end: bool) -> Self {
        self.keeps_sessions_on_password_change = !end;
        self
    }

    /// How long a reset link works, as the mail says it: needed only where a remote core has been
    /// told another time than the usual hour. That of an embedded core is known.
    pub fn reset_link_lifetime(mut self, lifetime: Duration) -> Self {
        self.reset_link_lifetime = Some(lifetime);
        self
    }

    /// What a new password must be; [`PasswordPolicy::reference`] unless set. A rule for the field
    /// `password` stands in place of that default's form, and is asked before a policy that is set.
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = Some(policy);
        self
    }

    /// Refuses new passwords that are known from breaches, after every other rule; they aren't looked
    /// up unless this is set.
    pub fn breached_passwords(mut self, check: BreachCheck) -> Self {
        self.breach_check = Some(check);
        self
    }

    /// Whether the owner is mailed that the password is another one now, after a change and after a
    /// reset; `true` by default. An update by the application mails nobody unless
    /// [it says so](super::UpdateEmailOrPasswordInput::tell_owner).
    pub fn password_changed_mails(mut self, send: bool) -> Self {
        self.mails_off.of_passwords = !send;
        self
    }

    /// Whether the address that a login method had is mailed once it has another one, by
    /// [`update_email_or_password`](super::EmailPassword::update_email_or_password); `true` by default.
    pub fn email_changed_mails(mut self, send: bool) -> Self {
        self.mails_off.of_addresses = !send;
        self
    }

    /// Takes new passwords that are among the commonest, such as `password1`, which are refused by
    /// default, besides what the rule for `password` says: at sign-up, at a reset, and by
    /// [`EmailPassword::update_email_or_password`](super::EmailPassword::update_email_or_password).
    /// Nobody is kept from signing in with a password that an account has.
    pub fn allow_common_passwords(mut self) -> Self {
        self.allows_common_passwords = true;
        self
    }
}

email_delivery_methods!(EmailPasswordRecipe);
override_methods!(
    EmailPasswordRecipe: EmailPasswordOverride, EmailPasswordApisOverride, EmailPasswordApi
);

impl RecipeConfig for EmailPasswordRecipe {
    type Recipe = EmailPasswordInstance;

    fn build(self, setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        if self.reset_link_lifetime.is_some_and(|lifetime| lifetime.as_secs() == 0) {
            let (field, problem) = ("emailpassword.reset_link_lifetime", "it is below a second");
            return Err(ConfigError::new(field, problem, "the time that the core is told"));
        }
        let has_policy = self.password_policy.is_some();
        let policy = self.password_policy.unwrap_or_default();
        let mut rules = policy.check(&setup.app_info.app_name)?;
        rules.refuses_common = !self.allows_common_passwords;
        Ok(EmailPasswordInstance::new(
            forms(self.fields, rules, has_policy)?,
            self.breach_check.map(BreachCheck::check).transpose()?,
            Settings {
                email_delivery: self.email_delivery.build(),
                ends_sessions_on_password_change: !self.keeps_sessions_on_password_change,
                mails_changes: !self.mails_off.of_passwords,
                mails_address_changes: !self.mails_off.of_addresses,
                disabled: self.disabled,
                reset_link_lifetime: self.reset_link_lifetime,
            },
            self.overrides,
            self.api_overrides,
        ))
    }
}

/// The declared fields in their order, then password and email where they weren't declared.
fn forms(
    declared: Vec<FormField>,
    mut rules: Rules,
    has_policy: bool,
) -> Result<Forms, ConfigError> {
    let mut sign_up: Vec<Field> = Vec::new();
    let basics = [FormField::new(PASSWORD), FormField::new(EMAIL)];
    let declared_count = declared.len();
    if !has_policy && declared.iter().any(|it| it.id == PASSWORD && it.validator.is_some()) {
        rules.form = None;
    }
    let rules = Arc::new(rules);
    for (index, field) in declared.into_iter().chain(basics).enumerate() {
        let is_known = sign_up.iter().any(|other| other.id == field.id);
        if index < declared_count && (is_known || field.id.trim().is_empty()) {
            return Err(ConfigError::new(
                "emailpassword.form_field",
                format!("the id `{}` is empty or stands there twice", field.id),
                "a different id for each field",
            ));
        }
        if !is_known {
            sign_up.push(Field::new(field));
        }
    }
    for field in &mut sign_up {
        match field.id.as_str() {
            EMAIL => field.besides(length_problem),
            PASSWORD => field.policy = Some(Arc::clone(&rules)),
            _ => {}
        }
    }
    Ok(Forms::new(sign_up))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(declared: Vec<FormField>) -> Result<Forms, ConfigError> {
        super::forms(declared, PasswordPolicy::default().check("App").expect("a policy"), false)
    }

    fn ids(fields: &[Field]) -> Vec<&str> {
        fields.iter().map(|field| field.id.as_str()).collect()
    }

    #[test]
    fn declared_fields_come_first_then_password_then_email() {
        let forms = forms(vec![FormField::new("name")]).expect("valid");
        assert_eq!(ids(&forms.sign_up), ["name", "password", "email"]);
        assert_eq!(ids(&forms.sign_in), ["password", "email"]);
        assert_eq!(ids(&forms.generate_reset_token), ["email"]);
        assert_eq!(ids(&forms.password_reset), ["password"]);
    }

    #[test]
    fn declared_email_and_password_keep_their_place_and_stay_required() {
        let declared = vec![
            FormField::new("email").optional(),
            FormField::new("x"),
            FormField::new("password"),
        ];
        let forms = forms(declared).expect("valid");
        assert_eq!(ids(&forms.sign_up), ["email", "x", "password"]);
        assert!(forms.sign_up.iter().all(|field| !field.optional));
    }

    #[test]
    fn a_field_declared_twice_or_without_an_id_is_a_mistake() {
        for declared in [
            vec![FormField::new("a"), FormField::new("a")],
            vec![FormField::new("")],
            vec![FormField::new(" ")],
        ] {
            let error = forms(declared).err().expect("refused");
            assert_eq!(error.field(), "emailpassword.form_field");
        }
    }
}
