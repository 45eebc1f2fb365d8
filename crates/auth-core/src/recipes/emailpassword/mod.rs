//! Sign-up and sign-in by email address and password.

mod api;
mod common;
mod config;
mod facade;
mod factor;
mod fields;
mod functions;
mod inputs;
mod instance;
mod mail;
mod reasons;
mod validators;

pub use api::{
    EmailExistsGetInput, EmailPasswordApis, EmailPasswordApisOverride,
    GeneratePasswordResetTokenPostInput, GeneratePasswordResetTokenPostOutcome,
    PasswordResetOutcome, PasswordResetPostInput, SignInPostInput, SignInPostOutcome,
    SignUpPostInput, SignUpPostOutcome,
};
pub use config::{EmailPasswordApi, EmailPasswordRecipe, FieldValidator, FormField};
pub use facade::ResetLink;
pub use fields::{FieldValue, FormFields};
pub use functions::{EmailPassword, EmailPasswordFunctions, EmailPasswordOverride};
pub use inputs::{
    ConsumePasswordResetTokenInput, ConsumePasswordResetTokenOutcome, CreateNewRecipeUserInput,
    CreateResetPasswordTokenInput, CreateResetPasswordTokenOutcome, ImportPasswordHashInput,
    ResetPasswordUsingTokenInput, SignInInput, SignInOutcome, SignUpInput, SignUpOutcome,
    UpdateEmailOrPasswordInput, UpdateEmailOrPasswordOutcome, VerifyCredentialsInput,
};
pub use instance::EmailPasswordInstance;
pub use mail::PasswordResetEmail;

pub use super::sign_in::LinkingFailure;

const ID: &str = "emailpassword";
