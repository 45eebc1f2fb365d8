//! The second factor: a code by SMS, through the Passwordless recipe, within the same session.

use std::time::Duration;

use auth_core::{
    Context, Error, Result,
    protocol::{JsonObject, TenantId},
    recipes::{
        passwordless::{
            CheckCodeInput, CheckCodeOutcome, CodeProof, ConsumeCodePostInput,
            ConsumeCodePostOutcome, Contact, CreateCodeInput, CreateCodePostInput,
            CreateCodePostOutcome, CreatedCode, FlowType, ListCodesByPreAuthSessionIdInput,
            LoginCode, PasswordlessApis, PasswordlessApisOverride, PasswordlessLoginSms,
            RevokeCodeInput, RevokedCode,
        },
        session::Session,
    },
};
use serde_json::Value;

use crate::{
    phone::number_for_code,
    second_factor::{SECOND_FACTOR, any_session},
};

/// Where a session's data says which device its code was created for.
const DEVICE: &str = "secondFactorDevice";

/// Lets a session that lacks the second factor do it by the recipe's own routes: by a code that it
/// asked for itself, and that went to the number on record. The code makes no user. What isn't for a
/// phone, or comes without such a session, signs in as ever.
///
/// A front end of the recipe for several factors says that it wants the session regarded: then that
/// recipe decides, links the phone to the session's user, and the guide's factor is done by the way.
pub(crate) struct SmsSecondFactor;

impl PasswordlessApisOverride for SmsSecondFactor {
    async fn create_code_post(
        &self,
        original: &PasswordlessApis,
        cx: &Context,
        mut input: CreateCodePostInput,
    ) -> Result<CreateCodePostOutcome> {
        let Contact::PhoneNumber(asked) = &input.contact else {
            return original.create_code_post(cx, input).await;
        };
        let Some(session) = session_without_second_factor(cx).await? else {
            return original.create_code_post(cx, input).await;
        };
        let number = number_for_code(cx, &session, Some(asked)).await?;
        let outcome = if input.should_try_linking_with_session_user == Some(true) {
            input.contact = Contact::PhoneNumber(number);
            original.create_code_post(cx, input).await?
        } else {
            // It starts no session: whether the tenant's users may sign in by phone doesn't matter.
            let code = send_code(cx, &session, &number).await?;
            CreateCodePostOutcome::Ok {
                device_id: code.device_id,
                pre_auth_session_id: code.pre_auth_session_id,
                flow_type: FlowType::UserInputCode,
            }
        };
        if let CreateCodePostOutcome::Ok { pre_auth_session_id, .. } = &outcome {
            let mut data = session.get_session_data_from_database().await?;
            data.insert(DEVICE.to_owned(), pre_auth_session_id.as_str().into());
            session.update_session_data_in_database(data).await?;
        }
        Ok(outcome)
    }

    async fn consume_code_post(
        &self,
        original: &PasswordlessApis,
        cx: &Context,
        input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        use ConsumeCodePostOutcome as Outcome;
        let id = input.proof.pre_auth_session_id.clone();
        let passwordless = cx.passwordless()?;
        let find = ListCodesByPreAuthSessionIdInput::new(&*id).tenant_id(&input.tenant_id);
        let device = passwordless.list_codes_by_pre_auth_session_id(find).await?;
        if device.is_none_or(|device| device.phone_number.is_none()) {
            return original.consume_code_post(cx, input).await;
        }
        let Some(session) = session_without_second_factor(cx).await? else {
            return original.consume_code_post(cx, input).await;
        };
        let data: JsonObject = session.get_session_data_from_database().await?;
        let is_asked_here = data.get(DEVICE).and_then(Value::as_str) == Some(&id);
        if input.should_try_linking_with_session_user == Some(true) {
            let outcome = original.consume_code_post(cx, input).await?;
            if is_asked_here && let Outcome::Ok { session, .. } = &outcome {
                complete(session).await?;
            }
            return Ok(outcome);
        }
        if !is_asked_here {
            return Ok(Outcome::RestartFlow);
        }
        Ok(match use_code(cx, &input.tenant_id, input.proof).await? {
            CheckCodeOutcome::Ok(_) => {
                complete(&session).await?;
                let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
                let user = user.ok_or_else(|| Error::general("This account was deleted."))?;
                Outcome::Ok { created_new_recipe_user: false, user, session }
            }
            CheckCodeOutcome::IncorrectUserInputCode(attempts) => {
                Outcome::IncorrectUserInputCode(attempts)
            }
            CheckCodeOutcome::ExpiredUserInputCode(attempts) => {
                Outcome::ExpiredUserInputCode(attempts)
            }
            _ => Outcome::RestartFlow,
        })
    }
}

/// Sends a code to a phone, in the session's tenant.
pub(crate) async fn send_code(
    cx: &Context,
    session: &Session,
    number: &str,
) -> Result<CreatedCode> {
    let passwordless = cx.passwordless()?;
    let tenant_id = session.get_tenant_id();
    let contact = Contact::PhoneNumber(number.to_owned());
    let code = passwordless.create_code(CreateCodeInput::new(contact).tenant_id(tenant_id)).await?;
    let lifetime = Duration::from_millis(code.code_lifetime.unsigned_abs());
    let login = LoginCode::new(tenant_id.clone(), code.pre_auth_session_id.clone(), lifetime)
        .user_input_code(code.user_input_code.clone())
        .second_factor();
    passwordless.send_sms(PasswordlessLoginSms::new(number, login).into()).await?;
    Ok(code)
}

/// Checks a code, and uses a right one up without making a user of the phone.
pub(crate) async fn use_code(
    cx: &Context,
    tenant_id: &TenantId,
    proof: CodeProof,
) -> Result<CheckCodeOutcome> {
    let passwordless = cx.passwordless()?;
    let device = RevokedCode::PreAuthSessionId(proof.pre_auth_session_id.clone());
    let outcome = passwordless.check_code(CheckCodeInput::new(proof).tenant_id(tenant_id)).await?;
    if let CheckCodeOutcome::Ok(_) = &outcome {
        passwordless.revoke_code(RevokeCodeInput::new(device).tenant_id(tenant_id)).await?;
    }
    Ok(outcome)
}

/// The second factor is done in this session.
pub(crate) async fn complete(session: &Session) -> Result<()> {
    session.set_claim_value(&*SECOND_FACTOR, true).await
}

async fn session_without_second_factor(cx: &Context) -> Result<Option<Session>> {
    let session = cx.session()?.get_session(&any_session().session_required(false)).await?;
    Ok(session.filter(|session| session.get_claim_value(&*SECOND_FACTOR) != Some(true)))
}
