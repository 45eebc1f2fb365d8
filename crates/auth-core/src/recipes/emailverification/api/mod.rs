//! What the routes do: one file each.

pub(super) mod generate_token;
pub(super) mod is_verified;
pub(super) mod verify;

use async_trait::async_trait;
use auth_protocol::{RecipeUserId, Secret, TenantId};

use crate::{
    Context, Result,
    overrides::{Overrides, input, overridable},
    recipes::session::Session,
};

input! {
    /// Asks for a link.
    pub struct GenerateEmailVerifyTokenPostInput from Session {
        /// The session, of which the login method's address is to be verified.
        session: Session,
    }
}

/// What the request for a link is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum GenerateEmailVerifyTokenPostOutcome {
    /// `OK`: the link is on its way.
    Ok,
    /// `EMAIL_ALREADY_VERIFIED_ERROR`: the session knows it now.
    EmailAlreadyVerified {
        /// The session that took the place of the one that asked, where linking made the login method
        /// another user's.
        new_session: Option<Session>,
    },
}

input! {
    /// A token from a link.
    pub struct VerifyEmailPostInput from Secret {
        /// The token.
        token: Secret,
        ..
        /// The tenant.
        tenant_id: TenantId,
        /// The session that the link was followed in.
        session: Option<Session>,
    }
}

/// What a token from a link is answered with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum VerifyEmailPostOutcome {
    /// `OK`: the address is verified.
    Ok {
        /// The login method.
        recipe_user_id: RecipeUserId,
        /// The address.
        email: String,
        /// The session that took the place of the one that the link was followed in, where linking
        /// made the login method another user's.
        new_session: Option<Session>,
    },
    /// `EMAIL_VERIFICATION_INVALID_TOKEN_ERROR`: the token is unknown, used or expired.
    InvalidToken,
}

input! {
    /// Asks whether the address is verified.
    pub struct IsEmailVerifiedGetInput from Session {
        /// The session, whose login method's address is meant.
        session: Session,
    }
}

/// Whether the address is verified.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IsEmailVerifiedGetOutcome {
    /// Whether it is.
    pub is_verified: bool,
    /// The session that took the place of the one that asked, where linking made the login method
    /// another user's.
    pub new_session: Option<Session>,
}

impl IsEmailVerifiedGetOutcome {
    /// The session that asked goes on.
    pub fn new(is_verified: bool) -> Self {
        Self { is_verified, new_session: None }
    }
}

overridable! {
    /// The recipe's APIs. [`crate::Error::General`] shows the user a message in place of an
    /// outcome.
    pub struct EmailVerificationApis;
    /// Replaces APIs of [`EmailVerificationApis`].
    pub trait EmailVerificationApisOverride;
    trait EmailVerificationApisBase;

    /// Sends a link to the address of the session's login method.
    async fn generate_email_verify_token_post(
        input: GenerateEmailVerifyTokenPostInput,
    ) -> Result<GenerateEmailVerifyTokenPostOutcome>;

    /// Verifies an address by the token from a link.
    async fn verify_email_post(input: VerifyEmailPostInput) -> Result<VerifyEmailPostOutcome>;

    /// Tells whether the address of the session's login method is verified.
    async fn is_email_verified_get(
        input: IsEmailVerifiedGetInput,
    ) -> Result<IsEmailVerifiedGetOutcome>;
}

pub(super) fn with_overrides(overrides: Overrides<EmailVerificationApis>) -> EmailVerificationApis {
    overrides.around(EmailVerificationApis::new(Base))
}

struct Base;

#[async_trait]
impl EmailVerificationApisBase for Base {
    async fn generate_email_verify_token_post(
        &self,
        cx: &Context,
        input: GenerateEmailVerifyTokenPostInput,
    ) -> Result<GenerateEmailVerifyTokenPostOutcome> {
        generate_token::base(cx, input).await
    }

    async fn verify_email_post(
        &self,
        cx: &Context,
        input: VerifyEmailPostInput,
    ) -> Result<VerifyEmailPostOutcome> {
        verify::base(cx, input).await
    }

    async fn is_email_verified_get(
        &self,
        cx: &Context,
        input: IsEmailVerifiedGetInput,
    ) -> Result<IsEmailVerifiedGetOutcome> {
        is_verified::base(cx, input).await
    }
}
