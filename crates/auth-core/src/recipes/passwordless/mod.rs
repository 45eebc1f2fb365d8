//! Sign-in by one-time codes and magic links, sent by mail or to a phone.

mod api;
mod config;
mod contact;
mod facade;
mod factor;
mod functions;
mod inputs;
mod instance;
mod messages;
mod reasons;
mod send;

pub use api::{
    ConsumeCodePostInput, ConsumeCodePostOutcome, CreateCodePostInput, CreateCodePostOutcome,
    EmailExistsGetInput, PasswordlessApis, PasswordlessApisOverride, PhoneNumberExistsGetInput,
    ResendCodePostInput, ResendCodePostOutcome,
};
pub use auth_protocol::passwordless::{
    CodeProof, ConsumedDevice, ContactChange, CreatedCode, Device, DeviceCode,
};
pub use config::{CodeGenerator, ContactValidator, PasswordlessApi, PasswordlessRecipe};
pub use contact::{Contact, ContactMethod, FlowType};
pub use facade::{SignInUp, SignInUpInput};
pub use functions::{Passwordless, PasswordlessFunctions, PasswordlessOverride};
pub use inputs::{
    CheckCodeInput, CheckCodeOutcome, CodeAttempts, ConsumeCodeInput, ConsumeCodeOutcome,
    CreateCodeInput, CreateNewCodeForDeviceInput, CreateNewCodeForDeviceOutcome,
    ListCodesByDeviceIdInput, ListCodesByEmailInput, ListCodesByPhoneNumberInput,
    ListCodesByPreAuthSessionIdInput, RevokeAllCodesInput, RevokeCodeInput, RevokedCode,
    UpdateUserInput, UpdateUserOutcome,
};
pub use instance::PasswordlessInstance;
pub use messages::{LoginCode, PasswordlessLoginEmail, PasswordlessLoginSms};

const ID: &str = "passwordless";
