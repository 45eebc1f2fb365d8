//! Recovery codes: single-use codes that stand in for a second factor which was lost.
//!
//! An extension of the FDI, in the manner of its other recipes; SuperTokens has none. It needs
//! [`multifactorauth`](super::multifactorauth) beside it. The codes are a factor,
//! [`recovery-code`](super::multifactorauth::FactorId::RECOVERY_CODE), that is set up while a user
//! has codes left, and that meets a requirement in the place of any factor which is required of
//! the user or the tenant.
//!
//! | route below the base path | body | answer |
//! |---|---|---|
//! | `POST /recoverycode/generate` | `{endOtherSessions?}` | `OK {codes, codesLeft}`: ten codes, shown only here; those that the user had end. 403 unless the session is complete and a factor was completed lately |
//! | `POST /recoverycode/consume` | `{code}` | `OK {codesLeft}`; `INVALID_RECOVERY_CODE_ERROR` and `LIMIT_REACHED_ERROR` as for TOTP, with which wrong codes count together; `UNKNOWN_USER_ID_ERROR` without codes |
//! | `GET /recoverycode/count` | | `OK {codesLeft}` |
//!
//! All of them need a session; the codes are the user's, whatever factors the session lacks.

mod api;
mod config;
mod factor;
mod functions;
mod instance;

pub use api::{
    ConsumeCodePostInput, CountCodesGetInput, GenerateCodesPostInput, RecoveryCodeApis,
    RecoveryCodeApisOverride,
};
pub use config::{RecoveryCodeApi, RecoveryCodeRecipe};
pub use functions::{
    ConsumeCodeInput, CountCodesInput, GenerateCodesInput, RecoveryCodeFunctions,
    RecoveryCodeOverride, RecoveryCodes, RemoveCodesInput,
};
pub use instance::RecoveryCodeInstance;

const ID: &str = "recoverycode";
