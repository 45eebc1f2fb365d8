//! The recipe in use.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::{RecipeUserId, TenantId, User, UserId};
use http::Method;

use super::{
    EmailForRecipeUserId, EmailVerificationApi, EmailVerificationApis, EmailVerificationClaim,
    EmailVerificationEmail, EmailVerificationFunctions, EmailVerificationMode, ID, api,
    config::GetEmail, functions, share_proofs,
};
use crate::{
    Context, LinkedLoginMethod, Recipe, RequiredRecipe, Result, Route,
    delivery::EmailSender,
    overrides::Overrides,
    recipes::session::claims::{AnyClaim, ClaimValidator},
    user_id_mapping::id_among_login_methods,
};

/// What the application set.
pub(super) struct Settings {
    pub(super) mode: EmailVerificationMode,
    pub(super) get_email: Option<GetEmail>,
    pub(super) verify_link_lifetime: Option<Duration>,
    pub(super) email_delivery: EmailSender,
}

/// The recipe in use, made of [`super::EmailVerificationRecipe`].
pub struct EmailVerificationInstance {
    settings: Settings,
    functions: EmailVerificationFunctions,
    pub(super) apis: EmailVerificationApis,
    disabled: HashSet<EmailVerificationApi>,
}

impl EmailVerificationInstance {
    pub(super) fn new(
        settings: Settings,
        disabled: HashSet<EmailVerificationApi>,
        overrides: Overrides<EmailVerificationFunctions>,
        api_overrides: Overrides<EmailVerificationApis>,
    ) -> Self {
        Self {
            settings,
            functions: functions::with_overrides(overrides),
            apis: api::with_overrides(api_overrides),
            disabled,
        }
    }

    pub(crate) fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The recipe, where it is in the recipe list.
    pub(crate) fn find(cx: &Context) -> Option<&Self> {
        Self::of(cx).ok()
    }

    /// The outermost layer of the functions.
    pub(crate) fn functions(&self) -> &EmailVerificationFunctions {
        &self.functions
    }

    pub(super) fn email_delivery(&self) -> &EmailSender {
        &self.settings.email_delivery
    }

    /// How long a link works, for the mail.
    pub(super) async fn link_lifetime(&self, cx: &Context, tenant_id: &TenantId) -> Duration {
        let lifetime = match self.settings.verify_link_lifetime {
            Some(lifetime) => Some(lifetime),
            None => cx.core().email_verification_token_lifetime(tenant_id).await,
        };
        lifetime.unwrap_or(EmailVerificationEmail::USUAL_LIFETIME)
    }

    /// The address of a login method: what the application says, or else what the core has. Who has
    /// the user at hand gives it.
    pub(super) async fn email_for_recipe_user_id(
        &self,
        cx: &Context,
        user: Option<&User>,
        recipe_user_id: &RecipeUserId,
    ) -> Result<EmailForRecipeUserId> {
        if let Some(get_email) = &self.settings.get_email {
            let answer = get_email(cx.clone(), recipe_user_id.clone()).await?;
            if answer != EmailForRecipeUserId::UnknownUserId {
                return Ok(answer);
            }
        }
        let found = match user {
            Some(_) => None,
            None => cx.get_user(UserId::from(recipe_user_id.clone())).await?,
        };
        let Some(user) = user.or(found.as_ref()) else {
            return Ok(EmailForRecipeUserId::UnknownUserId);
        };
        let id = id_among_login_methods(cx, user, recipe_user_id).await?;
        Ok(match user.login_method(&id) {
            None => EmailForRecipeUserId::UnknownUserId,
            // Nobody reads what is sent to a made-up one, and nobody can prove it.
            Some(method) => match crate::factors::real_email(method) {
                Some(email) => EmailForRecipeUserId::ok(email),
                None => EmailForRecipeUserId::EmailDoesNotExist,
            },
        })
    }
}

#[async_trait]
impl Recipe for EmailVerificationInstance {
    fn id(&self) -> &'static str {
        ID
    }

    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[RequiredRecipe::SESSION]
    }

    fn routes(&self) -> Vec<Route> {
        use EmailVerificationApi as Api;
        const PATH: &str = "/user/email/verify";
        let routes = [
            (
                Api::GenerateEmailVerifyTokenPost,
                Route::new(
                    "generateEmailVerifyTokenPOST",
                    Method::POST,
                    "/user/email/verify/token",
                    api::generate_token::route,
                ),
            ),
            (
                Api::VerifyEmailPost,
                Route::new("verifyEmailPOST", Method::POST, PATH, api::verify::route),
            ),
            (
                Api::IsEmailVerifiedGet,
                Route::new("isEmailVerifiedGET", Method::GET, PATH, api::is_verified::route),
            ),
        ];
        let enabled = routes.into_iter().filter(|(api, _)| !self.disabled.contains(api));
        enabled.map(|(_, route)| route).collect()
    }

    fn session_claims(&self) -> Vec<Arc<dyn AnyClaim>> {
        vec![Arc::new(EmailVerificationClaim)]
    }

    fn global_claim_validators(&self) -> Vec<Arc<dyn ClaimValidator>> {
        match self.settings.mode {
            EmailVerificationMode::Required => {
                vec![EmailVerificationClaim::validators().is_verified(None, None)]
            }
            EmailVerificationMode::Optional => Vec::new(),
        }
    }

    async fn account_linked(&self, cx: &Context, of: LinkedLoginMethod<'_>) -> Result<bool> {
        share_proofs(cx, of.user).await
    }
}
