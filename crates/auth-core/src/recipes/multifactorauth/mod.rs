//! More than one factor: which a sign-in may start with, which must follow, and who may set up
//! another.
//!
//! A session is started by its first factor. Its access token carries the
//! [`MultiFactorAuthClaim`], which says which factors were completed when, and whether they are
//! enough; every session check demands that they are, unless it is told otherwise. By default
//! nothing is required besides the first factor:
//!
//! ```
//! use std::time::Duration;
//! use auth_core::recipes::{
//!     multifactorauth::{FactorId, MultiFactorAuthRecipe, MultiFactorAuthClaim},
//!     session::SessionOptions,
//! };
//!
//! let recipe = MultiFactorAuthRecipe::new()
//!     .first_factors([FactorId::EMAIL_PASSWORD])
//!     .required_secondary_factors([FactorId::TOTP]);
//!
//! // A route for which TOTP must have been entered within the last five minutes:
//! let step_up = MultiFactorAuthClaim::validators()
//!     .has_completed_factors([FactorId::TOTP.into()], Some(Duration::from_secs(300)));
//! let options = SessionOptions::new().claims([step_up]);
//! # let _ = (recipe, options);
//! ```

mod api;
mod check;
mod claim;
mod config;
mod facade;
pub(crate) mod factors;
mod functions;
mod in_tenant;
mod info;
mod inputs;
mod instance;
mod linking;
mod mail;
mod requirement;
mod user_factors;
mod validators;

pub use api::{
    MfaInfo, MultiFactorAuthApi, MultiFactorAuthApis, MultiFactorAuthApisOverride,
    ResyncSessionAndFetchMfaInfoPutInput, required_session, wants_other_sessions_ended,
};
pub use claim::{MultiFactorAuthClaim, MultiFactorAuthClaimValue};
pub use config::MultiFactorAuthRecipe;
pub use functions::{MultiFactorAuth, MultiFactorAuthFunctions, MultiFactorAuthOverride};
pub(crate) use in_tenant::FactorsInTenant;
pub use inputs::{
    AddToRequiredSecondaryFactorsForUserInput, AssertAllowedToSetupFactorInput, FactorChange,
    GetFactorsSetupForUserInput, GetMfaRequirementsForAuthInput,
    GetRequiredSecondaryFactorsForUserInput, MarkFactorAsCompleteInSessionInput,
    RemoveFromRequiredSecondaryFactorsForUserInput, TellOwnerOfFactorInput,
};
pub use instance::MultiFactorAuthInstance;
pub use mail::FactorChangedEmail;
pub use requirement::{FactorRequirement, FactorRequirementList};
pub use validators::MultiFactorAuthValidators;

pub use crate::factors::{FactorId, TenantFactors};

const ID: &str = "multifactorauth";
