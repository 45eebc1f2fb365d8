//! Roles: which there are is the app's, and stands at home; who has them is the tenants'.
//!
//! In a tenant's database a role has a row of its own, because who has it refers to that. It is copied
//! there when it is wanted. A role is deleted in those databases before it is at home, and again
//! afterwards, for a copy that was made meanwhile; before a new one is made nothing of an older one of
//! its name is left in any. Where a database can't be asked, a role is neither made nor deleted.

use auth_protocol::{
    TenantScope,
    userroles::{
        AddUserRole, AddUserRoleResponse, CreateRole, CreateRoleResponse, DeleteRole,
        DeleteRoleResponse, GetUsersThatHaveRole, GetUsersThatHaveRoleResponse, RemoveUserRole,
        RemoveUserRoleResponse,
    },
};

use super::{Place, Placed, at_its_place, spot::Spot};
use crate::{
    Engine, EngineError, Handle,
    storage::{Store, in_tx, params},
    userroles::role_name,
};

const EXISTS: &str = "SELECT 1 FROM roles WHERE app_id = $1 AND role = $2";

const COPY: &str = "INSERT INTO roles (app_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING";

const DELETE: &str = "DELETE FROM roles WHERE app_id = $1 AND role = $2";

async fn exists(store: &Store, scope: &TenantScope, role: &str) -> Result<bool, EngineError> {
    let role = role.to_owned();
    let body = in_tx!(scope, role, |tx| { tx.query_opt(EXISTS, params![scope.app, role]).await });
    Ok(store.read_one(body).await?.is_some())
}

async fn execute(
    store: &Store,
    scope: &TenantScope,
    role: &str,
    sql: &'static str,
) -> Result<(), EngineError> {
    let role = role.to_owned();
    let body = in_tx!(scope, role, |tx| { tx.execute(sql, params![scope.app, role]).await });
    store.write(body).await.map(drop)
}

/// Makes a database have a role as home has it, and says whether there is one.
async fn bring(engine: &Engine, spot: &Spot, role: &str) -> Result<bool, EngineError> {
    let exists_at_home = exists(engine.home_store(), &spot.scope, role).await?;
    let there = spot.engine.store();
    if spot.heard(exists(there, &spot.scope, role).await)? != exists_at_home {
        let sql = if exists_at_home { COPY } else { DELETE };
        spot.heard(execute(there, &spot.scope, role, sql).await)?;
    }
    Ok(exists_at_home)
}

/// Carries out what is about a role in a tenant. Whether there is such a role is judged at home, and
/// once more afterwards.
async fn with_role<O: Placed>(
    engine: &Engine,
    scope: &TenantScope,
    operation: O,
    role: &str,
    unknown: O::Response,
) -> Result<O::Response, EngineError>
where
    Engine: Handle<O>,
{
    let role = role_name(role)?;
    let spot = match engine.is_plain().await? {
        true => None,
        false => engine.spot(scope).await?,
    };
    let Some(spot) = spot else { return Handle::handle(engine, scope, operation).await };
    if spot.pool.is_some() {
        bring(engine, &spot, &role).await?;
    }
    let answer = spot.heard(Handle::handle(&spot.engine, &spot.scope, operation).await)?;
    if spot.pool.is_some() && !bring(engine, &spot, &role).await? {
        return Ok(unknown);
    }
    Ok(answer)
}

/// Deletes a role in every database but home.
async fn delete_elsewhere(
    engine: &Engine,
    scope: &TenantScope,
    role: &str,
) -> Result<(), EngineError> {
    for tenant in engine.databases_of(&scope.app).await?.iter() {
        if let Some(spot) = engine.spot_in(&scope.app, tenant).await?
            && spot.pool.is_some()
        {
            spot.heard(execute(spot.engine.store(), &spot.scope, role, DELETE).await)?;
        }
    }
    Ok(())
}

/// Operations about a role in the tenant of the path, each with its answer where there is no such role.
macro_rules! about_a_role {
    ($($operation:ident => $unknown:expr),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                Place::Tenant
            }

            async fn carry_out(
                self,
                engine: &Engine,
                scope: &TenantScope,
            ) -> Result<Self::Response, EngineError> {
                let role = self.role.clone();
                with_role(engine, scope, self, &role, $unknown).await
            }
        })*
    };
}

about_a_role! {
    AddUserRole => AddUserRoleResponse::UnknownRoleError,
    RemoveUserRole => RemoveUserRoleResponse::UnknownRoleError,
    GetUsersThatHaveRole => GetUsersThatHaveRoleResponse::UnknownRoleError,
}

impl Placed for CreateRole {
    fn place(&self) -> Place<'_> {
        Place::Home
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<CreateRoleResponse, EngineError> {
        if !engine.is_plain().await? {
            let role = role_name(&self.role)?;
            if !exists(engine.home_store(), scope, &role).await? {
                delete_elsewhere(engine, scope, &role).await?;
            }
        }
        at_its_place(engine, scope, self).await
    }
}

impl Placed for DeleteRole {
    fn place(&self) -> Place<'_> {
        Place::Home
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<DeleteRoleResponse, EngineError> {
        if engine.is_plain().await? {
            return at_its_place(engine, scope, self).await;
        }
        let role = role_name(&self.role)?;
        delete_elsewhere(engine, scope, &role).await?;
        let answer = at_its_place(engine, scope, self).await?;
        delete_elsewhere(engine, scope, &role).await?;
        Ok(answer)
    }
}
