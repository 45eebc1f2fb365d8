//! A list of values.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::JsonObject;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    ClaimSubject, ClaimValidator, PrimitiveClaim, SessionClaim,
    rule::{Expected, Rule},
};
use crate::{Context, Result};

/// A claim with a list of values, stored as a [`PrimitiveClaim`] is. Cheap to clone.
pub struct PrimitiveArrayClaim<T>(PrimitiveClaim<Vec<T>>);

impl<T> PrimitiveArrayClaim<T> {
    /// A claim by its key in the payload and the function that fetches its values.
    pub fn new<F, Fut>(key: impl AsRef<str>, fetch: F) -> Self
    where
        F: Fn(Context, ClaimSubject) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<Vec<T>>>> + Send + 'static,
    {
        Self(PrimitiveClaim::new(key, fetch))
    }

    /// See [`PrimitiveClaim::default_max_age`].
    #[must_use]
    pub fn default_max_age(self, max_age: Duration) -> Self {
        Self(self.0.default_max_age(max_age))
    }

    /// The claim's validators.
    pub fn validators(&self) -> PrimitiveArrayValidators<T> {
        PrimitiveArrayValidators { claim: self.clone(), id: None }
    }
}

impl<T> Clone for PrimitiveArrayClaim<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for PrimitiveArrayClaim<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PrimitiveArrayClaim").field(&self.0).finish()
    }
}

#[async_trait]
impl<T> SessionClaim for PrimitiveArrayClaim<T>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    type Value = Vec<T>;

    fn key(&self) -> &str {
        self.0.key()
    }

    async fn fetch_value(&self, cx: &Context, subject: &ClaimSubject) -> Result<Option<Vec<T>>> {
        self.0.fetch_value(cx, subject).await
    }

    fn add_to_payload(&self, payload: &mut JsonObject, value: &Vec<T>, now_ms: i64) -> Result<()> {
        self.0.add_to_payload(payload, value, now_ms)
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<Vec<T>> {
        self.0.value_from_payload(payload)
    }

    fn last_refetch_time_ms(&self, payload: &JsonObject) -> Option<i64> {
        self.0.last_refetch_time_ms(payload)
    }
}

/// The validators of a [`PrimitiveArrayClaim`]. A claim without a value satisfies none of them.
///
/// Each takes how old the value may be; `None` stands for the claim's default.
#[derive(Debug)]
pub struct PrimitiveArrayValidators<T> {
    claim: PrimitiveArrayClaim<T>,
    id: Option<String>,
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> PrimitiveArrayValidators<T> {
    /// Names the validator for the client; by default it has the claim's key.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The list must contain the value.
    pub fn includes(&self, value: &T, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.rule(Expected::Include(json(value)), max_age)
    }

    /// The list must not contain the value.
    pub fn excludes(&self, value: &T, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.rule(Expected::Exclude(json(value)), max_age)
    }

    /// The list must contain every one of the values.
    pub fn includes_all(&self, values: &[T], max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.rule(Expected::IncludeAll(values.iter().map(json).collect()), max_age)
    }

    /// The list must contain at least one of the values.
    pub fn includes_any(&self, values: &[T], max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.rule(Expected::IncludeAny(values.iter().map(json).collect()), max_age)
    }

    /// The list must contain none of the values.
    pub fn excludes_all(&self, values: &[T], max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        self.rule(Expected::ExcludeAll(values.iter().map(json).collect()), max_age)
    }

    fn rule(&self, expected: Expected, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        Arc::new(Rule {
            id: self.id.clone().unwrap_or_else(|| self.claim.key().to_owned()),
            max_age: max_age.or(self.claim.0.max_age()),
            expected,
            claim: Arc::new(self.claim.clone()),
        })
    }
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
