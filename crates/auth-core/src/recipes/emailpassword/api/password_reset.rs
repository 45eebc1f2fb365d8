//! `POST /user/password/reset`

use auth_protocol::{RecipeId, RecipeUserId, Secret, TenantId, normalise_email};
use serde_json::Value;

use super::{
    super::{
        ConsumePasswordResetTokenInput, ConsumePasswordResetTokenOutcome, CreateNewRecipeUserInput,
        EmailPasswordInstance, FormFields, SignUpOutcome, UpdateEmailOrPasswordInput,
        UpdateEmailOrPasswordOutcome, change_password, fields::PASSWORD,
    },
    PasswordResetOutcome, PasswordResetPostInput,
};
use crate::{
    ApiCall, Context, Error, FormFieldError, Response, Result,
    limits::{self, Action, Attempt},
    recipes::recovery::{is_takeover_risk, settle},
};

pub(in super::super) async fn route(call: ApiCall) -> Result<Response> {
    let ApiCall { cx, tenant_id } = call;
    let instance = EmailPasswordInstance::of(&cx)?;
    let body = cx.json_body()?;
    let form_fields = FormFields::read(&body)?;
    form_fields.validate(&cx, &instance.forms.password_reset, &tenant_id).await?;
    let token = match body.get("token") {
        None => return Err(Error::bad_input("Please provide the password reset token")),
        Some(Value::String(token)) => Secret::new(token.clone()),
        Some(_) => return Err(Error::bad_input("The password reset token must be a string")),
    };
    let attempt = Attempt::new(Action::UsePasswordResetToken);
    let admission = limits::admit(&cx, &tenant_id, attempt).await?;
    let input = PasswordResetPostInput::new(form_fields, token).tenant_id(tenant_id);
    match instance.apis.password_reset_post(&cx, input).await? {
        PasswordResetOutcome::Ok { email, .. } => {
            // Who guesses keeps nobody from signing in where the link was followed.
            admission.account("email", normalise_email(&email)).succeeded().await;
            Ok(Response::status_only("OK"))
        }
        PasswordResetOutcome::InvalidToken => {
            Ok(Response::status_only("RESET_PASSWORD_INVALID_TOKEN_ERROR"))
        }
        PasswordResetOutcome::PasswordPolicyViolated { failure_reason } => {
            Err(Error::Fields(vec![FormFieldError {
                error: failure_reason,
                id: PASSWORD.to_owned(),
            }]))
        }
    }
}

/// The token stands for a login method, which gets the password; or for a user who has none of
/// this recipe, and gets one (FDI §7.4).
pub(super) async fn base(
    cx: &Context,
    input: PasswordResetPostInput,
) -> Result<PasswordResetOutcome> {
    let PasswordResetPostInput { form_fields, token, tenant_id } = input;
    let instance = EmailPasswordInstance::of(cx)?;
    let password = form_fields.password();
    // Before the token is used up.
    let mut problem = instance.password_policy_problem(cx, &password, None, &tenant_id).await?;
    if problem.is_none() {
        problem = instance.problem_with_owner(cx, &password, &token, &tenant_id).await?;
    }
    if let Some(failure_reason) = problem {
        return Ok(PasswordResetOutcome::PasswordPolicyViolated { failure_reason });
    }
    let consume = ConsumePasswordResetTokenInput::new(token).tenant_id(&tenant_id);
    let consumed = instance.functions.consume_password_reset_token(cx, consume).await?;
    let ConsumePasswordResetTokenOutcome::Ok { user_id, email } = consumed else {
        return Ok(PasswordResetOutcome::InvalidToken);
    };
    let problem = instance.problem_with_address(cx, &password, &email, &tenant_id).await?;
    if let Some(failure_reason) = problem {
        return Ok(PasswordResetOutcome::PasswordPolicyViolated { failure_reason });
    }
    let Some(user) = cx.accountlinking()?.get_user(&user_id).await? else {
        return Ok(PasswordResetOutcome::InvalidToken);
    };
    let id = RecipeUserId::from(user_id);
    let own = user.login_method(&id).filter(|it| it.recipe_id == RecipeId::EmailPassword);
    let changed = match own {
        // The address changed after the token was made, or became one of several.
        Some(method) if !method.has_same_email_as(&email) => None,
        Some(_)
            if user.is_primary_user && is_takeover_risk(&user, RecipeId::EmailPassword, &email) =>
        {
            None
        }
        Some(_) => set_password(cx, id, password).await?,
        None => create_method(cx, &tenant_id, &email, password).await?,
    };
    let Some(id) = changed else { return Ok(PasswordResetOutcome::InvalidToken) };
    Ok(match settle(cx, &tenant_id, id, &email).await? {
        Some(user) => PasswordResetOutcome::Ok { user, email },
        None => PasswordResetOutcome::InvalidToken,
    })
}

/// Sets the password of a login method, whose id it then gives.
async fn set_password(
    cx: &Context,
    id: RecipeUserId,
    password: Secret,
) -> Result<Option<RecipeUserId>> {
    // The policy was applied before, with the right tenant.
    let update = UpdateEmailOrPasswordInput::new(&id)
        .password(password)
        .apply_password_policy(false)
        .tell_owner(true);
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    let outcome = functions.update_email_or_password(cx, update).await?;
    Ok((outcome == UpdateEmailOrPasswordOutcome::Ok).then_some(id))
}

/// Creates a login method, whose id it then gives.
async fn create_method(
    cx: &Context,
    tenant_id: &TenantId,
    email: &str,
    password: Secret,
) -> Result<Option<RecipeUserId>> {
    let input = CreateNewRecipeUserInput::new(email, password).tenant_id(tenant_id);
    let functions = &EmailPasswordInstance::of(cx)?.functions;
    Ok(match functions.create_new_recipe_user(cx, input).await? {
        SignUpOutcome::Ok { recipe_user_id, .. } => {
            change_password::tell_owner(cx, recipe_user_id.clone())?;
            Some(recipe_user_id)
        }
        _ => None,
    })
}
