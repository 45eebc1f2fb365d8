//! The second factor: a code by SMS, through the Passwordless recipe, within the same session.

use async_trait::async_trait;
use auth_core::{
    Context, Result,
    recipes::{
        passwordless::{
            ConsumeCodePostInput, ConsumeCodePostOutcome, Contact, CreateCodePostInput,
            CreateCodePostOutcome, PasswordlessApis, PasswordlessApisOverride,
        },
        session::Session,
    },
};

use crate::{
    phone::{keep_number, known_number, number_for_code},
    second_factor::{OngoingSession, SECOND_FACTOR, any_session},
};

/// Lets a session that lacks the second factor do it by the recipe's own routes. What isn't for a
/// phone, or comes without such a session, signs in as ever.
///
/// A front end of the recipe for several factors says that it wants the session regarded: then that
/// recipe decides, and the guide's factor is done by the way where the number is its own.
pub(crate) struct SmsSecondFactor;

#[async_trait]
impl PasswordlessApisOverride for SmsSecondFactor {
    async fn create_code_post(
        &self,
        original: &dyn PasswordlessApis,
        cx: &Context,
        mut input: CreateCodePostInput,
    ) -> Result<CreateCodePostOutcome> {
        if let Contact::PhoneNumber(asked) = &input.contact
            && input.should_try_linking_with_session_user != Some(true)
            && let Some(session) = session_without_second_factor(cx).await?
        {
            let number = number_for_code(cx, &session, Some(asked)).await?;
            input.contact = Contact::PhoneNumber(number);
        }
        original.create_code_post(cx, input).await
    }

    async fn consume_code_post(
        &self,
        original: &dyn PasswordlessApis,
        cx: &Context,
        input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        let device = cx
            .passwordless()?
            .list_codes_by_pre_auth_session_id(&input.tenant_id, &*input.proof.pre_auth_session_id)
            .await?;
        let Some(number) = device.and_then(|device| device.phone_number) else {
            return original.consume_code_post(cx, input).await;
        };
        let Some(session) = session_without_second_factor(cx).await? else {
            return original.consume_code_post(cx, input).await;
        };
        let known = known_number(cx, session.get_user_id()).await?;
        let is_own = known.is_none_or(|known| known == number);
        if input.should_try_linking_with_session_user != Some(true) {
            if !is_own {
                return Ok(ConsumeCodePostOutcome::RestartFlow);
            }
            cx.insert(OngoingSession(session.clone()));
        }
        let outcome = original.consume_code_post(cx, input).await?;
        if is_own && let ConsumeCodePostOutcome::Ok { session, .. } = &outcome {
            complete(cx, session, &number).await?;
        }
        Ok(outcome)
    }
}

/// The second factor is done, by a code that went to this number.
pub(crate) async fn complete(cx: &Context, session: &Session, number: &str) -> Result<()> {
    if known_number(cx, session.get_user_id()).await?.is_none() {
        keep_number(cx, session, number).await?;
    }
    session.set_claim_value(&*SECOND_FACTOR, true).await
}

async fn session_without_second_factor(cx: &Context) -> Result<Option<Session>> {
    let session = cx.session()?.get_session(&any_session().session_required(false)).await?;
    Ok(session.filter(|session| session.get_claim_value(&*SECOND_FACTOR) != Some(true)))
}
