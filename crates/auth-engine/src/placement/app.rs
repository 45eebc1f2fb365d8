//! The databases of an app.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use auth_protocol::{AppId, TenantId, TenantScope};

use super::spot::Spot;
#[cfg(feature = "postgres")]
use crate::engine::Inner;
use crate::{
    Engine, EngineError,
    pools::{self, Target},
};

/// How many apps it is remembered of.
const MOST_APPS: usize = 10_000;

/// One tenant of each database of an app, `public` where it can be: the first is that of `public`.
pub(super) type Databases = Arc<[TenantId]>;

/// What is remembered, as of a generation of the settings.
#[derive(Default)]
pub(super) struct AppPlaces(ArcSwap<Known>);

#[derive(Clone, Default)]
struct Known {
    generation: u64,
    apps: HashMap<AppId, Databases>,
}

impl AppPlaces {
    fn get(&self, generation: u64, app: &AppId) -> Option<Databases> {
        let known = self.0.load();
        (known.generation == generation).then(|| known.apps.get(app).cloned()).flatten()
    }

    fn set(&self, generation: u64, app: &AppId, databases: &Databases) {
        self.0.rcu(|known| {
            let mut known = match known.generation == generation && known.apps.len() < MOST_APPS {
                true => Known::clone(known),
                false => Known { generation, apps: HashMap::new() },
            };
            known.apps.insert(app.clone(), Arc::clone(databases));
            known
        });
    }
}

impl Engine {
    /// One tenant of each database that the app has users in.
    pub(super) async fn databases_of(&self, app: &AppId) -> Result<Databases, EngineError> {
        let registry = self.known().await?;
        let generation = registry.generation();
        if let Some(known) = self.placements().apps.get(generation, app) {
            return Ok(known);
        }
        let mut found: Vec<(Option<String>, TenantId)> = Vec::new();
        for (tenant, settings) in registry.settings_of_app(app) {
            // What can't be used is told to who asks for that tenant.
            let target = pools::target(self.inner(), &settings.core_config);
            let Ok(target) = target else { continue };
            let place = target.as_ref().map(Target::place);
            match found.iter_mut().find(|(known, _)| *known == place) {
                Some((_, first)) if tenant.is_public() => *first = tenant,
                Some(_) => {}
                None => found.push((place, tenant)),
            }
        }
        found.sort_by_key(|(_, tenant)| (!tenant.is_public(), tenant.clone()));
        let mut databases: Vec<TenantId> = found.into_iter().map(|(_, tenant)| tenant).collect();
        if databases.is_empty() {
            // There is no such app, as the operation will say.
            databases.push(TenantId::default());
        }
        let databases = Databases::from(databases);
        self.placements().apps.set(generation, app, &databases);
        Ok(databases)
    }

    /// Where each of the app's databases is, given by one of its tenants. The engine itself is none.
    pub(super) async fn spot_in(
        &self,
        app: &AppId,
        tenant: &TenantId,
    ) -> Result<Option<Spot>, EngineError> {
        self.spot(&TenantScope::new(app.clone(), tenant.clone())).await
    }
}

/// Every database that a tenant of any app has.
#[cfg(feature = "postgres")]
pub(crate) async fn every_target(engine: &Inner) -> Result<Vec<Target>, EngineError> {
    let known = engine.registry.current(&engine.home_store).await?;
    let settings = known.apps().flat_map(|app| known.settings_of_app(app));
    let mut targets: HashMap<String, Target> = HashMap::new();
    for (_, settings) in settings {
        if let Ok(Some(target)) = pools::target(engine, &settings.core_config) {
            targets.insert(target.place(), target);
        }
    }
    Ok(targets.into_values().collect())
}
