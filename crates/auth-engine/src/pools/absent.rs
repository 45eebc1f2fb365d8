//! Databases of tenants, in a build without PostgreSQL: there are none.

#![allow(
    clippy::unused_async,
    clippy::unused_self,
    reason = "the form is that of what stands here with PostgreSQL"
)]

use std::sync::{Arc, Weak};

use auth_protocol::{JsonObject, TenantScope};

use crate::{
    ConfigError, Database, EngineConfig, EngineError, PoolHealth, engine::Inner, storage::Store,
};

/// A database of tenants, of those that are in use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TenantDatabaseHealth {
    /// Where it is: `host:port/name/schema`.
    pub database: String,
    /// Why it can't be reached, if it can't.
    pub trouble: Option<String>,
    /// Its connections, if it is open.
    pub pool: Option<PoolHealth>,
}

/// No databases.
pub(crate) struct Pools;

/// No database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {}

/// No database.
pub(crate) enum Pool {}

impl Target {
    pub(crate) fn of(_home: &Database, settings: &JsonObject) -> Result<Option<Self>, ConfigError> {
        if !settings.keys().any(|key| key.starts_with("postgresql_")) {
            return Ok(None);
        }
        let problem = "this program was built without PostgreSQL";
        let expected = "a build with the feature `postgres`";
        Err(ConfigError::new("postgresql_connection_uri", problem, expected))
    }

    pub(crate) fn place(&self) -> String {
        match *self {}
    }
}

impl Pool {
    pub(crate) fn place(&self) -> String {
        match *self {}
    }

    pub(crate) async fn open(&self, _engine: &Inner) -> Result<Store, EngineError> {
        match *self {}
    }

    pub(crate) fn heard<T>(&self, _result: Result<T, EngineError>) -> Result<T, EngineError> {
        match *self {}
    }

    pub(crate) async fn admit(
        &self,
        _engine: &Inner,
        _store: &Store,
        _scope: &TenantScope,
        _generation: u64,
    ) -> Result<(), EngineError> {
        match *self {}
    }
}

impl Pools {
    pub(crate) fn new(_config: &EngineConfig) -> Self {
        Self
    }

    pub(crate) fn of(&self, target: &Target) -> Arc<Pool> {
        match *target {}
    }

    pub(crate) fn health(&self) -> Vec<TenantDatabaseHealth> {
        Vec::new()
    }

    pub(crate) async fn close(&self) {}
}

pub(crate) async fn tend(_engine: Weak<Inner>) {}

pub(crate) fn open_ones(_engine: &Inner) -> Vec<Inner> {
    Vec::new()
}

pub(crate) fn target(engine: &Inner, settings: &JsonObject) -> Result<Option<Target>, EngineError> {
    Target::of(&engine.home_config.database, settings)
        .map_err(|error| EngineError::BadRequest(format!("Invalid core config: {error}")))
}

pub(crate) async fn check(engine: &Inner, settings: &JsonObject) -> Result<(), EngineError> {
    target(engine, settings).map(drop)
}

pub(crate) async fn may_move(
    _engine: &Inner,
    _scope: &TenantScope,
    _from: &JsonObject,
    _to: &JsonObject,
) -> Result<(), EngineError> {
    Ok(())
}

pub(crate) async fn remove_tenant(
    _engine: &Inner,
    _scope: &TenantScope,
    _settings: &JsonObject,
) -> Result<(), EngineError> {
    Ok(())
}
