//! Recovery codes: single-use codes for who has lost every other factor.
//!
//! An extension: SuperTokens' cores have no such operations.

mod consume;
mod count;
mod generate;
mod remove;

pub use consume::{ConsumeRecoveryCode, ConsumeRecoveryCodeResponse};
pub use count::{CountRecoveryCodes, CountRecoveryCodesResponse};
pub use generate::{GenerateRecoveryCodes, GenerateRecoveryCodesResponse};
pub use remove::{RemoveRecoveryCodes, RemoveRecoveryCodesResponse};
