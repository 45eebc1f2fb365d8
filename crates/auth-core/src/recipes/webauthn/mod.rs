//! Sign-up and sign-in by passkeys (Web Authentication Level 3; FDI §1.9).
//!
//! A browser asks for options first, which carry a challenge; what its authenticator answers comes
//! back with their id. Beyond the reference's routes there are names, an offer of passkeys, and related
//! origins.

mod api;
mod config;
mod facade;
mod factor;
mod fresh;
mod functions;
mod inputs;
mod instance;
mod last_way;
mod mail;
mod names;
mod options;
mod policy;
mod promotion;
mod reasons;
mod recover;
mod refusal;
mod site;
mod update_email;

pub use api::extensions::{PromotionGetInput, PromotionPostInput, RenameCredentialPostInput};
pub use api::{
    EmailExistsGetInput, GenerateRecoverAccountTokenPostInput,
    GenerateRecoverAccountTokenPostOutcome, ListCredentialsGetInput, ListCredentialsGetOutcome,
    RecoverAccountPostInput, RegisterCredentialPostInput, RegisterCredentialPostOutcome,
    RegisterOptionsPostInput, RemoveCredentialPostInput, RemoveCredentialPostOutcome,
    SignInOptionsPostInput, SignInPostInput, SignInPostOutcome, SignUpPostInput, SignUpPostOutcome,
    WebAuthnApis, WebAuthnApisOverride,
};
pub use config::{PasskeyEmailValidator, WebAuthnApi, WebAuthnRecipe};
pub use facade::RecoverAccountLink;
pub use functions::{WebAuthn, WebAuthnFunctions, WebAuthnOverride};
pub use inputs::{
    ConsumeRecoverAccountTokenInput, ConsumeRecoverAccountTokenOutcome, CreateNewRecipeUserInput,
    GenerateRecoverAccountTokenInput, GenerateRecoverAccountTokenOutcome, GetCredentialInput,
    GetGeneratedOptionsInput, GetUserFromRecoverAccountTokenInput,
    GetUserFromRecoverAccountTokenOutcome, ListCredentialsInput, PasskeyFor, RecoverAccountInput,
    RecoverAccountOutcome, RegisterCredentialInput, RegisterCredentialOutcome,
    RegisterOptionsInput, RegisterOptionsOutcome, RemoveCredentialInput,
    RemoveGeneratedOptionsInput, SignInInput, SignInOptionsInput, SignInOptionsOutcome,
    SignInOutcome, SignUpInput, SignUpOutcome, UpdateUserEmailInput, UpdateUserEmailOutcome,
    VerifyCredentialsInput,
};
pub use instance::WebAuthnInstance;
pub use mail::RecoverAccountEmail;
pub use names::{RenameCredentialInput, RenameCredentialOutcome};
pub use policy::{AttestationPreference, AuthenticatorPreference};
pub use promotion::PasskeyPromotionAnswer;
pub use refusal::PasskeyRefusal;

pub use super::sign_in::LinkingFailure;

const ID: &str = "webauthn";
