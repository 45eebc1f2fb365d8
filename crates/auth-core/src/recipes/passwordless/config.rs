//! What the application may set.

use std::{collections::HashSet, sync::Arc};

use async_trait::async_trait;
use auth_protocol::{Secret, TenantId, parse_phone_number};

use super::{
    ContactMethod, FlowType, PasswordlessApis, PasswordlessApisOverride, PasswordlessFunctions,
    PasswordlessInstance, PasswordlessOverride, instance::Settings,
};
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    delivery::{
        EmailDeliveryConfig, SmsDeliveryConfig, email_delivery_methods, sms_delivery_methods,
    },
    email_address::email_problem,
    overrides::{Overrides, override_methods},
};

/// Judges an address or phone number. Closures that take the text are validators.
#[async_trait]
pub trait ContactValidator: Send + Sync {
    /// Why the contact isn't accepted, as a text for the user; `None` where it is.
    async fn validate(
        &self,
        cx: &Context,
        contact: &str,
        tenant_id: &TenantId,
    ) -> Result<Option<String>>;
}

#[async_trait]
impl<F: Fn(&str) -> Option<String> + Send + Sync> ContactValidator for F {
    async fn validate(&self, _: &Context, contact: &str, _: &TenantId) -> Result<Option<String>> {
        Ok(self(contact))
    }
}

/// Makes the codes that users type in. Closures without arguments are generators.
#[async_trait]
pub trait CodeGenerator: Send + Sync {
    /// A new code, not empty. A code that a device has already is asked for again, up to three
    /// times.
    async fn user_input_code(&self, cx: &Context, tenant_id: &TenantId) -> Result<Secret>;
}

#[async_trait]
impl<F: Fn() -> Secret + Send + Sync> CodeGenerator for F {
    async fn user_input_code(&self, _: &Context, _: &TenantId) -> Result<Secret> {
        Ok(self())
    }
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PasswordlessApi {
    /// `createCodePOST`.
    CreateCodePost,
    /// `resendCodePOST`.
    ResendCodePost,
    /// `consumeCodePOST`.
    ConsumeCodePost,
    /// `emailExistsGET`, both paths.
    EmailExistsGet,
    /// `phoneNumberExistsGET`, both paths.
    PhoneNumberExistsGet,
}

/// The recipe's settings.
///
/// ```
/// use auth_core::recipes::passwordless::{ContactMethod, FlowType, PasswordlessRecipe};
///
/// let recipe = PasswordlessRecipe::new(ContactMethod::EmailOrPhone, FlowType::UserInputCode)
///     .validate_email_address(|email: &str| {
///         (!email.ends_with("@example.com")).then(|| "Use your work address".to_owned())
///     });
/// ```
#[must_use]
pub struct PasswordlessRecipe {
    contact_method: ContactMethod,
    flow_type: FlowType,
    email_validator: Arc<dyn ContactValidator>,
    phone_validator: Arc<dyn ContactValidator>,
    code_generator: Option<Arc<dyn CodeGenerator>>,
    email_delivery: EmailDeliveryConfig,
    sms_delivery: SmsDeliveryConfig,
    mails_address_changes: bool,
    overrides: Overrides<PasswordlessFunctions>,
    api_overrides: Overrides<PasswordlessApis>,
    disabled: HashSet<PasswordlessApi>,
}

impl PasswordlessRecipe {
    /// The recipe with its defaults: codes of six digits; mails and messages go to the log.
    pub fn new(contact_method: ContactMethod, flow_type: FlowType) -> Self {
        Self {
            contact_method,
            flow_type,
            email_validator: Arc::new(|email: &str| email_problem(email).map(str::to_owned)),
            phone_validator: Arc::new(|number: &str| {
                parse_phone_number(number).is_none().then(|| "Phone number is invalid".to_owned())
            }),
            code_generator: None,
            email_delivery: EmailDeliveryConfig::default(),
            sms_delivery: SmsDeliveryConfig::default(),
            mails_address_changes: true,
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }

    /// Judges addresses; by default they must have the form of one. They come
    /// [normalised](super::Contact::normalised), and none that holds what can't be seen.
    pub fn validate_email_address(mut self, validator: impl ContactValidator + 'static) -> Self {
        self.email_validator = Arc::new(validator);
        self
    }

    /// Judges phone numbers; by default they must be valid ones with a country code. They come in
    /// E.164 form where they read as numbers.
    pub fn validate_phone_number(mut self, validator: impl ContactValidator + 'static) -> Self {
        self.phone_validator = Arc::new(validator);
        self
    }

    /// Whether the address that a login method had is mailed once it has another one or none, by
    /// [`update_user`](super::Passwordless::update_user); `true` by default.
    pub fn email_changed_mails(mut self, send: bool) -> Self {
        self.mails_address_changes = send;
        self
    }

    /// Makes the codes that users type in; by default the core draws six digits.
    pub fn custom_user_input_code(mut self, generator: impl CodeGenerator + 'static) -> Self {
        self.code_generator = Some(Arc::new(generator));
        self
    }
}

email_delivery_methods!(PasswordlessRecipe);
sms_delivery_methods!(PasswordlessRecipe);
override_methods!(
    PasswordlessRecipe: PasswordlessOverride, PasswordlessApisOverride, PasswordlessApi
);

impl RecipeConfig for PasswordlessRecipe {
    type Recipe = PasswordlessInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        let settings = Settings {
            contact_method: self.contact_method,
            flow_type: self.flow_type,
            email_validator: self.email_validator,
            phone_validator: self.phone_validator,
            code_generator: self.code_generator,
            email_delivery: self.email_delivery.build(),
            sms_delivery: self.sms_delivery.build(),
            mails_address_changes: self.mails_address_changes,
        };
        Ok(PasswordlessInstance::new(settings, self.disabled, self.overrides, self.api_overrides))
    }
}
