//! What the routes do: one file each.

pub(super) mod consume_code;
pub(super) mod create_code;
pub(super) mod exists;
pub(super) mod resend_code;

use async_trait::async_trait;
use auth_protocol::{JsonObject, Secret, TenantId, User, passwordless::CodeProof};
use serde_json::Value;

use super::{CodeAttempts, Contact, FlowType};
use crate::{
    Context, Error, Result,
    overrides::{Overrides, input, overridable},
    recipes::{multifactorauth::FactorId, session::Session},
};

input! {
    /// Asks for a code.
    pub struct CreateCodePostInput {
        /// Whom the code is for: validated, and [normalised](Contact::normalised).
        contact: Contact,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
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

input! {
    /// Asks for one more code.
    pub struct ResendCodePostInput {
        /// The device's secret.
        device_id: Secret,
        /// The device's digest.
        pre_auth_session_id: String,
        ..
        /// The tenant in the path.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
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

input! {
    /// A code to sign in with.
    pub struct ConsumeCodePostInput {
        /// The code.
        proof: CodeProof,
        ..
        /// The session's tenant, or else the path's.
        tenant_id: TenantId,
        /// The session that the request came with, where the client wants it to be regarded.
        session: Option<Session>,
        /// Whether the account shall be linked to the session's user; `None` from front ends before
        /// FDI 3.1.
        should_try_linking_with_session_user: Option<bool>,
    }
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
    /// `SIGN_IN_UP_NOT_ALLOWED` with `confirmWith` (an extension): the code is right and stays so, but
    /// another user has proved the address, and the application links
    /// [after confirmation](crate::recipes::accountlinking::AutomaticLinking::AfterConfirmation).
    ConfirmationRequired {
        /// Why, for the user.
        reason: String,
        /// The factors by which that user signs in: in a session that one of them started, the code
        /// is good with `shouldTryLinkingWithSessionUser`.
        confirm_with: Vec<FactorId>,
    },
}

input! {
    /// Asks whether an address has an account.
    pub struct EmailExistsGetInput {
        /// The address.
        email: String,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

input! {
    /// Asks whether a phone number has an account.
    pub struct PhoneNumberExistsGetInput {
        /// The phone number.
        phone_number: String,
        ..
        /// The tenant.
        tenant_id: TenantId,
    }
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct PasswordlessApis;
    /// Replaces APIs of [`PasswordlessApis`].
    ///
    /// # Asking for a code
    ///
    /// ```
    /// use auth_core::{
    ///     Context, Result,
    ///     recipes::passwordless::{
    ///         CreateCodePostInput, CreateCodePostOutcome, PasswordlessApis,
    ///         PasswordlessApisOverride,
    ///     },
    /// };
    ///
    /// /// Only who works here may sign in.
    /// struct Colleagues;
    ///
    /// impl PasswordlessApisOverride for Colleagues {
    ///     async fn create_code_post(
    ///         &self,
    ///         original: &PasswordlessApis,
    ///         cx: &Context,
    ///         input: CreateCodePostInput,
    ///     ) -> Result<CreateCodePostOutcome> {
    ///         if !input.contact.as_str().ends_with("@example.com") {
    ///             let reason = "Please use your address at work".to_owned();
    ///             return Ok(CreateCodePostOutcome::SignInUpNotAllowed { reason });
    ///         }
    ///         original.create_code_post(cx, input).await
    ///     }
    /// }
    /// ```
    pub trait PasswordlessApisOverride;
    trait PasswordlessApisBase;

    /// Creates a code and sends it.
    async fn create_code_post(input: CreateCodePostInput) -> Result<CreateCodePostOutcome>;

    /// Creates one more code of a device and sends it.
    async fn resend_code_post(input: ResendCodePostInput) -> Result<ResendCodePostOutcome>;

    /// Signs a user in by a code or link.
    async fn consume_code_post(input: ConsumeCodePostInput) -> Result<ConsumeCodePostOutcome>;

    /// Whether an address has an account of this recipe in the tenant.
    async fn email_exists_get(input: EmailExistsGetInput) -> Result<bool>;

    /// Whether a phone number has an account in the tenant, of whatever recipe.
    async fn phone_number_exists_get(input: PhoneNumberExistsGetInput) -> Result<bool>;
}

pub(super) fn with_overrides(overrides: Overrides<PasswordlessApis>) -> PasswordlessApis {
    overrides.around(PasswordlessApis::new(Base))
}

struct Base;

#[async_trait]
impl PasswordlessApisBase for Base {
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

    async fn email_exists_get(&self, cx: &Context, input: EmailExistsGetInput) -> Result<bool> {
        exists::email(cx, input).await
    }

    async fn phone_number_exists_get(
        &self,
        cx: &Context,
        input: PhoneNumberExistsGetInput,
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
