//! Addresses that users prove to be theirs, by a link that is mailed to them.
//!
//! A session's access token says by the [`EmailVerificationClaim`] whether the user has proved the
//! address that it signed in with. In [`EmailVerificationMode::Required`] every session check demands
//! it, unless it is told otherwise; in [`EmailVerificationMode::Optional`] a route asks for it where
//! it likes:
//!
//! ```
//! use auth_core::recipes::{
//!     emailverification::{EmailVerificationClaim, EmailVerificationMode, EmailVerificationRecipe},
//!     session::SessionOptions,
//! };
//!
//! let recipe = EmailVerificationRecipe::new(EmailVerificationMode::Optional);
//! let is_verified = EmailVerificationClaim::validators().is_verified(None, None);
//! let options = SessionOptions::new().claims([is_verified]);
//! # let _ = (recipe, options);
//! ```

mod api;
mod claim;
mod config;
mod facade;
mod functions;
mod inputs;
mod instance;
mod mail;
mod mark;
mod session;

pub use api::{
    EmailVerificationApis, EmailVerificationApisOverride, GenerateEmailVerifyTokenPostInput,
    GenerateEmailVerifyTokenPostOutcome, IsEmailVerifiedGetInput, IsEmailVerifiedGetOutcome,
    VerifyEmailPostInput, VerifyEmailPostOutcome,
};
pub use claim::{EmailVerificationClaim, EmailVerificationValidators};
pub use config::{EmailVerificationApi, EmailVerificationMode, EmailVerificationRecipe};
pub use facade::VerificationLink;
pub use functions::{EmailVerification, EmailVerificationFunctions, EmailVerificationOverride};
pub use inputs::{
    CreateEmailVerificationTokenInput, CreateEmailVerificationTokenOutcome, EmailForRecipeUserId,
    IsEmailVerifiedInput, RevokeEmailVerificationTokensInput, UnverifyEmailInput,
    VerifyEmailUsingTokenInput, VerifyEmailUsingTokenOutcome,
};
pub use instance::EmailVerificationInstance;
pub use mail::EmailVerificationEmail;
pub(crate) use mark::{has_proved, mark_verified, share_proofs};

const ID: &str = "emailverification";
