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
mod facade;
mod factor;
mod functions;
mod import;
mod instance;
mod qr;

pub use api::{CreateDeviceInput, TotpApis, TotpApisOverride};
pub use config::{TotpApi, TotpRecipe};
pub use facade::Totp;
pub use functions::{
    CreateDevice, CreateDeviceOutcome, CreatedDevice, TotpFunctions, TotpOverride,
    UserIdentifierInfo,
};
pub use import::ImportDevice;
pub use instance::TotpInstance;
pub use qr::qr_code_svg;

const ID: &str = "totp";
