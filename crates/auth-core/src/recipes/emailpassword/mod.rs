//! Sign-up and sign-in by email address and password.

mod api;
mod breaches;
mod change_password;
mod config;
mod facade;
mod factor;
mod fields;
mod functions;
mod inputs;
mod instance;
mod mail;
mod policy;
mod reasons;

pub use api::{
    ChangePasswordPostInput, EmailExistsGetInput, EmailPasswordApis, EmailPasswordApisOverride,
    GeneratePasswordResetTokenPostInput, GeneratePasswordResetTokenPostOutcome,
    PasswordResetOutcome, PasswordResetPostInput, SignInPostInput, SignInPostOutcome,
    SignUpPostInput, SignUpPostOutcome,
};
#[cfg(feature = "breached-passwords")]
pub use breaches::PwnedPasswordsApi;
pub use breaches::{
    BREACHED_PASSWORD_CLAIM, BreachCheck, BreachedPasswords, password_is_not_breached,
};
pub use config::{EmailPasswordApi, EmailPasswordRecipe, FieldValidator, FormField};
pub use facade::ResetLink;
pub use fields::{FieldValue, FormFields};
pub use functions::{EmailPassword, EmailPasswordFunctions, EmailPasswordOverride};
pub use inputs::{
    ChangePasswordInput, ChangePasswordOutcome, ConsumePasswordResetTokenInput,
    ConsumePasswordResetTokenOutcome, CreateNewRecipeUserInput, CreateResetPasswordTokenInput,
    CreateResetPasswordTokenOutcome, ImportPasswordHashInput, ResetPasswordUsingTokenInput,
    SignInInput, SignInOutcome, SignUpInput, SignUpOutcome, UpdateEmailOrPasswordInput,
    UpdateEmailOrPasswordOutcome, VerifyCredentialsInput,
};
pub use instance::EmailPasswordInstance;
pub use mail::{PasswordChangedEmail, PasswordResetEmail};
pub use policy::PasswordPolicy;

pub use super::sign_in::LinkingFailure;

const ID: &str = "emailpassword";
