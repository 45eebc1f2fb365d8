//! What the routes do.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{Secret, recoverycode::ConsumeRecoveryCodeResponse};
use serde_json::{Value, json};

use super::{ConsumeCodeInput, RecoveryCodeInstance};
use crate::{
    ApiCall, Context, Error, Response, Result,
    limits::{self, Action, Attempt},
    overrides::{Overrides, input, overridable},
    recipes::{
        multifactorauth::{
            FactorChange, FactorId, MarkFactorAsCompleteInSessionInput, required_session,
            wants_other_sessions_ended,
        },
        session::Session,
    },
};

input! {
    /// Whose session asks for new codes.
    pub struct GenerateCodesPostInput {
        /// The session.
        session: Session,
        ..
        /// Whether the user's other sessions end; `false` by default.
        end_other_sessions: bool,
    }
}

input! {
    /// A code that a session's user has entered.
    pub struct ConsumeCodePostInput {
        /// The session.
        session: Session,
        /// The code.
        code: Secret,
    }
}

input! {
    /// Whose session asks how many codes are left.
    pub struct CountCodesGetInput {
        /// The session.
        session: Session,
    }
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct RecoveryCodeApis;
    /// Replaces APIs of [`RecoveryCodeApis`].
    pub trait RecoveryCodeApisOverride;
    trait RecoveryCodeApisBase;

    /// Gives the session's user ten new codes, where a factor was completed lately, and mails the
    /// owner.
    async fn generate_codes_post(input: GenerateCodesPostInput) -> Result<Vec<Secret>>;

    /// Uses up a code of the session's user, and notes the factor in the session.
    async fn consume_code_post(input: ConsumeCodePostInput) -> Result<ConsumeRecoveryCodeResponse>;

    /// How many codes the session's user has left.
    async fn count_codes_get(input: CountCodesGetInput) -> Result<u32>;
}

pub(super) fn with_overrides(overrides: Overrides<RecoveryCodeApis>) -> RecoveryCodeApis {
    overrides.around(RecoveryCodeApis::new(Base))
}

/// `POST /recoverycode/generate`
pub(super) async fn generate(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let end_other_sessions = wants_other_sessions_ended(&cx.json_body()?)?;
    let input = GenerateCodesPostInput::new(session).end_other_sessions(end_other_sessions);
    let codes = RecoveryCodeInstance::of(cx)?.apis.generate_codes_post(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "codesLeft": codes.len(), "codes": codes })))
}

/// `POST /recoverycode/consume`
pub(super) async fn consume(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let body = cx.json_body()?;
    let Some(Value::String(code)) = body.get("code") else {
        return Err(Error::bad_input("code is required and must be a string"));
    };
    let attempt = Attempt::new(Action::RecoveryCode).user(session.get_user_id());
    let admission = limits::admit(cx, session.get_tenant_id(), attempt).await?;
    let input = ConsumeCodePostInput::new(session, code.as_str());
    let response = RecoveryCodeInstance::of(cx)?.apis.consume_code_post(cx, input).await?;
    if matches!(response, ConsumeRecoveryCodeResponse::Ok { .. }) {
        admission.succeeded().await;
    }
    // The core's answer is the wire's.
    Ok(Response::ok(&response))
}

/// `GET /recoverycode/count`
pub(super) async fn count(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let input = CountCodesGetInput::new(required_session(cx).await?);
    let codes_left = RecoveryCodeInstance::of(cx)?.apis.count_codes_get(cx, input).await?;
    Ok(Response::ok(&json!({ "status": "OK", "codesLeft": codes_left })))
}

struct Base;

#[async_trait]
impl RecoveryCodeApisBase for Base {
    async fn generate_codes_post(
        &self,
        cx: &Context,
        input: GenerateCodesPostInput,
    ) -> Result<Vec<Secret>> {
        let GenerateCodesPostInput { session, end_other_sessions } = input;
        let instance = RecoveryCodeInstance::of(cx)?;
        cx.multifactorauth()?.assert_requirements_complete(&session).await?;
        session.assert_claims(&[Arc::clone(&instance.fresh_factor)]).await?;
        let codes = instance.functions().generate_codes(cx, session.get_user_id()).await?;
        let mfa = cx.multifactorauth()?;
        mfa.factor_changed(&session, FactorId::RECOVERY_CODE, FactorChange::Renewed)?;
        if end_other_sessions {
            session.revoke_other_sessions().await?;
        }
        Ok(codes)
    }

    async fn consume_code_post(
        &self,
        cx: &Context,
        input: ConsumeCodePostInput,
    ) -> Result<ConsumeRecoveryCodeResponse> {
        let ConsumeCodePostInput { session, code } = input;
        let input =
            ConsumeCodeInput::new(session.get_user_id(), code).tenant_id(session.get_tenant_id());
        let response = RecoveryCodeInstance::of(cx)?.functions().consume_code(cx, input).await?;
        if matches!(response, ConsumeRecoveryCodeResponse::Ok { .. }) {
            let done = MarkFactorAsCompleteInSessionInput::new(session, FactorId::RECOVERY_CODE);
            cx.multifactorauth()?.mark_factor_as_complete_in_session(done).await?;
        }
        Ok(response)
    }

    async fn count_codes_get(&self, cx: &Context, input: CountCodesGetInput) -> Result<u32> {
        let user_id = input.session.get_user_id();
        RecoveryCodeInstance::of(cx)?.functions().count_codes(cx, user_id).await
    }
}
