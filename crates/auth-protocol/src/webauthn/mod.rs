//! Sign-in by passkeys (Web Authentication Level 3).
//!
//! Options are made first, and carry the challenge to the browser; what its authenticator answers goes
//! back with the options' id. Binary values are base64url without padding.

mod consume_recovery_token;
mod create_recovery_token;
mod credential;
mod get_credential;
mod get_options;
mod get_user_of_recovery_token;
mod list_credentials;
mod model;
mod register_credential;
mod registration_options;
mod remove_credential;
mod remove_options;
mod rename_credential;
mod sign_in;
mod sign_in_options;
mod sign_up;
mod update_email;

pub use consume_recovery_token::{
    ConsumePasskeyRecoveryToken, ConsumePasskeyRecoveryTokenResponse,
};
pub use create_recovery_token::{CreatePasskeyRecoveryToken, CreatePasskeyRecoveryTokenResponse};
pub use credential::{
    AssertionResponse, AttestationResponse, AuthenticationCredential, RegistrationCredential,
};
pub use get_credential::{GetPasskey, GetPasskeyResponse};
pub use get_options::{GetPasskeyOptions, GetPasskeyOptionsResponse};
pub use get_user_of_recovery_token::{
    GetUserOfPasskeyRecoveryToken, GetUserOfPasskeyRecoveryTokenResponse,
};
pub use list_credentials::{ListPasskeys, ListPasskeysResponse};
pub use model::{
    AuthenticatorSelection, CredentialDescriptor, CredentialParameters, Passkey, PasskeyOptions,
    RegistrationOptions, RelyingParty, SignInOptions, UserEntity,
};
pub use register_credential::{RegisterPasskey, RegisterPasskeyResponse};
pub use registration_options::{
    CreatePasskeyRegistrationOptions, CreatePasskeyRegistrationOptionsResponse,
};
pub use remove_credential::{RemovePasskey, RemovePasskeyResponse};
pub use remove_options::{RemovePasskeyOptions, RemovePasskeyOptionsResponse};
pub use rename_credential::{RenamePasskey, RenamePasskeyResponse};
pub use sign_in::{PasskeySignIn, PasskeySignInResponse};
pub use sign_in_options::{CreatePasskeySignInOptions, CreatePasskeySignInOptionsResponse};
pub use sign_up::{PasskeySignUp, PasskeySignUpResponse};
pub use update_email::{UpdatePasskeyEmail, UpdatePasskeyEmailResponse};
