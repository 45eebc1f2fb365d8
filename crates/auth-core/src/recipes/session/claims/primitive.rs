//! A single value; a yes or no.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use auth_protocol::JsonObject;
use futures_util::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    ClaimSubject, ClaimValidator, SessionClaim, member,
    rule::{Expected, Rule},
};
use crate::{Context, Error, Result};

type Fetch<T> =
    Arc<dyn Fn(Context, ClaimSubject) -> BoxFuture<'static, Result<Option<T>>> + Send + Sync>;

/// A claim with a single value, stored as `{"v": value, "t": milliseconds since the epoch}`.
/// Cheap to clone.
pub struct PrimitiveClaim<T> {
    key: Arc<str>,
    fetch: Fetch<T>,
    default_max_age: Option<Duration>,
}

impl<T> PrimitiveClaim<T> {
    /// A claim by its key in the payload and the function that fetches its value.
    pub fn new<F, Fut>(key: impl AsRef<str>, fetch: F) -> Self
    where
        F: Fn(Context, ClaimSubject) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<T>>> + Send + 'static,
    {
        Self {
            key: Arc::from(key.as_ref()),
            fetch: Arc::new(move |cx, subject| Box::pin(fetch(cx, subject))),
            default_max_age: None,
        }
    }

    /// How old a value may be before validators have it fetched anew, in whole seconds, where
    /// they don't say otherwise; without this it may have any age.
    #[must_use]
    pub fn default_max_age(mut self, max_age: Duration) -> Self {
        self.default_max_age = Some(max_age);
        self
    }

    pub(super) fn max_age(&self) -> Option<Duration> {
        self.default_max_age
    }

    /// The value or the time of its last fetch.
    fn part<'p>(&self, payload: &'p JsonObject, name: &str) -> Option<&'p Value> {
        member(member(payload, &self.key)?.as_object()?, name)
    }
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> PrimitiveClaim<T> {
    /// The claim's validators.
    pub fn validators(&self) -> PrimitiveValidators<T> {
        PrimitiveValidators { claim: self.clone(), id: None }
    }
}

impl<T> Clone for PrimitiveClaim<T> {
    fn clone(&self) -> Self {
        Self {
            key: Arc::clone(&self.key),
            fetch: Arc::clone(&self.fetch),
            default_max_age: self.default_max_age,
        }
    }
}

impl<T> fmt::Debug for PrimitiveClaim<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrimitiveClaim").field("key", &self.key).finish_non_exhaustive()
    }
}

#[async_trait]
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> SessionClaim for PrimitiveClaim<T> {
    type Value = T;

    fn key(&self) -> &str {
        &self.key
    }

    async fn fetch_value(&self, cx: &Context, subject: &ClaimSubject) -> Result<Option<T>> {
        (self.fetch)(cx.clone(), subject.clone()).await
    }

    fn add_to_payload(&self, payload: &mut JsonObject, value: &T, now_ms: i64) -> Result<()> {
        let value = serde_json::to_value(value).map_err(Error::other)?;
        payload.insert(self.key.as_ref().to_owned(), json!({ "v": value, "t": now_ms }));
        Ok(())
    }

    fn value_from_payload(&self, payload: &JsonObject) -> Option<T> {
        T::deserialize(self.part(payload, "v")?).ok()
    }

    fn last_refetch_time_ms(&self, payload: &JsonObject) -> Option<i64> {
        self.part(payload, "t").and_then(Value::as_i64)
    }
}

/// The validators of a [`PrimitiveClaim`].
///
/// Each takes how old the value may be; `None` stands for the claim's default.
#[derive(Debug)]
pub struct PrimitiveValidators<T> {
    claim: PrimitiveClaim<T>,
    id: Option<String>,
}

impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> PrimitiveValidators<T> {
    /// Names the validator for the client; by default it has the claim's key.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The value must be this one.
    pub fn has_value(&self, value: &T, max_age: Option<Duration>) -> Arc<dyn ClaimValidator> {
        Arc::new(Rule {
            id: self.id.clone().unwrap_or_else(|| self.claim.key.as_ref().to_owned()),
            max_age: max_age.or(self.claim.default_max_age),
            expected: Expected::Equal(serde_json::to_value(value).unwrap_or_default()),
            claim: Arc::new(self.claim.clone()),
        })
    }
}

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
