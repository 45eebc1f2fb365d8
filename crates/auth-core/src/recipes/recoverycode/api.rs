//! What the routes do.

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{Secret, recoverycode::ConsumeRecoveryCodeResponse};
use serde_json::{Value, json};

use super::RecoveryCodeInstance;
use crate::{
    ApiCall, Context, Error, Response, Result,
    overrides::overridable,
    recipes::{
        multifactorauth::{FactorId, required_session},
        session::Session,
    },
};

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub trait RecoveryCodeApis;
    /// Replaces APIs of [`RecoveryCodeApis`].
    pub trait RecoveryCodeApisOverride;
    struct RecoveryCodeApisLayer;

    /// Gives the session's user ten new codes, where a factor was completed lately.
    async fn generate_codes_post(session: Session) -> Result<Vec<Secret>>;

    /// Uses up a code of the session's user, and notes the factor in the session.
    async fn consume_code_post(
        session: Session,
        code: Secret,
    ) -> Result<ConsumeRecoveryCodeResponse>;

    /// How many codes the session's user has left.
    async fn count_codes_get(session: Session) -> Result<u32>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn RecoveryCodeApisOverride>>,
) -> Arc<dyn RecoveryCodeApis> {
    RecoveryCodeApisLayer::stack(Arc::new(Base), overrides)
}

/// `POST /recoverycode/generate`
pub(super) async fn generate(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let codes = RecoveryCodeInstance::of(cx)?.apis.generate_codes_post(cx, session).await?;
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
    let apis = &RecoveryCodeInstance::of(cx)?.apis;
    // The core's answer is the wire's.
    Ok(Response::ok(&apis.consume_code_post(cx, session, Secret::from(code.as_str())).await?))
}

/// `GET /recoverycode/count`
pub(super) async fn count(call: ApiCall) -> Result<Response> {
    let cx = &call.cx;
    let session = required_session(cx).await?;
    let codes_left = RecoveryCodeInstance::of(cx)?.apis.count_codes_get(cx, session).await?;
    Ok(Response::ok(&json!({ "status": "OK", "codesLeft": codes_left })))
}

struct Base;

#[async_trait]
impl RecoveryCodeApis for Base {
    async fn generate_codes_post(&self, cx: &Context, session: Session) -> Result<Vec<Secret>> {
        let instance = RecoveryCodeInstance::of(cx)?;
        cx.multifactorauth()?.assert_requirements_complete(&session).await?;
        session.assert_claims(&[Arc::clone(&instance.fresh_factor)]).await?;
        instance.functions().generate_codes(cx, session.get_user_id().clone()).await
    }

    async fn consume_code_post(
        &self,
        cx: &Context,
        session: Session,
        code: Secret,
    ) -> Result<ConsumeRecoveryCodeResponse> {
        let (tenant_id, user_id) = (session.get_tenant_id().clone(), session.get_user_id().clone());
        let functions = RecoveryCodeInstance::of(cx)?.functions();
        let response = functions.consume_code(cx, tenant_id, user_id, code).await?;
        if matches!(response, ConsumeRecoveryCodeResponse::Ok { .. }) {
            cx.multifactorauth()?
                .mark_factor_as_complete_in_session(&session, FactorId::RECOVERY_CODE)
                .await?;
        }
        Ok(response)
    }

    async fn count_codes_get(&self, cx: &Context, session: Session) -> Result<u32> {
        let user_id = session.get_user_id().clone();
        RecoveryCodeInstance::of(cx)?.functions().count_codes(cx, user_id).await
    }
}
