//! The settings of a tenant, and where they put it.

use std::sync::Arc;

use auth_protocol::{JsonObject, TenantId, TenantScope};
use quick_cache::sync::Cache;

use super::{app::AppPlaces, users::Whereabouts};
use crate::{
    ConfigError, Engine, EngineConfig, EngineError,
    multitenancy::TenantSettings,
    pools::{self, Pool},
};

/// How many tenants it is remembered of.
const MOST_TENANTS: usize = 10_000;

/// What is remembered of where tenants are.
pub(crate) struct Placements {
    tenants: Cache<TenantScope, Arc<Placement>>,
    pub(super) apps: AppPlaces,
    pub(super) users: Whereabouts,
}

impl Default for Placements {
    fn default() -> Self {
        Self {
            tenants: Cache::new(MOST_TENANTS),
            apps: AppPlaces::default(),
            users: Whereabouts::default(),
        }
    }
}

/// Where a tenant's settings put it.
pub(super) struct Placement {
    pub(super) settings: Arc<TenantSettings>,
    pub(super) config: Arc<EngineConfig>,
    /// Its database; none where that is the engine's own.
    pub(super) pool: Option<Arc<Pool>>,
    /// In whose chain of the audit log stands what is the app's.
    pub(super) app_chain: TenantId,
}

impl Engine {
    /// Where a tenant is; none where it has no settings of its own.
    pub(super) async fn placement_of(
        &self,
        scope: &TenantScope,
    ) -> Result<Option<Arc<Placement>>, EngineError> {
        let known = self.known().await?;
        let settings = known.settings(scope);
        if settings.core_config.is_empty() {
            return Ok(None);
        }
        if let Some(placement) = self.placements().tenants.get(scope)
            && Arc::ptr_eq(&placement.settings, &settings)
        {
            return Ok(Some(placement));
        }
        let inner = self.inner();
        let config = &inner.home_config;
        let config =
            config.with_core_config(&settings.core_config).map_err(|error| unusable(&error))?;
        let target = pools::target(inner, &settings.core_config)?;
        let of_app = TenantScope::new(scope.app.clone(), TenantId::default());
        let of_app = pools::target(inner, &known.settings(&of_app).core_config)?;
        let place = |target: &Option<pools::Target>| target.as_ref().map(pools::Target::place);
        let placement = Arc::new(Placement {
            config: Arc::new(config),
            app_chain: match place(&of_app) == place(&target) {
                true => TenantId::default(),
                false => scope.tenant.clone(),
            },
            pool: target.map(|target| inner.pools.of(&target)),
            settings,
        });
        self.placements().tenants.insert(scope.clone(), Arc::clone(&placement));
        Ok(Some(placement))
    }
}

/// What was checked when it was set can't be used any more.
fn unusable(error: &ConfigError) -> EngineError {
    EngineError::Internal(format!("a tenant's settings can't be used: {error}"))
}

/// Refuses settings of a tenant's database that can't be used; whether it can be reached isn't looked
/// at.
///
/// # Errors
/// The first key that is wrong.
pub(crate) fn validate(program: &EngineConfig, settings: &JsonObject) -> Result<(), ConfigError> {
    pools::Target::of(&program.database, settings).map(drop)
}
