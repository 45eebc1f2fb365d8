//! A new password by who knows the current one.

use auth_protocol::{LoginMethod, RecipeId, RecipeUserId, User, UserId};

use super::{
    ChangePasswordInput, ChangePasswordOutcome, EmailPasswordInstance, PasswordChangedEmail,
    SignInOutcome, UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome,
    VerifyCredentialsInput,
};
use crate::{Context, Result, factors::is_made_up_email};

/// Checks the current password, then the new one, and sets it.
pub(super) async fn base(
    cx: &Context,
    input: ChangePasswordInput,
) -> Result<ChangePasswordOutcome> {
    use ChangePasswordOutcome as Outcome;
    use UpdateEmailOrPasswordOutcome as Updated;
    let instance = EmailPasswordInstance::of(cx)?;
    let user = cx.accountlinking()?.get_user(&input.user_id).await?;
    let method = user.as_ref().and_then(|it| password_of(it, input.recipe_user_id.as_ref()));
    let Some((method, email)) = method.and_then(|it| Some((it, it.email.as_deref()?))) else {
        return Ok(Outcome::NoPassword);
    };
    // Any tenant in which the password is good for signing in.
    let is_there = method.tenant_ids.contains(&input.tenant_id);
    let tenant_id = match method.tenant_ids.first() {
        Some(first) if !is_there => first.clone(),
        _ => input.tenant_id.clone(),
    };
    let current = VerifyCredentialsInput::new(email, input.current_password).tenant_id(tenant_id);
    match instance.functions.verify_credentials(cx, current).await? {
        SignInOutcome::Ok { recipe_user_id, .. } if recipe_user_id == method.recipe_user_id => {}
        _ => return Ok(Outcome::WrongCredentials),
    }
    let problem = instance
        .password_policy_problem(cx, &input.new_password, Some(email), &input.tenant_id)
        .await?;
    if let Some(failure_reason) = problem {
        return Ok(Outcome::PasswordPolicyViolated { failure_reason });
    }
    let update = UpdateEmailOrPasswordInput {
        keep_session: input.keep_session,
        end_sessions: input.end_other_sessions,
        ..UpdateEmailOrPasswordInput::new(&method.recipe_user_id)
            .password(input.new_password)
            .apply_password_policy(false)
            .tell_owner(true)
    };
    Ok(match instance.functions.update_email_or_password(cx, update).await? {
        Updated::Ok => Outcome::Ok,
        Updated::PasswordPolicyViolated { failure_reason } => {
            Outcome::PasswordPolicyViolated { failure_reason }
        }
        _ => Outcome::NoPassword,
    })
}

/// The login method whose password is meant: the one that is named, where it has one, or else the
/// user's oldest.
fn password_of<'u>(user: &'u User, named: Option<&RecipeUserId>) -> Option<&'u LoginMethod> {
    let has_password = |it: &&LoginMethod| it.recipe_id == RecipeId::EmailPassword;
    let named = named.and_then(|id| user.login_method(id)).filter(has_password);
    named.or_else(|| {
        user.login_methods.iter().filter(has_password).min_by_key(|method| method.time_joined)
    })
}

/// Mails the owner of a login method that its password is another one now, after the answer, unless
/// the application has it otherwise.
pub(super) fn tell_owner(cx: &Context, id: RecipeUserId) -> Result<()> {
    if !EmailPasswordInstance::of(cx)?.settings.mails_changes {
        return Ok(());
    }
    let (emailpassword, cx) = (cx.emailpassword()?, cx.clone());
    cx.clone().after_answer("mail about a changed password", async move {
        let user_id = UserId::from(id.clone());
        let Some(user) = cx.accountlinking()?.get_user(&user_id).await? else { return Ok(()) };
        let Some(method) = user.login_method(&id) else { return Ok(()) };
        let Some(email) = method.email.as_deref().filter(|email| !is_made_up_email(email)) else {
            return Ok(());
        };
        let tenant_id = method.tenant_ids.first().cloned().unwrap_or_default();
        let page = cx.website_link("/reset-password", &[("tenantId", tenant_id.as_str())])?;
        let mail = PasswordChangedEmail::new(tenant_id, user.id.clone(), id, email, page);
        emailpassword.send_email(mail.into()).await
    });
    Ok(())
}
