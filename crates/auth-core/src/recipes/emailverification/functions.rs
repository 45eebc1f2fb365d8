//! What the recipe does.

use async_trait::async_trait;
use auth_protocol::{
    RecipeUserId, TenantId, UserId,
    emailverification::{
        CreateEmailVerificationToken, CreateEmailVerificationTokenResponse, IsEmailVerified,
        IsEmailVerifiedResponse, RemoveEmailVerificationTokens,
        RemoveEmailVerificationTokensResponse, UnverifyEmail, UnverifyEmailResponse, VerifyEmail,
        VerifyEmailResponse,
    },
    normalise_email,
};

use super::{
    CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome, EmailForRecipeUserId,
    EmailVerificationInstance, IsEmailVerifiedInput, RevokeEmailVerificationTokensInput,
    UnverifyEmailInput, VerifyEmailUsingTokenInput, VerifyEmailUsingTokenOutcome,
};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, overridable},
    recipes::accountlinking::CreatePrimaryUserIdOrLinkAccountsInput,
};

overridable! {
    /// The recipe's functions. Where an input names no address, it is the one that the login method
    /// has; a login method without one counts as verified, and one that is unknown is an error.
    pub struct EmailVerificationFunctions;
    /// Replaces functions of [`EmailVerificationFunctions`].
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::emailverification::{
    ///         EmailVerificationFunctions, EmailVerificationOverride, VerifyEmailUsingTokenInput,
    ///         VerifyEmailUsingTokenOutcome,
    ///     },
    /// };
    ///
    /// /// Greets who has confirmed an address.
    /// struct Greeted;
    ///
    /// impl EmailVerificationOverride for Greeted {
    ///     async fn verify_email_using_token(
    ///         &self,
    ///         original: &EmailVerificationFunctions,
    ///         cx: &Context,
    ///         input: VerifyEmailUsingTokenInput,
    ///     ) -> Result<VerifyEmailUsingTokenOutcome> {
    ///         let outcome = original.verify_email_using_token(cx, input).await?;
    ///         if let VerifyEmailUsingTokenOutcome::Ok { recipe_user_id, .. } = &outcome {
    ///             println!("{recipe_user_id} is welcome");
    ///         }
    ///         Ok(outcome)
    ///     }
    /// }
    /// ```
    pub trait EmailVerificationOverride;
    trait EmailVerificationBase;
    handle EmailVerification by emailverification of EmailVerificationInstance;

    /// Creates a single-use token whose owner proves that an address is a login method's.
    async fn create_email_verification_token(
        input: CreateEmailVerificationTokenInput,
    ) -> Result<CreateEmailVerificationTokenOutcome>;

    /// Uses up a token; its address is verified from then on. Where the login method still has that
    /// address, it is linked to the user that it belongs with, as far as the application permits.
    async fn verify_email_using_token(
        input: VerifyEmailUsingTokenInput,
    ) -> Result<VerifyEmailUsingTokenOutcome>;

    /// Whether a login method has proved an address.
    async fn is_email_verified(input: IsEmailVerifiedInput) -> Result<bool>;

    /// Ends the tokens of a login method and an address.
    async fn revoke_email_verification_tokens(
        input: RevokeEmailVerificationTokensInput,
    ) -> Result<()>;

    /// Takes back that a login method has proved an address. Access tokens say so once they are
    /// refetched or renewed.
    async fn unverify_email(input: UnverifyEmailInput) -> Result<()>;
}

pub(super) fn with_overrides(
    overrides: Overrides<EmailVerificationFunctions>,
) -> EmailVerificationFunctions {
    overrides.around(EmailVerificationFunctions::new(Base))
}

/// The address that is meant; `None` where the login method has none.
pub(super) async fn address(
    cx: &Context,
    recipe_user_id: &RecipeUserId,
    given: Option<String>,
) -> Result<Option<String>> {
    if given.is_some() {
        return Ok(given);
    }
    let instance = EmailVerificationInstance::of(cx)?;
    match instance.email_for_recipe_user_id(cx, None, recipe_user_id).await? {
        EmailForRecipeUserId::Ok { email } => Ok(Some(email)),
        EmailForRecipeUserId::EmailDoesNotExist => Ok(None),
        EmailForRecipeUserId::UnknownUserId => Err(Error::other(
            "there is no login method with this id: name the address, or set \
             get_email_for_recipe_user_id",
        )),
    }
}

struct Base;

#[async_trait]
impl EmailVerificationBase for Base {
    async fn create_email_verification_token(
        &self,
        cx: &Context,
        input: CreateEmailVerificationTokenInput,
    ) -> Result<CreateEmailVerificationTokenOutcome> {
        use CreateEmailVerificationTokenOutcome as Outcome;
        use CreateEmailVerificationTokenResponse as Answer;
        let CreateEmailVerificationTokenInput { recipe_user_id, email, tenant_id } = input;
        let Some(email) = address(cx, &recipe_user_id, email).await? else {
            return Ok(Outcome::EmailAlreadyVerified);
        };
        let request = CreateEmailVerificationToken { user_id: recipe_user_id.into(), email };
        Ok(match cx.core().call(&tenant_id, request).await? {
            Answer::Ok { token } => Outcome::Ok(token),
            Answer::EmailAlreadyVerifiedError => Outcome::EmailAlreadyVerified,
        })
    }

    async fn verify_email_using_token(
        &self,
        cx: &Context,
        input: VerifyEmailUsingTokenInput,
    ) -> Result<VerifyEmailUsingTokenOutcome> {
        let VerifyEmailUsingTokenInput { token, tenant_id, attempt_account_linking } = input;
        let answer = cx.core().call(&tenant_id, VerifyEmail::by_token(token)).await?;
        let VerifyEmailResponse::Ok { user_id, email } = answer else {
            return Ok(VerifyEmailUsingTokenOutcome::InvalidToken);
        };
        let recipe_user_id = RecipeUserId::from(user_id);
        if attempt_account_linking {
            link(cx, &tenant_id, &recipe_user_id, &email).await?;
        }
        Ok(VerifyEmailUsingTokenOutcome::Ok { recipe_user_id, email })
    }

    async fn is_email_verified(&self, cx: &Context, input: IsEmailVerifiedInput) -> Result<bool> {
        let IsEmailVerifiedInput { recipe_user_id, email } = input;
        let Some(email) = address(cx, &recipe_user_id, email).await? else { return Ok(true) };
        let request = IsEmailVerified { user_id: recipe_user_id.into(), email };
        let IsEmailVerifiedResponse::Ok { is_verified } =
            cx.core().call(&TenantId::default(), request).await?;
        Ok(is_verified)
    }

    async fn revoke_email_verification_tokens(
        &self,
        cx: &Context,
        input: RevokeEmailVerificationTokensInput,
    ) -> Result<()> {
        let RevokeEmailVerificationTokensInput { recipe_user_id, email, tenant_id } = input;
        let Some(email) = address(cx, &recipe_user_id, email).await? else { return Ok(()) };
        let request = RemoveEmailVerificationTokens { user_id: recipe_user_id.into(), email };
        let RemoveEmailVerificationTokensResponse::Ok = cx.core().call(&tenant_id, request).await?;
        Ok(())
    }

    async fn unverify_email(&self, cx: &Context, input: UnverifyEmailInput) -> Result<()> {
        let UnverifyEmailInput { recipe_user_id, email } = input;
        let Some(email) = address(cx, &recipe_user_id, email).await? else { return Ok(()) };
        let request = UnverifyEmail { user_id: recipe_user_id.into(), email };
        let UnverifyEmailResponse::Ok = cx.core().call(&TenantId::default(), request).await?;
        Ok(())
    }
}

/// Links the login method, unless it was deleted or has another address by now.
async fn link(
    cx: &Context,
    tenant_id: &TenantId,
    recipe_user_id: &RecipeUserId,
    email: &str,
) -> Result<()> {
    let Some(user) = cx.get_user(UserId::from(recipe_user_id.clone())).await? else {
        return Ok(());
    };
    let instance = EmailVerificationInstance::of(cx)?;
    let current = instance.email_for_recipe_user_id(cx, Some(&user), recipe_user_id).await?;
    let is_current = matches!(
        current,
        EmailForRecipeUserId::Ok { email: current } if normalise_email(&current) == email
    );
    if is_current {
        let input =
            CreatePrimaryUserIdOrLinkAccountsInput::new(recipe_user_id).tenant_id(tenant_id);
        cx.accountlinking()?.create_primary_user_id_or_link_accounts(input).await?;
    }
    Ok(())
}
