//! Sign-up and sign-in by email address and password.

mod api;
mod common;
mod config;
mod facade;
mod factor;
mod fields;
mod functions;
mod instance;
mod mail;
mod reasons;
mod validators;

pub use api::{
    EmailExistsInput, EmailPasswordApis, EmailPasswordApisOverride, GenerateResetTokenInput,
    GenerateResetTokenOutcome, PasswordResetInput, PasswordResetOutcome, SignFormInput,
    SignInPostOutcome, SignUpPostOutcome,
};
pub use config::{EmailPasswordApi, EmailPasswordRecipe, FieldValidator, FormField};
pub use facade::{EmailPassword, ResetLink};
pub use fields::{FieldValue, FormFields};
pub use functions::{
    ConsumedResetToken, CreateResetTokenInput, Credentials, EmailPasswordFunctions,
    EmailPasswordOverride, PasswordUpdate, ResetTokenOutcome, SignInOutcome, SignUpOutcome,
    UpdateOutcome,
};
pub use instance::EmailPasswordInstance;
pub use mail::PasswordResetEmail;

pub use super::sign_in::LinkingFailure;

const ID: &str = "emailpassword";
