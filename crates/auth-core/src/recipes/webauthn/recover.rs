//! A new passkey by the token from a link (FDI §7.4).

use auth_protocol::{
    RecipeId, RecipeUserId, TenantId, UserId,
    webauthn::{PasskeyOptions, RegistrationCredential},
};
use serde_json::Value;

use super::{
    ConsumeRecoverAccountTokenInput, ConsumeRecoverAccountTokenOutcome, CreateNewRecipeUserInput,
    GetGeneratedOptionsInput, GetUserFromRecoverAccountTokenInput, PasskeyRefusal,
    RecoverAccountInput, RecoverAccountOutcome, RegisterCredentialInput, RegisterCredentialOutcome,
    SignUpOutcome, WebAuthnInstance,
};
use crate::{
    Context, Result,
    factors::FactorId,
    recipes::{
        multifactorauth::{FactorChange, MultiFactorAuthInstance, TellOwnerOfFactorInput},
        recovery::{is_takeover_risk, settle},
        session::{Whose, end_sessions},
    },
};

/// The token stands for a login method, which gets the passkey; or for a user who has none of this
/// recipe, and gets one.
pub(super) async fn base(
    cx: &Context,
    input: RecoverAccountInput,
) -> Result<RecoverAccountOutcome> {
    use RecoverAccountOutcome as Outcome;
    if let Some(refused) = look_at(cx, &input).await? {
        return Ok(refused);
    }
    let RecoverAccountInput { token, webauthn_generated_options_id, credential, tenant_id } = input;
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let consume = ConsumeRecoverAccountTokenInput::new(token).tenant_id(&tenant_id);
    let consumed = functions.consume_recover_account_token(cx, consume).await?;
    let ConsumeRecoverAccountTokenOutcome::Ok { user_id, email } = consumed else {
        return Ok(Outcome::InvalidToken);
    };
    let Some(user) = cx.accountlinking()?.get_user(&user_id).await? else {
        return Ok(Outcome::InvalidToken);
    };
    let id = RecipeUserId::from(user_id);
    let own = user.login_method(&id).filter(|it| it.recipe_id == RecipeId::Webauthn);
    let options_id = webauthn_generated_options_id;
    let given = match own {
        // The address changed after the token was made, or became one of several.
        Some(method) if !method.has_same_email_as(&email) => Given::Nothing,
        Some(_) if user.is_primary_user && is_takeover_risk(&user, RecipeId::Webauthn, &email) => {
            Given::Nothing
        }
        Some(_) => {
            let input =
                RegisterCredentialInput::new(id, options_id, credential).tenant_id(&tenant_id);
            let recipe_user_id = input.recipe_user_id.clone();
            match functions.register_credential(cx, input).await? {
                RegisterCredentialOutcome::Ok { .. } => Given::To(recipe_user_id),
                RegisterCredentialOutcome::Refused(refusal) => Given::Refused(refusal),
                RegisterCredentialOutcome::CredentialAlreadyExists => Given::Refused(taken()),
                RegisterCredentialOutcome::UnknownUserId => Given::Nothing,
            }
        }
        None => {
            let input = CreateNewRecipeUserInput::new(options_id, credential).tenant_id(&tenant_id);
            match functions.create_new_recipe_user(cx, input).await? {
                SignUpOutcome::Ok { recipe_user_id, .. } => Given::To(recipe_user_id),
                SignUpOutcome::Refused(refusal) => Given::Refused(refusal),
                _ => Given::Nothing,
            }
        }
    };
    let id = match given {
        Given::To(id) => id,
        Given::Refused(refusal) => return Ok(Outcome::Refused(refusal)),
        Given::Nothing => return Ok(Outcome::InvalidToken),
    };
    let Some(user) = settle(cx, &tenant_id, id, &email).await? else {
        return Ok(Outcome::InvalidToken);
    };
    if WebAuthnInstance::of(cx)?.settings.ends_sessions_on_recovery {
        end_sessions(cx, Whose::User(user.id.clone()), None).await?;
    }
    tell_owner(cx, &tenant_id, user.id.clone())?;
    Ok(Outcome::Ok { user, email })
}

/// Who got the passkey.
enum Given {
    To(RecipeUserId),
    Refused(PasskeyRefusal),
    Nothing,
}

fn taken() -> PasskeyRefusal {
    let reason = "the passkey is registered already".to_owned();
    PasskeyRefusal::InvalidCredentials { reason }
}

/// What can be seen before the token is used up, so that a mistake doesn't use it up.
async fn look_at(
    cx: &Context,
    input: &RecoverAccountInput,
) -> Result<Option<RecoverAccountOutcome>> {
    let RecoverAccountInput { token, tenant_id, .. } = input;
    let functions = &WebAuthnInstance::of(cx)?.functions;
    let whose = GetUserFromRecoverAccountTokenInput::new(token.clone()).tenant_id(tenant_id);
    let whose = functions.get_user_from_recover_account_token(cx, whose).await?;
    let Some(email) = whose.email() else {
        return Ok(Some(RecoverAccountOutcome::InvalidToken));
    };
    let id = &*input.webauthn_generated_options_id;
    let options = GetGeneratedOptionsInput::new(id).tenant_id(tenant_id);
    let options = functions.get_generated_options(cx, options).await?;
    let refusal = match options {
        None => Some(PasskeyRefusal::OptionsNotFound),
        Some(options) => problem(&options, email, cx.core().now_ms())
            .map(|reason| PasskeyRefusal::InvalidOptions { reason: reason.to_owned() }),
    };
    let refusal = refusal.or_else(|| {
        let credential = Value::Object(input.credential.clone());
        let read = serde_json::from_value::<RegistrationCredential>(credential);
        let reason = read.err()?.to_string();
        Some(PasskeyRefusal::InvalidCredentials { reason })
    });
    Ok(refusal.map(RecoverAccountOutcome::Refused))
}

/// Why options can't be for the passkey of who has an address.
fn problem(options: &PasskeyOptions, email: &str, now_ms: i64) -> Option<&'static str> {
    match &options.email {
        None => Some("the options are for a sign-in"),
        Some(_) if options.expires_at < now_ms => Some("the options have expired"),
        Some(other) if other != email => Some("the options are for another address"),
        Some(_) => None,
    }
}

/// Mails the owner behind the answer that there is another passkey, where that is told of factors.
fn tell_owner(cx: &Context, tenant_id: &TenantId, user_id: UserId) -> Result<()> {
    if MultiFactorAuthInstance::find(cx).is_none() {
        return Ok(());
    }
    let input = TellOwnerOfFactorInput::new(user_id, FactorId::WEBAUTHN, FactorChange::Added)
        .tenant_id(tenant_id);
    cx.multifactorauth()?.tell_owner_later(input)
}
