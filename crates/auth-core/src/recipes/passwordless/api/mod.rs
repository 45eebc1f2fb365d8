//! What the routes do: one file each.

pub(super) mod consume_code;
pub(super) mod create_code;
pub(super) mod exists;
pub(super) mod resend_code;

use std::sync::Arc;

use async_trait::async_trait;
use auth_protocol::{JsonObject, Secret, TenantId, User, passwordless::CodeProof};
use serde_json::Value;

use super::{CodeAttempts, Contact, FlowType};
use crate::{Context, Error, Result, overrides::overridable, recipes::session::Session};

/// Asks for a code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CreateCodePostInput {
    /// Whom the code is for: validated, and [normalised](Contact::normalised).
    pub contact: Contact,
    /// The session's tenant, or else the path's.
    pub tenant_id: TenantId,
    /// The session that the request came with, where the client wants it to be regarded.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user; `None` from front ends before
    /// FDI 3.1.
    pub should_try_linking_with_session_user: Option<bool>,
}

/// What a request for a code is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CreateCodePostOutcome {
    /// `OK`: the code is on its way.
    Ok {
        /// The device's secret.
        device_id: Secret,
        /// The device's digest.
        pre_auth_session_id: String,
        /// What the user was sent.
        flow_type: FlowType,
    },
    /// `SIGN_IN_UP_NOT_ALLOWED`
    SignInUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

/// Asks for one more code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResendCodePostInput {
    /// The device's secret.
    pub device_id: Secret,
    /// The device's digest.
    pub pre_auth_session_id: String,
    /// The tenant in the path.
    pub tenant_id: TenantId,
    /// The session that the request came with, where the client wants it to be regarded.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user; `None` from front ends before
    /// FDI 3.1.
    pub should_try_linking_with_session_user: Option<bool>,
}

/// What a request for one more code is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResendCodePostOutcome {
    /// `OK`: the code is on its way.
    Ok,
    /// `RESTART_FLOW_ERROR`: the device is unknown.
    RestartFlow,
}

/// A code to sign in with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConsumeCodePostInput {
    /// The code.
    pub proof: CodeProof,
    /// The session's tenant, or else the path's.
    pub tenant_id: TenantId,
    /// The session that the request came with, where the client wants it to be regarded.
    pub session: Option<Session>,
    /// Whether the account shall be linked to the session's user; `None` from front ends before
    /// FDI 3.1.
    pub should_try_linking_with_session_user: Option<bool>,
}

/// What a code is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConsumeCodePostOutcome {
    /// `OK`: the user is signed in.
    Ok {
        /// Whether the login method is new.
        created_new_recipe_user: bool,
        /// The user.
        user: User,
        /// The session.
        session: Session,
    },
    /// `INCORRECT_USER_INPUT_CODE_ERROR`: the code that was typed in is wrong.
    IncorrectUserInputCode(CodeAttempts),
    /// `EXPIRED_USER_INPUT_CODE_ERROR`: the code that was typed in was right once.
    ExpiredUserInputCode(CodeAttempts),
    /// `RESTART_FLOW_ERROR`: a new code must be requested.
    RestartFlow,
    /// `SIGN_IN_UP_NOT_ALLOWED`
    SignInUpNotAllowed {
        /// Why, for the user.
        reason: String,
    },
}

/// Asks whether a contact has an account.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ContactExistsInput {
    /// The address or phone number.
    pub contact: String,
    /// The tenant.
    pub tenant_id: TenantId,
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub trait PasswordlessApis;
    /// Replaces APIs of [`PasswordlessApis`].
    pub trait PasswordlessApisOverride;
    struct PasswordlessApisLayer;

    /// Creates a code and sends it.
    async fn create_code_post(input: CreateCodePostInput) -> Result<CreateCodePostOutcome>;

    /// Creates one more code of a device and sends it.
    async fn resend_code_post(input: ResendCodePostInput) -> Result<ResendCodePostOutcome>;

    /// Signs a user in by a code or link.
    async fn consume_code_post(input: ConsumeCodePostInput) -> Result<ConsumeCodePostOutcome>;

    /// Whether an address has an account of this recipe in the tenant.
    async fn email_exists_get(input: ContactExistsInput) -> Result<bool>;

    /// Whether a phone number has an account in the tenant, of whatever recipe.
    async fn phone_number_exists_get(input: ContactExistsInput) -> Result<bool>;
}

pub(super) fn with_overrides(
    overrides: Vec<Arc<dyn PasswordlessApisOverride>>,
) -> Arc<dyn PasswordlessApis> {
    PasswordlessApisLayer::stack(Arc::new(Base), overrides)
}

struct Base;

#[async_trait]
impl PasswordlessApis for Base {
    async fn create_code_post(
        &self,
        cx: &Context,
        input: CreateCodePostInput,
    ) -> Result<CreateCodePostOutcome> {
        create_code::base(cx, input).await
    }

    async fn resend_code_post(
        &self,
        cx: &Context,
        input: ResendCodePostInput,
    ) -> Result<ResendCodePostOutcome> {
        resend_code::base(cx, input).await
    }

    async fn consume_code_post(
        &self,
        cx: &Context,
        input: ConsumeCodePostInput,
    ) -> Result<ConsumeCodePostOutcome> {
        consume_code::base(cx, input).await
    }

    async fn email_exists_get(&self, cx: &Context, input: ContactExistsInput) -> Result<bool> {
        exists::email(cx, input).await
    }

    async fn phone_number_exists_get(
        &self,
        cx: &Context,
        input: ContactExistsInput,
    ) -> Result<bool> {
        exists::phone_number(cx, input).await
    }
}

/// A member of the body that must be a text where it is there; `null` counts as absent.
fn text<'b>(body: &'b JsonObject, name: &str) -> Result<Option<&'b str>> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Error::bad_input(format!("{name} must be a string"))),
    }
}
