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
    ConsumeCodePostInput, ConsumeCodePostOutcome, ContactExistsInput, CreateCodePostInput,
    CreateCodePostOutcome, PasswordlessApis, PasswordlessApisOverride, ResendCodePostInput,
    ResendCodePostOutcome,
};
pub use auth_protocol::passwordless::{
    CodeProof, ConsumedDevice, ContactChange, CreatedCode, Device, DeviceCode,
};
pub use config::{CodeGenerator, ContactValidator, PasswordlessApi, PasswordlessRecipe};
pub use contact::{Contact, ContactMethod, FlowType};
pub use facade::{Passwordless, SignInUp, SignInUpInput};
pub use functions::{PasswordlessFunctions, PasswordlessOverride};
pub use inputs::{
    CheckCodeOutcome, CodeAttempts, ConsumeCodeInput, ConsumeCodeOutcome, CreateCodeInput,
    NewCodeInput, NewCodeOutcome, RevokeCodeInput, UpdateUserInput, UpdateUserOutcome,
};
pub use instance::PasswordlessInstance;
pub use messages::{LoginCode, PasswordlessLoginEmail, PasswordlessLoginSms};

const ID: &str = "passwordless";
