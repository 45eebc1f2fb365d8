//! What a rule about claims is.

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde_json::Value;

use super::AnyClaim;
use crate::{Context, Result};

/// A validator's verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValidation {
    /// The payload satisfies the rule.
    Valid,
    /// The payload doesn't satisfy the rule, with the reason as JSON where there is one.
    Invalid(Option<Value>),
}

/// A rule about the access token payload.
#[async_trait]
pub trait ClaimValidator: Send + Sync {
    /// The validator's id, as the client sees it.
    fn id(&self) -> &str;

    /// The claim that is refetched before validation where [`Self::should_refetch`] says so.
    fn claim(&self) -> Option<&dyn AnyClaim> {
        None
    }

    /// Whether the claim's value is missing or too old.
    async fn should_refetch(&self, _cx: &Context, _payload: &JsonObject) -> Result<bool> {
        Ok(false)
    }

    /// Whether the payload satisfies the rule as it is, where that can be told at once: true only
    /// where [`Self::should_refetch`] would say no and [`Self::validate`] would find it valid. What
    /// answers false, as every validator does by default, is asked by those two.
    ///
    /// A session check asks this first, so that a token that satisfies every rule isn't delayed.
    fn is_satisfied_by(&self, _cx: &Context, _payload: &JsonObject) -> bool {
        false
    }

    /// Checks the payload.
    async fn validate(&self, cx: &Context, payload: &JsonObject) -> Result<ClaimValidation>;
}
