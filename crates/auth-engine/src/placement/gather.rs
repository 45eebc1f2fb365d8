//! Operations on every database of an app: what they answer is put together.

use auth_protocol::{
    TenantScope,
    user::{CountActiveUsers, CountActiveUsersResponse, CountUsers, CountUsersResponse},
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Place, Placed, at_its_place, users::AT_ONCE};
use crate::{Engine, EngineError, Handle};

impl Engine {
    /// Carries an operation out in every database of the app; each is addressed by one of its tenants.
    /// The first answer is that of the tenant `public`'s.
    ///
    /// # Errors
    /// One of them couldn't do it; others may have.
    pub(super) async fn in_every_database<O: Placed>(
        &self,
        scope: &TenantScope,
        operation: &O,
    ) -> Result<Vec<O::Response>, EngineError>
    where
        Self: Handle<O>,
    {
        let databases = self.databases_of(&scope.app).await?;
        stream::iter(databases.to_vec())
            .map(|tenant| async move {
                match self.spot_in(&scope.app, &tenant).await? {
                    None => {
                        let there = TenantScope::new(scope.app.clone(), tenant);
                        Handle::handle(self, &there, operation.clone()).await
                    }
                    Some(spot) => {
                        let answer = Handle::handle(&spot.engine, &spot.scope, operation.clone());
                        spot.heard(answer.await)
                    }
                }
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }
}

impl Placed for CountUsers {
    fn place(&self) -> Place<'_> {
        match self.include_all_tenants {
            true => Place::Several,
            false => Place::Tenant,
        }
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<CountUsersResponse, EngineError> {
        if engine.is_plain().await? || !self.include_all_tenants {
            return at_its_place(engine, scope, self).await;
        }
        let answers = engine.in_every_database(scope, &self).await?;
        let sum = answers.into_iter().reduce(|sum, other| {
            let (CountUsersResponse::Ok { count, approximate, as_of }, other) = (sum, other);
            let CountUsersResponse::Ok { count: more, approximate: also, as_of: when } = other;
            CountUsersResponse::Ok {
                count: count.saturating_add(more),
                // As good as the worst of them, and as old as the oldest.
                approximate: approximate.into_iter().chain(also).max(),
                as_of: as_of.into_iter().chain(when).min(),
            }
        });
        sum.ok_or_else(nowhere)
    }
}

impl Placed for CountActiveUsers {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<CountActiveUsersResponse, EngineError> {
        if engine.is_plain().await? {
            return at_its_place(engine, scope, self).await;
        }
        let answers = engine.in_every_database(scope, &self).await?;
        let counts = answers.iter().map(|CountActiveUsersResponse::Ok { count }| *count);
        Ok(CountActiveUsersResponse::Ok { count: counts.fold(0, u64::saturating_add) })
    }
}

fn nowhere() -> EngineError {
    EngineError::Internal("an app has no database".to_owned())
}
