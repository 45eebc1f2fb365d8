//! `POST /user/password/reset/token` (FDI §7.4)

use std::time::Duration;

use auth_protocol::{
    LoginMethod, RecipeId, RecipeUserId, TenantId, User, UserId,
    emailpassword::CreatePasswordResetToken, normalise_email,
};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use super::{
    super::{
        CreateResetPasswordTokenInput, EmailPasswordInstance, FormFields, PasswordResetEmail,
        ResetLink, reasons::PASSWORD_RESET_NOT_ALLOWED,
    },
    GeneratePasswordResetTokenPostInput, GeneratePasswordResetTokenPostOutcome, method_of,
};
use crate::{
    ApiCall, Context, Response, Result,
    limits::{self, Action, Attempt},
    recipes::accountlinking::{
        AccountLinkingInstance, NewAccountInfo,
        allowed::{self, Asker},
        try_linking, users_with_email,
    },
};

/// The answer comes at the end of one of these, counted from the request: what was found takes longer
/// to read than nothing, by less than anybody can tell then.
const STEP: Duration = Duration::from_millis(20);

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let start = Instant::now();
    let ApiCall { cx, tenant_id } = call;
    let instance = EmailPasswordInstance::of(&cx)?;
    let form_fields = FormFields::read(&cx.json_body()?)?;
    form_fields.validate(&cx, &instance.forms.generate_reset_token, &tenant_id).await?;
    let attempt = Attempt::new(Action::SendPasswordReset).email(form_fields.email()).sends_mail();
    limits::count(&cx, &tenant_id, attempt).await?;
    let input = GeneratePasswordResetTokenPostInput::new(form_fields).tenant_id(tenant_id);
    let outcome = instance.apis.generate_password_reset_token_post(&cx, input).await?;
    end_of_step(start).await;
    Ok(match outcome {
        GeneratePasswordResetTokenPostOutcome::Ok => Response::status_only("OK"),
        GeneratePasswordResetTokenPostOutcome::NotAllowed { reason } => {
            Response::ok(&json!({ "status": "PASSWORD_RESET_NOT_ALLOWED", "reason": reason }))
        }
    })
}

async fn end_of_step(start: Instant) {
    let begun = start.elapsed().as_millis() / STEP.as_millis() + 1;
    sleep_until(start + STEP.saturating_mul(u32::try_from(begun).unwrap_or(u32::MAX))).await;
}

/// Looks the account up and answers. The token is made and sent afterwards, so that the time of
/// the answer doesn't tell whether there is an account; where there is none, the core is asked for
/// one all the same.
pub(super) async fn base(
    cx: &Context,
    input: GeneratePasswordResetTokenPostInput,
) -> Result<GeneratePasswordResetTokenPostOutcome> {
    let GeneratePasswordResetTokenPostInput { form_fields, tenant_id } = input;
    // As accounts have it, so that the mail goes to that address: what was given may name another
    // mailbox where it isn't normalised (a Kelvin sign is a `k`).
    let email = normalise_email(form_fields.email());
    let target = match find_target(cx, &tenant_id, &email).await? {
        Target::Nobody => None,
        Target::NotAllowed => {
            let reason = PASSWORD_RESET_NOT_ALLOWED.to_owned();
            return Ok(GeneratePasswordResetTokenPostOutcome::NotAllowed { reason });
        }
        Target::Account(target) => Some(target),
    };
    let (emailpassword, cx) = (cx.emailpassword()?, cx.clone());
    cx.clone().after_answer_unseen("password reset mail", async move {
        let Some(target) = target else {
            let user_id = UserId::new(NOBODY);
            let wanted = CreatePasswordResetToken { user_id, email };
            return Ok(cx.core().call(&tenant_id, wanted).await.map(drop)?);
        };
        let wanted =
            CreateResetPasswordTokenInput::new(target.token_for, &*email).tenant_id(&tenant_id);
        let ResetLink::Ok(link) = emailpassword.create_reset_password_link(wanted).await? else {
            return Ok(());
        };
        let instance = EmailPasswordInstance::of(&cx)?;
        let lifetime = instance.reset_link_lifetime(&cx, &tenant_id).await;
        let mut mail =
            PasswordResetEmail::new(tenant_id, target.user_id, email, link).link_lifetime(lifetime);
        mail.recipe_user_id = target.recipe_user_id;
        emailpassword.send_email(mail.into()).await
    });
    Ok(GeneratePasswordResetTokenPostOutcome::Ok)
}

/// An id that no user has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// For whom a token is made.
struct Account {
    /// The login method whose password it changes, or the user that gets one by it.
    token_for: UserId,
    /// Whom the mail is for.
    user_id: UserId,
    /// The login method, where there is one.
    recipe_user_id: Option<RecipeUserId>,
}

enum Target {
    Nobody,
    NotAllowed,
    Account(Account),
}

impl Account {
    fn method(id: &RecipeUserId, user_id: &UserId) -> Target {
        Target::Account(Self {
            token_for: UserId::from(id.clone()),
            user_id: user_id.clone(),
            recipe_user_id: Some(id.clone()),
        })
    }
}

async fn find_target(cx: &Context, tenant_id: &TenantId, email: &str) -> Result<Target> {
    let users = users_with_email(cx, tenant_id, email).await?;
    let own = users.iter().find_map(|user| Some((user, method_of(user, tenant_id, email)?)));
    let alone = || match own {
        Some((user, method)) => Account::method(&method.recipe_user_id, &user.id),
        None => Target::Nobody,
    };
    let Some(candidate) =
        linking_candidate(cx, tenant_id, &users, own.map(|(user, _)| user)).await?
    else {
        return Ok(alone());
    };
    if is_takeover_risk(candidate, email) {
        return Ok(Target::NotAllowed);
    }
    if let Some((user, method)) = own
        && user.id == candidate.id
        && candidate.is_primary_user
    {
        return Ok(Account::method(&method.recipe_user_id, &candidate.id));
    }
    let account = match own {
        Some((_, method)) => NewAccountInfo::of(method),
        None => NewAccountInfo::new(RecipeId::EmailPassword).email(email),
    };
    let answer = AccountLinkingInstance::of(cx)?
        .ask(cx, account.clone(), Some(candidate), None, tenant_id)
        .await?;
    // A reset link is no session in which a link could be confirmed.
    if answer.by_common_address().is_none() {
        return Ok(alone());
    }
    if let Some((_, method)) = own {
        return Ok(Account::method(&method.recipe_user_id, &candidate.id));
    }
    // Who follows the link proves the address, and gets a password for the account.
    let asker = Asker { account: &account, users: &users, tenant_id, session: None };
    if !allowed::is_sign_up_allowed(cx, asker, true).await? {
        return Ok(Target::Nobody);
    }
    let user_id = candidate.id.clone();
    Ok(Target::Account(Account { token_for: user_id.clone(), user_id, recipe_user_id: None }))
}

/// The user with which the email-password account is linked, or would be.
async fn linking_candidate<'u>(
    cx: &Context,
    tenant_id: &TenantId,
    users: &'u [User],
    own: Option<&User>,
) -> Result<Option<&'u User>> {
    if let Some(primary) = users.iter().find(|user| user.is_primary_user) {
        return Ok(Some(primary));
    }
    let Some(oldest) = users.iter().min_by_key(|user| user.time_joined) else { return Ok(None) };
    if users.len() == 1 && own.is_some() {
        return Ok(None);
    }
    let becomes = try_linking::should_become_primary(cx, tenant_id, oldest, None).await?;
    Ok(becomes.then_some(oldest))
}

/// Whether an address that isn't verified would open an account that has other identities, or other
/// ways in than the password: whoever made it knows those.
pub(super) fn is_takeover_risk(user: &User, email: &str) -> bool {
    let is_verified =
        user.login_methods.iter().any(|method| method.verified && method.has_same_email_as(email));
    let is_password = |it: &LoginMethod| it.recipe_id == RecipeId::EmailPassword;
    let has_others = !user.phone_numbers.is_empty()
        || user.login_methods.iter().any(|it| it.email.is_some() && !it.has_same_email_as(email))
        || user.login_methods.iter().any(is_password)
            && !user.login_methods.iter().all(is_password);
    !is_verified && has_others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_comes_at_the_end_of_a_step_whatever_was_looked_up() {
        for (worked_ms, answered_ms) in [(0, 20), (1, 20), (19, 20), (20, 40), (33, 40), (59, 60)] {
            let start = Instant::now();
            tokio::time::advance(Duration::from_millis(worked_ms)).await;
            end_of_step(start).await;
            assert_eq!(start.elapsed().as_millis(), answered_ms, "{worked_ms} ms of work");
        }
    }
}
