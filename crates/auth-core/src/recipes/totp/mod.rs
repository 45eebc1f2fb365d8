//! One-time passwords by an authenticator app (TOTP, RFC 6238), as a second factor.
//!
//! The recipe needs [`multifactorauth`](super::multifactorauth) beside it:
//!
//! ```
//! use auth_core::recipes::{multifactorauth::MultiFactorAuthRecipe, totp::TotpRecipe};
//!
//! let recipes = (MultiFactorAuthRecipe::new(), TotpRecipe::new().issuer("Example"));
//! # let _ = recipes;
//! ```

mod api;
mod config;
mod factor;
mod functions;
mod inputs;
mod instance;
mod qr;

pub use api::{
    CreateDevicePostInput, ListDevicesGetInput, RemoveDevicePostInput, TotpApis, TotpApisOverride,
    VerifyDevicePostInput, VerifyTotpPostInput,
};
pub use config::{TotpApi, TotpRecipe};
pub use functions::{Totp, TotpFunctions, TotpOverride};
pub use inputs::{
    CreateDeviceInput, CreateDeviceOutcome, CreatedDevice, GetUserIdentifierInfoForUserIdInput,
    ImportDeviceInput, ListDevicesInput, RemoveDeviceInput, UpdateDeviceInput, UserIdentifierInfo,
    VerifyDeviceInput, VerifyTotpInput,
};
pub use instance::TotpInstance;
pub use qr::qr_code_svg;

const ID: &str = "totp";
