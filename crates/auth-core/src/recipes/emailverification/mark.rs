//! Addresses that are proved by other means than a link of this recipe.

use auth_protocol::{LoginMethod, RecipeUserId, TenantId, User};

use super::{
    CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome,
    EmailVerificationInstance, IsEmailVerifiedInput, VerifyEmailUsingTokenInput,
    VerifyEmailUsingTokenOutcome,
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

/// Whether a login method has proved an address, be it its own or not; never without the recipe.
pub(crate) async fn has_proved(
    cx: &Context,
    recipe_user_id: &RecipeUserId,
    email: &str,
) -> Result<bool> {
    let Some(instance) = EmailVerificationInstance::find(cx) else { return Ok(false) };
    let input = IsEmailVerifiedInput::new(recipe_user_id).email(email);
    instance.functions().is_email_verified(cx, input).await
}

/// What one login method of a user has proved is proved for the user's others, too: an address that
/// several of them have is noted as verified for each. Whether there was something to note.
pub(crate) async fn share_proofs(cx: &Context, user: &User) -> Result<bool> {
    let mut has_changed = false;
    for (method, email) in unproved(user) {
        let tenant_id = method.tenant_ids.first().cloned().unwrap_or_default();
        has_changed |= mark_verified(cx, &tenant_id, &method.recipe_user_id, email).await?;
    }
    Ok(has_changed)
}

/// The login methods that haven't proved their address while another one of the user's has.
fn unproved(user: &User) -> impl Iterator<Item = (&LoginMethod, &str)> {
    user.login_methods.iter().filter(|method| !method.verified).filter_map(|method| {
        let email = method.email.as_deref()?;
        let mut others = user.login_methods.iter();
        let is_proved = others.any(|other| other.verified && other.has_same_email_as(email));
        is_proved.then_some((method, email))
    })
}
