//! One database of tenants: opened at its first use, closed when nobody uses it, and let alone for a
//! while when it can't be reached.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use arc_swap::ArcSwapOption;
use auth_protocol::TenantScope;
use parking_lot::Mutex;
use tokio::time;

use super::target::Target;
use crate::{
    EngineConfig, EngineError, StorageError,
    engine::Shared,
    jobs::Job,
    storage::{Budget, Connections, Store, in_tx, params},
};

/// For how long a database that couldn't be reached isn't tried again: twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A pool is closed when nobody has used it for as many times the time after which a connection is.
const IDLE_TIMES: u32 = 10;

/// How many tenants are known to have their rows.
const MOST_ADMITTED: usize = 10_000;

const HAS_TENANT: &str = "SELECT 1 FROM tenants WHERE app_id = $1 AND tenant_id = $2";

const ADD_APP: &str =
    "INSERT INTO apps (app_id, created_at_time) VALUES ($1, $2) ON CONFLICT DO NOTHING";

const ADD_TENANT: &str = "INSERT INTO tenants (app_id, tenant_id, created_at_time) \
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const REMOVE_TENANT: &str = "DELETE FROM tenants WHERE app_id = $1 AND tenant_id = $2";

const REMOVE_APP: &str = "DELETE FROM apps WHERE app_id = $1";

/// A database of tenants.
pub(crate) struct Pool {
    pub(super) target: Target,
    store: ArcSwapOption<Store>,
    /// Held while it is opened or closed.
    opening: Arc<tokio::sync::Mutex<()>>,
    is_closed: AtomicBool,
    last_used: Mutex<Instant>,
    has_trouble: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
    /// Which tenants have their rows, as of which generation of the settings: with each a tenant may
    /// have been removed, and made again since.
    admitted: Mutex<HashMap<TenantScope, u64>>,
    /// When what is to be done here.
    pub(super) due: Mutex<Vec<(time::Instant, Job)>>,
}

/// Why a database isn't asked for now.
struct Trouble {
    why: String,
    times: u32,
    until: Instant,
}

impl Pool {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            store: ArcSwapOption::empty(),
            opening: Arc::default(),
            is_closed: AtomicBool::new(false),
            last_used: Mutex::new(Instant::now()),
            has_trouble: AtomicBool::new(false),
            trouble: Mutex::default(),
            admitted: Mutex::default(),
            due: Mutex::default(),
        }
    }

    /// What tells the database from every other.
    pub(crate) fn place(&self) -> String {
        self.target.place()
    }

    /// The database, opened if it isn't. Of many who want it one opens it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] where it can't be reached, or couldn't a moment ago.
    pub(crate) async fn open(self: &Arc<Self>, engine: &Shared) -> Result<Store, EngineError> {
        let config = &engine.home_config;
        *self.last_used.lock() = Instant::now();
        self.refuse_in_trouble()?;
        if let Some(store) = self.opened() {
            return Ok(store);
        }
        let opening = Arc::clone(&self.opening).lock_owned();
        let opening = time::timeout(config.database_operation_timeout, opening).await;
        let Ok(opening) = opening else { return Err(unavailable("it is still being opened")) };
        if let Some(store) = self.opened() {
            return Ok(store);
        }
        // Others may have waited for the one who failed.
        self.refuse_who_waited()?;
        // A caller who gives up doesn't end what others wait for.
        let (pool, config) = (Arc::clone(self), Arc::clone(config));
        let budget = engine.pools.budget().clone();
        let opened = tokio::spawn(async move {
            let _opening = opening;
            pool.connect(&config, budget).await
        });
        opened.await.unwrap_or_else(|_| Err(unavailable("opening it ended early")))
    }

    /// The database, if it is open.
    pub(super) fn opened(&self) -> Option<Store> {
        self.store.load().as_deref().cloned()
    }

    async fn connect(&self, config: &EngineConfig, budget: Budget) -> Result<Store, EngineError> {
        let connections = Connections { most: self.target.most, budget: Some(budget) };
        let opened = Store::open_further(&self.target.url, config, &connections).await;
        let store = match opened {
            Ok(store) => store,
            Err(EngineError::ShuttingDown) => return Err(EngineError::ShuttingDown),
            Err(error) => return Err(self.failed(&error)),
        };
        self.recovered();
        self.store.store(Some(Arc::new(store.clone())));
        if self.is_closed.load(Ordering::SeqCst) {
            self.close().await;
            return Err(EngineError::ShuttingDown);
        }
        Ok(store)
    }

    /// Lets nobody in while it is in trouble, but the first who comes after the pause: if that one
    /// succeeds, so may the others.
    fn refuse_in_trouble(&self) -> Result<(), EngineError> {
        if !self.has_trouble.load(Ordering::Acquire) {
            return Ok(());
        }
        let mut trouble = self.trouble.lock();
        let Some(trouble) = trouble.as_mut() else { return Ok(()) };
        let now = Instant::now();
        if now < trouble.until {
            return Err(unavailable(&trouble.why));
        }
        trouble.until = now + LONGEST_PAUSE;
        Ok(())
    }

    /// Lets who has waited for another one's attempt make none of its own where that has failed.
    fn refuse_who_waited(&self) -> Result<(), EngineError> {
        match self.trouble.lock().as_ref() {
            Some(trouble) if trouble.until < Instant::now() + LONGEST_PAUSE / 2 => {
                Err(unavailable(&trouble.why))
            }
            _ => Ok(()),
        }
    }

    /// Takes note of a failure to reach it, and says what its tenants are answered.
    fn failed(&self, error: &EngineError) -> EngineError {
        let why = match error {
            EngineError::Config(error) => error.problem.clone(),
            error => error.to_string(),
        };
        let mut trouble = self.trouble.lock();
        let times = trouble.as_ref().map_or(0, |trouble| trouble.times);
        let pause = FIRST_PAUSE.saturating_mul(1 << times.min(16)).min(LONGEST_PAUSE);
        if times == 0 {
            tracing::warn!(
                database = self.target.place(),
                why,
                "tenants are without their database"
            );
        }
        *trouble = Some(Trouble {
            why: why.clone(),
            times: times.saturating_add(1),
            until: Instant::now() + pause,
        });
        self.has_trouble.store(true, Ordering::Release);
        unavailable(&why)
    }

    fn recovered(&self) {
        if self.has_trouble.load(Ordering::Acquire) {
            *self.trouble.lock() = None;
            self.has_trouble.store(false, Ordering::Release);
            let database = self.target.place();
            tracing::info!(database, "tenants have their database again");
        }
    }

    /// Takes note of what became of an operation; what its tenants are answered where the database
    /// is down.
    pub(crate) fn heard<T>(&self, result: Result<T, EngineError>) -> Result<T, EngineError> {
        let Err(error) = result else {
            self.recovered();
            return result;
        };
        let is_down = error.is_unreachable()
            || (error.is_unavailable() && self.has_no_connection() && !is_own(&error));
        if is_down {
            return Err(self.failed(&error));
        }
        if !error.is_unavailable() {
            self.recovered();
        }
        Err(error)
    }

    fn has_no_connection(&self) -> bool {
        self.opened().and_then(|store| store.pool()).is_some_and(|pool| pool.open == 0)
    }

    /// Why it isn't used now.
    pub(super) fn why_down(&self) -> Option<String> {
        self.trouble.lock().as_ref().map(|trouble| trouble.why.clone())
    }

    /// Sees to it that a tenant, and its app, have their rows here, if they have them at home: other
    /// rows refer to these.
    pub(crate) async fn admit(
        &self,
        engine: &Shared,
        store: &Store,
        scope: &TenantScope,
        generation: u64,
    ) -> Result<(), EngineError> {
        if self.admitted.lock().get(scope) == Some(&generation) {
            return Ok(());
        }
        if !has_tenant(store, scope).await? {
            // What is wrong at home isn't this one's trouble.
            if !has_tenant(&engine.home_store, scope).await.map_err(at_home)? {
                return Ok(());
            }
            let now_ms = engine.clock.now_ms();
            let body = in_tx!(scope, |tx| {
                tx.execute(ADD_APP, params![scope.app, now_ms]).await?;
                tx.execute(ADD_TENANT, params![scope.app, scope.tenant, now_ms]).await
            });
            store.write(body).await?;
        }
        let mut admitted = self.admitted.lock();
        if admitted.len() >= MOST_ADMITTED {
            admitted.clear();
        }
        admitted.insert(scope.clone(), generation);
        Ok(())
    }

    /// Removes a tenant with all that it has here; with `public`, the app.
    pub(super) async fn dismiss(
        &self,
        store: &Store,
        scope: &TenantScope,
    ) -> Result<(), EngineError> {
        let body = in_tx!(scope, |tx| {
            tx.execute(REMOVE_TENANT, params![scope.app, scope.tenant]).await?;
            if scope.tenant.is_public() {
                tx.execute(REMOVE_APP, params![scope.app]).await?;
            }
            Ok(())
        });
        store.write(body).await?;
        self.admitted.lock().remove(scope);
        Ok(())
    }

    /// Closes connections that nobody uses, and all of it where nobody has for longer; whether it is
    /// closed now.
    pub(super) fn close_if_idle(&self) -> bool {
        let Some(store) = self.opened() else { return !self.is_in_use() };
        store.close_idle(self.target.idle_timeout);
        if self.is_in_use() {
            return false;
        }
        // Who is opening it uses it.
        let Ok(_opening) = self.opening.try_lock() else { return false };
        // Who has got hold of it a moment ago goes on; the connections end with the last of them.
        self.store.store(None);
        true
    }

    fn is_in_use(&self) -> bool {
        self.last_used.lock().elapsed() < self.target.idle_timeout.saturating_mul(IDLE_TIMES)
    }

    /// Waits for what is under way, and closes it for good.
    pub(super) async fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        if let Some(store) = self.store.swap(None) {
            store.close().await;
        }
    }
}

async fn has_tenant(store: &Store, scope: &TenantScope) -> Result<bool, EngineError> {
    let body =
        in_tx!(scope, |tx| { tx.query_opt(HAS_TENANT, params![scope.app, scope.tenant]).await });
    Ok(store.read_one(body).await?.is_some())
}

fn at_home(error: EngineError) -> EngineError {
    match error.is_unavailable() {
        true => EngineError::Overloaded(format!("the engine's own database: {error}")),
        false => error,
    }
}

/// Whether it is this process that has no time, whatever the database does.
fn is_own(error: &EngineError) -> bool {
    !matches!(error, EngineError::Storage(_))
}

pub(super) fn unavailable(why: &str) -> EngineError {
    StorageError::Unavailable(format!("that of this tenant: {why}")).into()
}
