//! What is set for tenants, held in memory.
//!
//! Only what differs from the program's own settings is held, all of it at once, and read anew when
//! the generation of the home database has changed. The generation is looked at once a second at most,
//! by the operation that finds it older; the others go on with what is known meanwhile. So another
//! process's change is seen within a second, and one's own at once. Where the database is down, what
//! is known goes on being used.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use auth_protocol::{AppId, JsonObject, TenantId, TenantScope};

use super::{apps::AppName, stored};
use crate::{
    Clock, Engine, EngineConfig, EngineError,
    keys::{AppNews, Schedule},
    storage::{Store, Tx, in_tx, params},
};

/// How old what is known may be.
const LONGEST_MS: i64 = 1000;

const GENERATION: &str = "SELECT generation FROM tenant_changes WHERE id = 0";

const APPS: &str = "SELECT app_id, connection_uri_domain, outside_id, created_at_time FROM apps";

const CONFIGS: &str =
    "SELECT app_id, tenant_id, core_config FROM tenant_configs WHERE core_config <> '{}'";

/// What is set for a tenant, its own and what it inherits.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct TenantSettings {
    /// Settings by the reference's names that take the place of the program's own.
    pub(crate) core_config: JsonObject,
}

/// What is set for tenants, and who keeps it up to date.
pub(crate) struct Registry {
    clock: Clock,
    known: ArcSwap<Known>,
    looked_at_ms: AtomicI64,
    /// How many changes this process has made; what is known must be newer than the last one.
    changes: AtomicU64,
    looking: tokio::sync::Mutex<()>,
    /// The generation of which the rest of the engine knows.
    told: AtomicI64,
}

/// What is known at one time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The home database's generation; none before it was read.
    generation: Option<i64>,
    changes: u64,
    apps: HashMap<AppId, App>,
    domains: HashSet<String>,
    nothing: Arc<TenantSettings>,
    is_plain: bool,
}

/// An app, and those of its tenants that have settings of their own.
#[derive(Clone, Debug, Default)]
struct App {
    created_at_ms: i64,
    common: Arc<TenantSettings>,
    of_tenants: BTreeMap<TenantId, Arc<TenantSettings>>,
}

impl Known {
    /// A number that changes when any of this does.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.unwrap_or_default().cast_unsigned()
    }

    /// Whether nothing is set for any tenant.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Whether an app is there.
    pub(crate) fn has_app(&self, app: &AppId) -> bool {
        self.apps.contains_key(app)
    }

    /// What is set for a tenant; nothing where there is no such tenant. The same `Arc` is given as
    /// long as nothing of it changes.
    pub(crate) fn settings(&self, scope: &TenantScope) -> Arc<TenantSettings> {
        let Some(app) = self.apps.get(&scope.app) else { return Arc::clone(&self.nothing) };
        Arc::clone(app.of_tenants.get(&scope.tenant).unwrap_or(&app.common))
    }

    /// What is set for the app's tenant `public`, and for each of its tenants that has settings of
    /// its own. All its other tenants have those of `public`.
    pub(crate) fn settings_of_app(&self, app: &AppId) -> Vec<(TenantId, Arc<TenantSettings>)> {
        let Some(app) = self.apps.get(app) else { return Vec::new() };
        let public = (TenantId::default(), Arc::clone(&app.common));
        let others = app.of_tenants.iter().filter(|(tenant, _)| !tenant.is_public());
        let others = others.map(|(tenant, settings)| (tenant.clone(), Arc::clone(settings)));
        std::iter::once(public).chain(others).collect()
    }

    /// Every app that is there.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "for databases of tenants"))]
    pub(crate) fn apps(&self) -> impl Iterator<Item = &AppId> {
        self.apps.keys()
    }

    /// The connection URI domain that a host is; the default one's name is empty.
    fn domain_of(&self, host: &str) -> String {
        let host = host.to_ascii_lowercase();
        if self.domains.contains(&host) { host } else { String::new() }
    }

    /// What the keys of apps go by.
    fn news(&self, program: &EngineConfig) -> HashMap<AppId, AppNews> {
        let news = |app: &App| AppNews {
            created_at_ms: app.created_at_ms,
            schedule: match app.common.core_config.is_empty() {
                true => None,
                // What can't be used any more is told to who asks for the app.
                false => {
                    program.replaced(&app.common.core_config).ok().map(|own| Schedule::of(&own))
                }
            },
        };
        self.apps.iter().map(|(id, app)| (id.clone(), news(app))).collect()
    }

    /// Whether this is as new as what the process has changed itself.
    fn includes(&self, changes: u64) -> bool {
        self.generation.is_some() && self.changes >= changes
    }
}

impl Registry {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            known: ArcSwap::default(),
            looked_at_ms: AtomicI64::new(i64::MIN),
            changes: AtomicU64::new(0),
            looking: tokio::sync::Mutex::default(),
            told: AtomicI64::new(-1),
        }
    }

    /// What is known, looked at anew where it may be old.
    ///
    /// # Errors
    /// Nothing is known yet, and the database can't be asked.
    pub(crate) async fn current(&self, home: &Store) -> Result<Arc<Known>, EngineError> {
        let known = self.known.load();
        let changes = self.changes.load(Ordering::Acquire);
        let must_wait = !known.includes(changes);
        let looking = if must_wait {
            Some(self.looking.lock().await)
        } else if self.is_old() {
            // Somebody else is at it.
            self.looking.try_lock().ok()
        } else {
            None
        };
        let Some(_looking) = looking else { return Ok(Arc::clone(&known)) };
        let known = self.known.load_full();
        if known.includes(changes) && !self.is_old() {
            return Ok(known);
        }
        match self.look(home, &known).await {
            Ok(known) => Ok(known),
            Err(error) if known.generation.is_some() => {
                tracing::warn!(%error, "what is set for tenants could not be looked at");
                // Not again at once, for each operation.
                self.looked_at_ms.store(self.clock.now_ms(), Ordering::Release);
                Ok(known)
            }
            Err(error) => Err(error),
        }
    }

    /// The longest time that is set by the program or for any tenant, by what was known last.
    pub(crate) fn longest(
        &self,
        program: &EngineConfig,
        time: fn(&EngineConfig) -> Duration,
    ) -> Duration {
        let known = self.known.load();
        let settings = known
            .apps
            .values()
            .flat_map(|app| std::iter::once(&app.common).chain(app.of_tenants.values()));
        let settings = settings.filter(|settings| !settings.core_config.is_empty());
        // What can't be used any more isn't used.
        let times = settings
            .filter_map(|settings| Some(time(&program.replaced(&settings.core_config).ok()?)));
        times.fold(time(program), Duration::max)
    }

    /// Has the next operation look, because this process has changed something.
    pub(super) fn changed(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// Whether nobody was told of this yet.
    fn is_news(&self, known: &Known) -> bool {
        let generation = known.generation.unwrap_or_default();
        self.told.load(Ordering::Acquire) != generation
            && self.told.swap(generation, Ordering::AcqRel) != generation
    }

    fn is_old(&self) -> bool {
        let looked_at_ms = self.looked_at_ms.load(Ordering::Acquire);
        // Of a clock that was set back, too.
        self.clock.now_ms().saturating_sub(looked_at_ms).saturating_abs() >= LONGEST_MS
    }

    async fn look(&self, home: &Store, known: &Known) -> Result<Arc<Known>, EngineError> {
        let changes = self.changes.load(Ordering::Acquire);
        let before = known.generation;
        let body = in_tx!(|tx| {
            let row = tx.query_opt(GENERATION, params![]).await?;
            let generation: i64 = row.map_or(Ok(0), |row| row.get("generation"))?;
            if before == Some(generation) {
                return Ok((generation, None));
            }
            Ok((generation, Some(read(tx).await?)))
        });
        let (generation, read) = home.read(body).await?;
        let now_ms = self.clock.now_ms();
        let found = match read {
            Some(read) => read.into_known(generation, changes, known),
            None if known.changes == changes => {
                self.looked_at_ms.store(now_ms, Ordering::Release);
                return Ok(self.known.load_full());
            }
            None => Known { changes, ..known.clone() },
        };
        let found = Arc::new(found);
        self.known.store(Arc::clone(&found));
        self.looked_at_ms.store(now_ms, Ordering::Release);
        Ok(found)
    }
}

/// What is read of the database.
#[derive(Default)]
struct Read {
    apps: HashMap<AppId, (AppName, i64)>,
    configs: HashMap<AppId, HashMap<TenantId, JsonObject>>,
}

async fn read(tx: &mut Tx<'_>) -> Result<Read, EngineError> {
    let mut read = Read::default();
    for row in tx.query(APPS, params![]).await? {
        let created_at_ms = row.get("created_at_time")?;
        read.apps.insert(row.get("app_id")?, (AppName::from_row(&row)?, created_at_ms));
    }
    for row in tx.query(CONFIGS, params![]).await? {
        let config = stored::read(&row.get::<String>("core_config")?)?;
        read.configs.entry(row.get("app_id")?).or_default().insert(row.get("tenant_id")?, config);
    }
    Ok(read)
}

impl Read {
    fn into_known(self, generation: i64, changes: u64, before: &Known) -> Known {
        let own =
            |app: &AppId, tenant: &TenantId| self.configs.get(app).and_then(|of| of.get(tenant));
        let public = TenantId::default();
        let mut known = Known {
            generation: Some(generation),
            changes,
            nothing: Arc::clone(&before.nothing),
            is_plain: self.configs.is_empty(),
            ..Known::default()
        };
        for (id, (name, created_at_ms)) in &self.apps {
            let of_domain = AppName { domain: name.domain.clone(), app: AppId::default() };
            let of_domain = own(&of_domain.stored_id(), &public);
            let of_app = inherited([of_domain, own(id, &public)]);
            let earlier = before.apps.get(id);
            let kept = |found: JsonObject, earlier: Option<&Arc<TenantSettings>>| {
                let found = TenantSettings { core_config: found };
                let same = earlier.or(Some(&known.nothing)).filter(|earlier| ***earlier == found);
                same.map_or_else(|| Arc::new(found), Arc::clone)
            };
            let mut app = App {
                created_at_ms: *created_at_ms,
                common: kept(of_app.clone(), earlier.map(|earlier| &earlier.common)),
                of_tenants: BTreeMap::new(),
            };
            for (tenant, config) in self.configs.get(id).into_iter().flatten() {
                if !tenant.is_public() {
                    let settings = inherited([Some(&of_app), Some(config)]);
                    let earlier = earlier.and_then(|earlier| earlier.of_tenants.get(tenant));
                    app.of_tenants.insert(tenant.clone(), kept(settings, earlier));
                }
            }
            if !name.domain.is_empty() {
                known.domains.insert(name.domain.clone());
            }
            known.apps.insert(id.clone(), app);
        }
        known
    }
}

/// Settings of which the later ones count more.
pub(super) fn inherited(all: [Option<&JsonObject>; 2]) -> JsonObject {
    let mut settings = JsonObject::new();
    for of in all.into_iter().flatten() {
        settings.extend(of.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    settings
}

impl Engine {
    /// What is set for tenants.
    ///
    /// # Errors
    /// Those of [`Registry::current`].
    pub(crate) async fn known(&self) -> Result<Arc<Known>, EngineError> {
        let inner = self.inner();
        let known = inner.registry.current(self.home_store()).await?;
        if inner.registry.is_news(&known) {
            inner.keys.heed(known.news(&inner.home_config));
            inner.refresh_token_keys.forget();
        }
        Ok(known)
    }

    /// The app that a request names, by the name of the host that it was sent to: where that is a
    /// connection URI domain, the app is one of that domain's (CDI §0.1).
    ///
    /// # Errors
    /// Those of any operation.
    pub async fn app_of(&self, host: &str, app: &AppId) -> Result<AppId, EngineError> {
        let domain = self.domain_of(host).await?;
        Ok(AppName { domain, app: app.clone() }.stored_id())
    }

    /// The connection URI domain that a request is sent to, by the name of its host; the default one's
    /// name is empty (CDI §0.1).
    ///
    /// # Errors
    /// Those of any operation.
    pub async fn domain_of(&self, host: &str) -> Result<String, EngineError> {
        Ok(self.known().await?.domain_of(host))
    }

    /// Whether an app is there. Another process's change may be seen a second later.
    ///
    /// # Errors
    /// Those of any operation.
    pub async fn has_app(&self, app: &AppId) -> Result<bool, EngineError> {
        Ok(self.known().await?.has_app(app))
    }

    /// A setting of a tenant, its own or one that it inherits, by the reference's name (CDI §6.2);
    /// none where the program's own holds. Another process's change may be seen a second later.
    ///
    /// # Errors
    /// Those of any operation.
    pub async fn core_setting(
        &self,
        scope: &TenantScope,
        name: &str,
    ) -> Result<Option<serde_json::Value>, EngineError> {
        let known = self.known().await?;
        if known.is_plain() {
            return Ok(None);
        }
        Ok(known.settings(scope).core_config.get(name).cloned())
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::multitenancy::*;
    use serde_json::json;

    use super::*;
    use crate::common::{Test, TestStorage};

    impl Test {
        async fn put(&self, app: &str, tenant: &str, settings: serde_json::Value) {
            let core_config = settings.as_object().cloned();
            let scope = TenantScope::new(app.into(), TenantId::default());
            let answer = if tenant == "public" {
                let app_id = Some(app.into());
                let change =
                    CreateOrUpdateApp { app_id, core_config, ..CreateOrUpdateApp::default() };
                self.engine.handle(&self.scope, change).await
            } else {
                let change = CreateOrUpdateTenant {
                    tenant_id: Some(tenant.into()),
                    core_config,
                    ..CreateOrUpdateTenant::default()
                };
                self.engine.handle(&scope, change).await
            };
            assert!(matches!(answer, Ok(CreateOrUpdateResponse::Ok { .. })), "{answer:?}");
        }
    }

    fn at(app: &str, tenant: &str) -> TenantScope {
        TenantScope::new(app.into(), tenant.into())
    }

    #[tokio::test]
    async fn cdi_6_2_a_tenant_inherits_what_its_app_has_set_and_keeps_what_it_has_itself() {
        let test = Test::new().await;
        assert!(test.engine.known().await.unwrap().is_plain());
        test.put("a1", "public", json!({ "totp_max_attempts": 3, "ip_deny_regex": "x" })).await;
        test.put("a1", "t1", json!({ "totp_max_attempts": 4 })).await;
        test.put("a1", "t2", json!({})).await;
        let known = test.engine.known().await.unwrap();
        assert!(!known.is_plain());
        let attempts = |app, tenant| {
            let settings = known.settings(&at(app, tenant));
            (settings.core_config.get("totp_max_attempts").cloned(), settings.core_config.len())
        };
        assert_eq!(attempts("a1", "public"), (Some(json!(3)), 2));
        assert_eq!(attempts("a1", "t1"), (Some(json!(4)), 2));
        assert_eq!(attempts("a1", "t2"), (Some(json!(3)), 2));
        assert_eq!(attempts("public", "public"), (None, 0));
        assert_eq!(attempts("nowhere", "t1"), (None, 0));
        let of_app = known.settings_of_app(&"a1".into());
        let tenants: Vec<_> = of_app.iter().map(|(tenant, _)| tenant.as_str()).collect();
        assert_eq!(tenants, ["public", "t1"]);
        assert_eq!(known.apps().count(), 2);
        assert!(known.has_app(&"a1".into()) && !known.has_app(&"a2".into()));

        // What stays as it is stays the same.
        let before = known.settings(&at("a1", "public"));
        test.put("a1", "t1", json!({ "totp_max_attempts": null })).await;
        let after = test.engine.known().await.unwrap();
        assert!(after.generation() > known.generation());
        assert!(Arc::ptr_eq(&before, &after.settings(&at("a1", "public"))));
        assert!(Arc::ptr_eq(&before, &after.settings(&at("a1", "t1"))));
    }

    #[tokio::test]
    async fn what_another_process_changes_is_seen_a_second_later_and_at_once_where_something_was_changed()
     {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        let clock = test.clock.clone();
        let other = Engine::open(storage.config().clock(clock.clone())).await.unwrap();
        let sees = async |engine: &Engine| {
            let settings = engine.known().await.unwrap().settings(&at("a1", "public"));
            settings.core_config.get("totp_max_attempts").cloned()
        };
        assert_eq!(sees(&other).await, None);
        test.put("a1", "public", json!({ "totp_max_attempts": 3 })).await;
        assert_eq!(sees(&test.engine).await, Some(json!(3)));
        clock.advance(std::time::Duration::from_millis(999));
        assert_eq!(sees(&other).await, None);
        clock.advance(std::time::Duration::from_millis(1));
        assert_eq!(sees(&other).await, Some(json!(3)));
        // Where the database can't be asked, what is known goes on being used.
        clock.advance(std::time::Duration::from_secs(1));
        other.shutdown().await;
        assert_eq!(sees(&other).await, Some(json!(3)));
    }
}
