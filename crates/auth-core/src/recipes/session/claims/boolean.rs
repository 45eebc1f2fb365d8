//! A yes or no.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::JsonObject;

use super::{ClaimSubject, ClaimValidator, PrimitiveClaim, PrimitiveValidators, SessionClaim};
use crate::{Context, Result};

/// A claim that is true or false, stored as a [`PrimitiveClaim`] is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct BooleanClaim(PrimitiveClaim<bool>);

impl BooleanClaim {
    /// A claim by its key in the payload and the function that fetches its value.
    pub fn new<F, Fut>(key: impl AsRef<str>, fetch: F) -> Self
    where
        F: Fn(Context, ClaimSubject) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<bool>>> + Send + 'static,
    {
        Self(PrimitiveClaim::new(key, fetch))
    }

    /// See [`PrimitiveClaim::default_max_age`].
    #[must_use]
    pub fn default_max_age(self, max_age: Duration) -> Self {
        Self(self.0.default_max_age(max_age))
    }

    /// The claim's validators.
    pub fn validators(&self) -> BooleanValidators {
        BooleanValidators(self.0.validators())
    }
}

#[async_trait]
impl SessionClaim for BooleanClaim {
    type Value = bool;

    fn key(&self) -> &str {
        self.0.key()
    }

    async fn fetch_value(&self, cx: &Context, subject: &ClaimSubject) -> Result<Option<bool>> {
        self.0.fetch_value(cx, subject).await
    }

    fn add_to_payload(&self, payload: &mut JsonObject, value: &bool, now_ms: i64) -> Result<()> {
        self.0.add_to_payload(payload, value, now_ms)
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<bool> {
        self.0.value_from_payload(payload)
    }

    fn last_refetch_time_ms(&self, payload: &JsonObject) -> Option<i64> {
        self.0.last_refetch_time_ms(payload)
    }
}

/// The validators of a [`BooleanClaim`].
///
/// Each takes how old the value may be; `None` stands for the claim's default.
#[derive(Debug)]
pub struct BooleanValidators(PrimitiveValidators<bool>);

impl BooleanValidators {
    /// Names the validator for the client; by default it has the claim's key.
    #[must_use]
    pub fn with_id(self, id: impl Into<String>) -> Self {
        Self(self.0.with_id(id))
    }

    /// The value must be this one.
    pub fn has_value(&self, value: bool, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.0.has_value(&value, max_age)
    }

    /// The value must be true.
    pub fn is_true(&self, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.has_value(true, max_age)
    }

    /// The value must be false.
    pub fn is_false(&self, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.has_value(false, max_age)
    }
}
