//! Values in the access token payload, and rules about them.
//!
//! A claim is declared once and used wherever it is needed:
//!
//! ```
//! use std::sync::LazyLock;
//!
//! use auth_core::{
//!     Context, Result,
//!     recipes::session::{
//!         CreateNewSessionInput, Session, SessionFunctions, SessionOptions, SessionOverride,
//!         SessionRecipe,
//!         claims::{BooleanClaim, SessionClaim},
//!     },
//! };
//!
//! static SECOND_FACTOR: LazyLock<BooleanClaim> =
//!     LazyLock::new(|| BooleanClaim::new("2fa-completed", |_, _| async { Ok(Some(false)) }));
//!
//! /// New sessions start with the second factor to be done.
//! struct SecondFactorPending;
//!
//! impl SessionOverride for SecondFactorPending {
//!     async fn create_new_session(
//!         &self,
//!         original: &SessionFunctions,
//!         cx: &Context,
//!         mut input: CreateNewSessionInput,
//!     ) -> Result<Session> {
//!         let subject = input.claim_subject();
//!         SECOND_FACTOR.build(cx, &subject, &mut input.access_token_payload).await?;
//!         original.create_new_session(cx, input).await
//!     }
//! }
//!
//! let recipe = SessionRecipe::new().override_functions(SecondFactorPending);
//! // A route that stays closed until the second factor is done:
//! let options = SessionOptions::new().claims([SECOND_FACTOR.validators().is_true(None)]);
//!
//! /// Called once it is.
//! async fn done(session: &Session) -> Result<()> {
//!     session.set_claim_value(&*SECOND_FACTOR, true).await
//! }
//! # let _ = (recipe, options, done);
//! ```

use auth_protocol::JsonObject;
use serde_json::Value;

mod array;
mod claim;
mod primitive;
mod rule;

pub use array::{PrimitiveArrayClaim, PrimitiveArrayValidators};
pub use claim::{AnyClaim, ClaimSubject, ClaimValidation, ClaimValidator, SessionClaim};
pub use primitive::{BooleanClaim, BooleanValidators, PrimitiveClaim, PrimitiveValidators};

/// A member of a payload or of a claim's value. They are short, so that going through one takes
/// less than hashing the key would: this stands in front of every route that asks for a claim.
pub(crate) fn member<'p>(object: &'p JsonObject, key: &str) -> Option<&'p Value> {
    object.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}
