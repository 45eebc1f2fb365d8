//! What the application may set.

use std::{collections::HashSet, sync::Arc, time::Duration};

use auth_protocol::RecipeUserId;
use futures_util::future::BoxFuture;

use super::{
    EmailForRecipeUserId, EmailVerificationApis, EmailVerificationApisOverride,
    EmailVerificationFunctions, EmailVerificationInstance, EmailVerificationOverride,
    instance::Settings,
};
use crate::{
    ConfigError, Context, RecipeConfig, Result, Setup,
    delivery::{EmailDeliveryConfig, email_delivery_methods},
    overrides::{Overrides, override_methods},
};

/// Whether session checks demand that the address is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerificationMode {
    /// `REQUIRED`: every one does, unless it is told otherwise.
    Required,
    /// `OPTIONAL`: those do that are told to.
    Optional,
}

/// An API of this recipe, by its name in the reference SDKs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EmailVerificationApi {
    /// `generateEmailVerifyTokenPOST`.
    GenerateEmailVerifyTokenPost,
    /// `verifyEmailPOST`.
    VerifyEmailPost,
    /// `isEmailVerifiedGET`.
    IsEmailVerifiedGet,
}

pub(super) type GetEmail = Arc<
    dyn Fn(Context, RecipeUserId) -> BoxFuture<'static, Result<EmailForRecipeUserId>> + Send + Sync,
>;

/// The recipe's settings.
#[must_use]
pub struct EmailVerificationRecipe {
    mode: EmailVerificationMode,
    get_email: Option<GetEmail>,
    verify_link_lifetime: Option<Duration>,
    email_delivery: EmailDeliveryConfig,
    overrides: Overrides<EmailVerificationFunctions>,
    api_overrides: Overrides<EmailVerificationApis>,
    disabled: HashSet<EmailVerificationApi>,
}

impl EmailVerificationRecipe {
    /// The recipe with its defaults: addresses are those of login methods; links go to the log.
    pub fn new(mode: EmailVerificationMode) -> Self {
        Self {
            mode,
            get_email: None,
            verify_link_lifetime: None,
            email_delivery: EmailDeliveryConfig::default(),
            overrides: Overrides::default(),
            api_overrides: Overrides::default(),
            disabled: HashSet::new(),
        }
    }

    /// Says which address a login method has, or that it has none, in place of what the core knows;
    /// [`EmailForRecipeUserId::UnknownUserId`] leaves it to the core.
    ///
    /// ```
    /// use auth_core::{
    ///     protocol::UserId,
    ///     recipes::emailverification::{
    ///         EmailForRecipeUserId, EmailVerificationMode, EmailVerificationRecipe,
    ///     },
    /// };
    ///
    /// let recipe = EmailVerificationRecipe::new(EmailVerificationMode::Required)
    ///     .get_email_for_recipe_user_id(|cx, id| async move {
    ///         // Who signs in by phone may have left an address in the profile.
    ///         let metadata = cx.usermetadata()?;
    ///         Ok(match metadata.get_value::<String>(UserId::from(id), "contact").await? {
    ///             Some(email) => EmailForRecipeUserId::ok(email),
    ///             None => EmailForRecipeUserId::UnknownUserId,
    ///         })
    ///     });
    /// ```
    pub fn get_email_for_recipe_user_id<F, Fut>(mut self, get_email: F) -> Self
    where
        F: Fn(Context, RecipeUserId) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<EmailForRecipeUserId>> + Send + 'static,
    {
        self.get_email = Some(Arc::new(move |cx, id| Box::pin(get_email(cx, id))));
        self
    }

    /// How long a link works, as the mail says it: needed only where a remote core has been told
    /// another time than the usual day. That of an embedded core is known.
    pub fn verify_link_lifetime(mut self, lifetime: Duration) -> Self {
        self.verify_link_lifetime = Some(lifetime);
        self
    }
}

email_delivery_methods!(EmailVerificationRecipe);
override_methods!(
    EmailVerificationRecipe:
    EmailVerificationOverride, EmailVerificationApisOverride, EmailVerificationApi
);

impl RecipeConfig for EmailVerificationRecipe {
    type Recipe = EmailVerificationInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        if self.verify_link_lifetime.is_some_and(|lifetime| lifetime.as_secs() == 0) {
            let field = "emailverification.verify_link_lifetime";
            return Err(ConfigError::new(
                field,
                "it is below a second",
                "the time that the core is told",
            ));
        }
        let settings = Settings {
            mode: self.mode,
            get_email: self.get_email,
            verify_link_lifetime: self.verify_link_lifetime,
            email_delivery: self.email_delivery.build(),
        };
        let (functions, apis) = (self.overrides, self.api_overrides);
        Ok(EmailVerificationInstance::new(settings, self.disabled, functions, apis))
    }
}
