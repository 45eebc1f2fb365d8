//! The engine that carries an operation out, and for which tenant.

use std::sync::Arc;

use auth_protocol::{SessionHandle, TenantId, TenantScope};

use super::{Place, users::Found};
use crate::{Engine, EngineError, pools::Pool};

/// Where an operation is carried out.
pub(super) struct Spot {
    pub(super) engine: Engine,
    /// What it is addressed to there.
    pub(super) scope: TenantScope,
    /// The database, where it isn't the engine's own.
    pub(super) pool: Option<Arc<Pool>>,
}

impl Spot {
    /// Takes note of what became of an operation there.
    pub(super) fn heard<T>(&self, result: Result<T, EngineError>) -> Result<T, EngineError> {
        match &self.pool {
            Some(pool) => pool.heard(result),
            None => result,
        }
    }

    /// The same, addressed to another tenant.
    pub(super) fn addressed_to(self, scope: &TenantScope) -> Self {
        Self { scope: scope.clone(), ..self }
    }
}

impl Engine {
    /// Where an operation about something is carried out; none where that is this engine, as it is.
    pub(super) async fn spot_of(
        &self,
        scope: &TenantScope,
        place: Place<'_>,
    ) -> Result<Option<Spot>, EngineError> {
        match place {
            Place::Tenant => self.spot(scope).await,
            Place::Home | Place::Several => Ok(None),
            Place::User(id) => Ok(match self.spot_of_user(scope, id).await? {
                Found::Here(spot) | Found::Nowhere(spot) => spot,
            }),
            Place::Session(handle) => {
                let there = scope_of_session(scope, handle);
                let spot = self.spot(&there).await?;
                Ok(spot.map(|spot| spot.addressed_to(scope)))
            }
        }
    }

    /// Where a tenant's data is.
    pub(super) async fn spot(&self, scope: &TenantScope) -> Result<Option<Spot>, EngineError> {
        let Some(placement) = self.placement_of(scope).await? else { return Ok(None) };
        let inner = self.inner();
        let config = Arc::clone(&placement.config);
        let Some(pool) = &placement.pool else {
            let view = inner.view(config, inner.home_store.clone(), placement.app_chain.clone());
            let engine = Self::from_inner(view);
            return Ok(Some(Spot { engine, scope: scope.clone(), pool: None }));
        };
        let store = pool.open(inner).await?;
        let generation = self.known().await?.generation();
        pool.heard(pool.admit(inner, &store, scope, generation).await)?;
        let engine = Self::from_inner(inner.view(config, store, placement.app_chain.clone()));
        Ok(Some(Spot { engine, scope: scope.clone(), pool: Some(Arc::clone(pool)) }))
    }

    /// The engine's own database, with the settings of the app.
    pub(super) async fn spot_of_app(
        &self,
        scope: &TenantScope,
    ) -> Result<Option<Spot>, EngineError> {
        let of_app = TenantScope::new(scope.app.clone(), TenantId::default());
        let Some(placement) = self.placement_of(&of_app).await? else { return Ok(None) };
        let inner = self.inner();
        let config = Arc::clone(&placement.config);
        let view = inner.view(config, inner.home_store.clone(), TenantId::default());
        Ok(Some(Spot { engine: Self::from_inner(view), scope: scope.clone(), pool: None }))
    }
}

/// The tenant that a session is of.
pub(super) fn scope_of_session(scope: &TenantScope, handle: &SessionHandle) -> TenantScope {
    TenantScope::new(scope.app.clone(), handle.tenant_id())
}
