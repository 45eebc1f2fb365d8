//! What the application may set.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::TenantId;

use super::{
    WebAuthnApis, WebAuthnApisOverride, WebAuthnFunctions, WebAuthnInstance, WebAuthnOverride,
    instance::Settings,
    policy::PolicySettings,
    site::{Said, SiteSettings},
};
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    delivery::{EmailDeliveryConfig, email_delivery_methods},
    email_address::email_problem,
    overrides::{Overrides, override_methods},
};

/// Judges the address of who makes a passkey. Closures that take the address are validators.
#[async_trait]
pub trait PasskeyEmailValidator: Send + Sync {
    /// Why the address isn't accepted, as a text for the user; `None` where it is.
    async fn validate(
        &self,
        cx: &Context,
        email: &str,
        tenant_id: &TenantId,
    ) -> Result<Option<String>>;
}

#[async_trait]
impl<F: Fn(&str) -> Option<String> + Send + Sync> PasskeyEmailValidator for F {
    async fn validate(&self, _: &Context, email: &str, _: &TenantId) -> Result<Option<String>> {
        Ok(self(email))
    }
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebAuthnApi {
    /// `registerOptionsPOST`.
    RegisterOptionsPost,
    /// `signInOptionsPOST`.
    SignInOptionsPost,
    /// `signUpPOST`.
    SignUpPost,
    /// `signInPOST`.
    SignInPost,
    /// `generateRecoverAccountTokenPOST`.
    GenerateRecoverAccountTokenPost,
    /// `recoverAccountPOST`.
    RecoverAccountPost,
    /// `emailExistsGET`.
    EmailExistsGet,
    /// `registerCredentialPOST`.
    RegisterCredentialPost,
    /// `listCredentialsGET`.
    ListCredentialsGet,
    /// `removeCredentialPOST`.
    RemoveCredentialPost,
    /// An extension: `POST /webauthn/credential/rename`.
    RenameCredentialPost,
    /// An extension: `GET /webauthn/promotion`.
    PromotionGet,
    /// An extension: `POST /webauthn/promotion`.
    PromotionPost,
}

/// The recipe's settings.
///
/// ```
/// use auth_core::recipes::webauthn::WebAuthnRecipe;
///
/// let recipe = WebAuthnRecipe::new()
///     .relying_party_id("example.com")
///     .relying_party_name_by(|_cx, tenant_id| format!("Example ({tenant_id})"))
///     .validate_email_address(|email: &str| {
///         (!email.ends_with("@example.com")).then(|| "Use your work address".to_owned())
///     });
/// ```
#[must_use]
pub struct WebAuthnRecipe {
    site: SiteSettings,
    pub(super) policy: PolicySettings,
    email_validator: Arc<dyn PasskeyEmailValidator>,
    email_delivery: EmailDeliveryConfig,
    mails_address_changes: bool,
    keeps_sessions_on_recovery: bool,
    recovery_link_lifetime: Option<Duration>,
    overrides: Overrides<WebAuthnFunctions>,
    api_overrides: Overrides<WebAuthnApis>,
    disabled: HashSet<WebAuthnApi>,
}

impl Default for WebAuthnRecipe {
    fn default() -> Self {
        Self {
            site: SiteSettings::default(),
            policy: PolicySettings::default(),
            email_validator: Arc::new(|email: &str| email_problem(email).map(str::to_owned)),
            email_delivery: EmailDeliveryConfig::default(),
            mails_address_changes: true,
            keeps_sessions_on_recovery: false,
            recovery_link_lifetime: None,
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }
}

impl WebAuthnRecipe {
    /// The recipe with its defaults: passkeys are for the API's host, by the application's name, and
    /// are made and used on the website; recovery links go to the log.
    pub fn new() -> Self {
        Self::default()
    }

    /// The domain that passkeys are for, such as `example.com`: that of the website or one above it.
    /// The API's host by default. Another one makes all passkeys useless that there are.
    pub fn relying_party_id(mut self, id: impl Into<String>) -> Self {
        self.site.id = Some(Said::Value(id.into()));
        self
    }

    /// The same, decided for each request and tenant.
    pub fn relying_party_id_by(
        mut self,
        id: impl Fn(&Context, &TenantId) -> String + Send + Sync + 'static,
    ) -> Self {
        self.site.id = Some(Said::per_request(id));
        self
    }

    /// The site's name, as authenticators show it; the application's name by default.
    pub fn relying_party_name(mut self, name: impl Into<String>) -> Self {
        self.site.name = Some(Said::Value(name.into()));
        self
    }

    /// The same, decided for each request and tenant.
    pub fn relying_party_name_by(
        mut self,
        name: impl Fn(&Context, &TenantId) -> String + Send + Sync + 'static,
    ) -> Self {
        self.site.name = Some(Said::per_request(name));
        self
    }

    /// The origin of the page on which passkeys are made and used, such as `https://example.com`, or
    /// `android:apk-key-hash:…` of an application; the website's by default.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.site.origin = Some(Said::Value(origin.into()));
        self
    }

    /// The same, decided for each request and tenant.
    pub fn origin_by(
        mut self,
        origin: impl Fn(&Context, &TenantId) -> String + Send + Sync + 'static,
    ) -> Self {
        self.site.origin = Some(Said::per_request(origin));
        self
    }

    /// Judges the addresses of those who make passkeys; by default they must have the form of one.
    pub fn validate_email_address(
        mut self,
        validator: impl PasskeyEmailValidator + 'static,
    ) -> Self {
        self.email_validator = Arc::new(validator);
        self
    }

    /// Whether the address that a login method had is mailed once it has another one, by
    /// [`update_user_email`](super::WebAuthn::update_user_email); `true` by default.
    pub fn email_changed_mails(mut self, send: bool) -> Self {
        self.mails_address_changes = send;
        self
    }

    /// Whether a recovery ends all of the user's sessions, so that who has the lost device is signed
    /// out; `true` by default.
    pub fn end_sessions_on_recovery(mut self, end: bool) -> Self {
        self.keeps_sessions_on_recovery = !end;
        self
    }

    /// How long a recovery link works, as the mail says it: needed only where a remote core has been
    /// told another time than the usual hour. That of an embedded core is known.
    pub fn recovery_link_lifetime(mut self, lifetime: Duration) -> Self {
        self.recovery_link_lifetime = Some(lifetime);
        self
    }
}

email_delivery_methods!(WebAuthnRecipe);
override_methods!(WebAuthnRecipe: WebAuthnOverride, WebAuthnApisOverride, WebAuthnApi);

impl RecipeConfig for WebAuthnRecipe {
    type Recipe = WebAuthnInstance;

    fn build(self, setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        if self.recovery_link_lifetime.is_some_and(|lifetime| lifetime.as_secs() == 0) {
            let (field, problem) = ("webauthn.recovery_link_lifetime", "it is below a second");
            return Err(ConfigError::new(field, problem, "the time that the core is told"));
        }
        let policy = self.policy.check()?;
        let settings = Settings {
            site: self.site.check(setup, &policy.related_origins)?,
            policy,
            email_validator: self.email_validator,
            email_delivery: self.email_delivery.build(),
            mails_address_changes: self.mails_address_changes,
            ends_sessions_on_recovery: !self.keeps_sessions_on_recovery,
            recovery_link_lifetime: self.recovery_link_lifetime,
            disabled: self.disabled,
        };
        Ok(WebAuthnInstance::new(settings, self.overrides, self.api_overrides))
    }
}
