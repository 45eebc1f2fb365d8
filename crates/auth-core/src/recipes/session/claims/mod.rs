//! Values in the access token payload, and rules about them.

use async_trait::async_trait;
use auth_protocol::{JsonObject, RecipeUserId, TenantId, UserId};

use crate::{Context, Result};

/// Whom a claim's value is fetched for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClaimSubject {
    /// The user.
    pub user_id: UserId,
    /// The login method that the session was started with.
    pub recipe_user_id: RecipeUserId,
    /// The session's tenant.
    pub tenant_id: TenantId,
}

impl ClaimSubject {
    /// Names the user, the login method and the tenant.
    pub fn new(user_id: UserId, recipe_user_id: RecipeUserId, tenant_id: TenantId) -> Self {
        Self { user_id, recipe_user_id, tenant_id }
    }
}

/// A claim whose value's type doesn't matter: what the session recipe itself works with.
#[async_trait]
pub trait AnyClaim: Send + Sync {
    /// The claim's key in the payload.
    fn key(&self) -> &str;

    /// Fetches the value and adds it to the payload; nothing is added where there is no value.
    async fn fetch_into(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
        payload: &mut JsonObject,
    ) -> Result<()>;
}

/// A validator's verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum ClaimValidation {
    /// The payload satisfies the rule.
    Valid,
    /// The payload doesn't satisfy the rule, with the reason as JSON where there is one.
    Invalid(Option<serde_json::Value>),
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

    /// Checks the payload.
    async fn validate(&self, cx: &Context, payload: &JsonObject) -> Result<ClaimValidation>;
}
