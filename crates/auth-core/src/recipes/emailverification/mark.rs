//! Addresses that are proved by other means than a link of this recipe.

use auth_protocol::{RecipeUserId, TenantId};

use super::{
    CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome,
    EmailVerificationInstance, VerifyEmailUsingTokenInput, VerifyEmailUsingTokenOutcome,
};
use crate::{Context, Result};

/// Notes that a login method has proved an address, as by a reset link that was sent there; links
/// nothing. Whether it is noted now and wasn't before: never without the recipe.
///
/// A token is made and used up, so that overrides of these two see it.
pub(crate) async fn mark_verified(
    cx: &Context,
    tenant_id: &TenantId,
    recipe_user_id: &RecipeUserId,
    email: &str,
) -> Result<bool> {
    let Some(instance) = EmailVerificationInstance::find(cx) else { return Ok(false) };
    let functions = instance.functions();
    let wanted =
        CreateEmailVerificationTokenInput::new(recipe_user_id).email(email).tenant_id(tenant_id);
    let made = functions.create_email_verification_token(cx, wanted).await?;
    let CreateEmailVerificationTokenOutcome::Ok(token) = made else { return Ok(false) };
    let token =
        VerifyEmailUsingTokenInput::new(token).tenant_id(tenant_id).attempt_account_linking(false);
    let outcome = functions.verify_email_using_token(cx, token).await?;
    Ok(matches!(outcome, VerifyEmailUsingTokenOutcome::Ok { .. }))
}
