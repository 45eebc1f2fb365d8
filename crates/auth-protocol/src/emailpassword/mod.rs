//! Sign-in by email address and password.

mod check_password;
mod check_reset_token;
mod consume_reset_token;
mod create_reset_token;
mod get_user;
mod import_password_hash;
mod reset_password;
mod sign_in;
mod sign_up;
mod update;

pub use check_password::CheckPassword;
pub use check_reset_token::CheckPasswordResetToken;
pub use consume_reset_token::{ConsumePasswordResetToken, ConsumePasswordResetTokenResponse};
pub use create_reset_token::{CreatePasswordResetToken, CreatePasswordResetTokenResponse};
pub use get_user::{GetEmailPasswordUser, GetEmailPasswordUserResponse};
pub use import_password_hash::{HashingAlgorithm, ImportPasswordHash, ImportPasswordHashResponse};
pub use reset_password::{ResetPassword, ResetPasswordResponse};
pub use sign_in::{SignIn, SignInResponse};
pub use sign_up::{SignUp, SignUpResponse};
pub use update::{UpdateEmailOrPassword, UpdateEmailOrPasswordResponse};
