//! What a claim is, and what a rule about claims is.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use auth_protocol::{JsonObject, RecipeUserId, TenantId, UserId};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Context, Error, Result};

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
    /// The payload as it is so far; empty while a session is being created.
    pub current_payload: Arc<JsonObject>,
}

impl ClaimSubject {
    /// Names the user, the login method and the tenant.
    pub fn new(user_id: UserId, recipe_user_id: RecipeUserId, tenant_id: TenantId) -> Self {
        Self { user_id, recipe_user_id, tenant_id, current_payload: Arc::default() }
    }

    /// Sets the payload as it is so far.
    #[must_use]
    pub fn current_payload(mut self, payload: Arc<JsonObject>) -> Self {
        self.current_payload = payload;
        self
    }
}

/// A value with a name in the access token payload (FDI §2.9).
///
/// [`super::PrimitiveClaim`], [`super::BooleanClaim`] and [`super::PrimitiveArrayClaim`] cover
/// most needs; implement this for values that are stored in another way.
#[async_trait]
pub trait SessionClaim: Send + Sync {
    /// The value's type.
    type Value: Serialize + DeserializeOwned + Send + Sync;

    /// The claim's key in the payload.
    fn key(&self) -> &str;

    /// Fetches the value anew; `None` where there is none.
    async fn fetch_value(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
    ) -> Result<Option<Self::Value>>;

    /// Writes a value into a payload, with the time at which it was fetched, in milliseconds
    /// since the epoch.
    fn add_to_payload(
        &self,
        payload: &mut JsonObject,
        value: &Self::Value,
        now_ms: i64,
    ) -> Result<()>;

    /// Reads the value from a payload; `None` where it isn't there or of another type.
    fn value_from_payload(&self, payload: &JsonObject) -> Option<Self::Value>;

    /// When the value in a payload was fetched, in milliseconds since the epoch; `None` where it
    /// isn't there or claims of this kind don't note it.
    fn last_refetch_time_ms(&self, payload: &JsonObject) -> Option<i64>;

    /// Deletes the value from a payload.
    fn remove_from_payload(&self, payload: &mut JsonObject) {
        payload.shift_remove(self.key());
    }

    /// Writes into a payload update that the value is to be deleted: a null.
    fn remove_from_payload_by_merge(&self, update: &mut JsonObject) {
        update.insert(self.key().to_owned(), Value::Null);
    }

    /// Fetches the value and writes it into a payload; nothing is written where there is none.
    async fn build(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
        payload: &mut JsonObject,
    ) -> Result<()> {
        if let Some(value) = self.fetch_value(cx, subject).await? {
            self.add_to_payload(payload, &value, cx.core().now_ms())?;
        }
        Ok(())
    }
}

/// A claim whose value's type doesn't matter: what the session recipe itself works with. Every
/// [`SessionClaim`] is one.
#[async_trait]
pub trait AnyClaim: Send + Sync {
    /// The claim's key in the payload.
    fn claim_key(&self) -> &str;

    /// Fetches the value and adds it to the payload; nothing is added where there is no value.
    async fn fetch_into(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
        payload: &mut JsonObject,
    ) -> Result<()>;

    /// Writes a value, given as JSON, into a payload.
    fn add_json(&self, payload: &mut JsonObject, value: Value, now_ms: i64) -> Result<()>;

    /// Reads the value from a payload, as JSON.
    fn json_from_payload(&self, payload: &JsonObject) -> Option<Value>;

    /// When the value in a payload was fetched, in milliseconds since the epoch.
    fn refetch_time_ms(&self, payload: &JsonObject) -> Option<i64>;

    /// Writes into a payload update that the value is to be deleted.
    fn remove_by_merge(&self, update: &mut JsonObject);
}

#[async_trait]
impl<C: SessionClaim> AnyClaim for C {
    fn claim_key(&self) -> &str {
        self.key()
    }

    async fn fetch_into(
        &self,
        cx: &Context,
        subject: &ClaimSubject,
        payload: &mut JsonObject,
    ) -> Result<()> {
        self.build(cx, subject, payload).await
    }

    fn add_json(&self, payload: &mut JsonObject, value: Value, now_ms: i64) -> Result<()> {
        let value = serde_json::from_value(value).map_err(Error::other)?;
        self.add_to_payload(payload, &value, now_ms)
    }

    fn json_from_payload(&self, payload: &JsonObject) -> Option<Value> {
        serde_json::to_value(self.value_from_payload(payload)?).ok()
    }

    fn refetch_time_ms(&self, payload: &JsonObject) -> Option<i64> {
        self.last_refetch_time_ms(payload)
    }

    fn remove_by_merge(&self, update: &mut JsonObject) {
        self.remove_from_payload_by_merge(update);
    }
}

impl fmt::Debug for dyn AnyClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyClaim").field(&self.claim_key()).finish()
    }
}

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

impl fmt::Debug for dyn ClaimValidator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClaimValidator").field(&self.id()).finish()
    }
}
