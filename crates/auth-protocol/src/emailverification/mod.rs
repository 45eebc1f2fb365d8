//! Addresses that users have proved to be theirs.

mod create_token;
mod is_verified;
mod remove_tokens;
mod unverify;
mod verify;

pub use create_token::{CreateEmailVerificationToken, CreateEmailVerificationTokenResponse};
pub use is_verified::{IsEmailVerified, IsEmailVerifiedResponse};
pub use remove_tokens::{RemoveEmailVerificationTokens, RemoveEmailVerificationTokensResponse};
pub use unverify::{UnverifyEmail, UnverifyEmailResponse};
pub use verify::{VerifyEmail, VerifyEmailResponse};
