//! The recipe in use.

use std::{collections::HashSet, sync::Arc};

use auth_protocol::{Secret, TenantId};
use http::Method;

use super::{
    CodeGenerator, Contact, ContactMethod, ContactValidator, FlowType, ID, PasswordlessApi,
    PasswordlessApis, PasswordlessFunctions, api, functions,
};
use crate::{
    Context, Recipe, RequiredRecipe, Result, Route,
    delivery::{EmailSender, SmsSender},
    email_address::length_problem,
    factors::Factors,
    overrides::Overrides,
};

/// What the application has set, with all defaults filled in.
pub(super) struct Settings {
    pub(super) contact_method: ContactMethod,
    pub(super) flow_type: FlowType,
    pub(super) email_validator: Arc<dyn ContactValidator>,
    pub(super) phone_validator: Arc<dyn ContactValidator>,
    pub(super) code_generator: Option<Arc<dyn CodeGenerator>>,
    pub(super) email_delivery: EmailSender,
    pub(super) sms_delivery: SmsSender,
    /// Whether addresses are told that a login method has another one now.
    pub(super) mails_address_changes: bool,
}

/// The recipe in use, made of [`super::PasswordlessRecipe`].
pub struct PasswordlessInstance {
    pub(super) settings: Settings,
    pub(super) functions: PasswordlessFunctions,
    pub(super) apis: PasswordlessApis,
    disabled: HashSet<PasswordlessApi>,
}

impl PasswordlessInstance {
    pub(super) fn new(
        settings: Settings,
        disabled: HashSet<PasswordlessApi>,
        overrides: Overrides<PasswordlessFunctions>,
        api_overrides: Overrides<PasswordlessApis>,
    ) -> Self {
        Self {
            settings,
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            disabled,
        }
    }

    pub(super) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    pub(super) fn functions(&self) -> &PasswordlessFunctions {
        &self.functions
    }

    /// What the application's rule says against a contact, for the user: against one that no store
    /// takes nothing need be said by it.
    pub(super) async fn problem_with(
        &self,
        cx: &Context,
        contact: &Contact,
        tenant_id: &TenantId,
    ) -> Result<Option<String>> {
        let (validator, invalid) = match contact {
            Contact::Email(_) => (&self.settings.email_validator, "Email is invalid"),
            Contact::PhoneNumber(_) => (&self.settings.phone_validator, "Phone number is invalid"),
        };
        if !contact.is_readable() {
            return Ok(Some(invalid.to_owned()));
        }
        let problem = validator.validate(cx, contact.as_str(), tenant_id).await?;
        let is_email = matches!(contact, Contact::Email(_));
        let too_long = || length_problem(contact.as_str()).filter(|_| is_email).map(str::to_owned);
        Ok(problem.or_else(too_long))
    }

    /// The application's own code to type in, where it makes them.
    pub(super) async fn custom_code(
        &self,
        cx: &Context,
        tenant_id: &TenantId,
    ) -> Result<Option<Secret>> {
        match &self.settings.code_generator {
            Some(generator) => generator.user_input_code(cx, tenant_id).await.map(Some),
            None => Ok(None),
        }
    }
}

impl Recipe for PasswordlessInstance {
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
        use PasswordlessApi as Api;
        let create =
            Route::new("createCodePOST", Method::POST, "/signinup/code", api::create_code::route);
        let resend = Route::new(
            "resendCodePOST",
            Method::POST,
            "/signinup/code/resend",
            api::resend_code::route,
        );
        let consume = Route::new(
            "consumeCodePOST",
            Method::POST,
            "/signinup/code/consume",
            api::consume_code::route,
        );
        let email_exists =
            |path| Route::new("emailExistsGET", Method::GET, path, api::exists::email_route);
        let phone_number_exists = |path| {
            Route::new("phoneNumberExistsGET", Method::GET, path, api::exists::phone_number_route)
        };
        // The paths below /signup are those of front ends before FDI 2.
        let routes = [
            (Api::CreateCodePost, create),
            (Api::ResendCodePost, resend),
            (Api::ConsumeCodePost, consume),
            (Api::EmailExistsGet, email_exists("/passwordless/email/exists")),
            (Api::EmailExistsGet, email_exists("/signup/email/exists")),
            (Api::PhoneNumberExistsGet, phone_number_exists("/passwordless/phonenumber/exists")),
            (Api::PhoneNumberExistsGet, phone_number_exists("/signup/phonenumber/exists")),
        ];
        routes
            .into_iter()
            .filter(|(api, _)| !self.disabled.contains(api))
            .map(|(_, route)| route)
            .collect()
    }
}
