//! Sessions: each is in the database of its tenant, which its handle names.

use auth_protocol::{
    SessionHandle, TenantScope,
    session::{
        ListSessionHandles, ListSessionHandlesResponse, RefreshSession, RefreshSessionResponse,
        RegenerateSession, RegenerateSessionResponse, RemoveSessions, RemoveSessionsResponse,
        VerifySession, VerifySessionResponse,
    },
};

use super::{Place, Placed, at_its_place, spot::scope_of_session, token, users::Found};
use crate::{Engine, EngineError, Handle, session::session_of_refresh_token};

/// Carries an operation out where a session is; where there is none to tell, where the tenant in the
/// path is.
async fn at_session<O: Placed>(
    engine: &Engine,
    scope: &TenantScope,
    operation: O,
    handle: Option<SessionHandle>,
) -> Result<O::Response, EngineError>
where
    Engine: Handle<O>,
{
    let there = match &handle {
        Some(handle) => scope_of_session(scope, handle),
        None => scope.clone(),
    };
    match engine.spot(&there).await? {
        None => Handle::handle(engine, scope, operation).await,
        Some(spot) => spot.heard(Handle::handle(&spot.engine, scope, operation).await),
    }
}

impl Placed for RefreshSession {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<RefreshSessionResponse, EngineError> {
        if engine.is_plain().await? {
            return Handle::handle(engine, scope, self).await;
        }
        let handle = session_of_refresh_token(engine, &scope.app, &self.refresh_token).await?;
        at_session(engine, scope, self, handle).await
    }
}

impl Placed for VerifySession {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<VerifySessionResponse, EngineError> {
        if engine.is_plain().await? {
            return Handle::handle(engine, scope, self).await;
        }
        let claims = token::claims(&self.access_token);
        let is_written =
            claims.as_ref().is_some_and(|claims| claims.parent_refresh_token_hash1.is_some());
        if !self.check_database && !is_written {
            // No database is asked, and none that is down matters.
            return match engine.spot_of_app(scope).await? {
                None => Handle::handle(engine, scope, self).await,
                Some(spot) => Handle::handle(&spot.engine, scope, self).await,
            };
        }
        let handle = claims.map(|claims| claims.session_handle);
        at_session(engine, scope, self, handle).await
    }
}

impl Placed for RegenerateSession {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<RegenerateSessionResponse, EngineError> {
        if engine.is_plain().await? {
            return Handle::handle(engine, scope, self).await;
        }
        let handle = token::claims(&self.access_token).map(|claims| claims.session_handle);
        at_session(engine, scope, self, handle).await
    }
}

impl Placed for RemoveSessions {
    fn place(&self) -> Place<'_> {
        match &self.user_id {
            Some(_) if self.revoke_across_all_tenants == Some(false) => Place::Tenant,
            _ => Place::Several,
        }
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<RemoveSessionsResponse, EngineError> {
        if engine.is_plain().await? {
            return Handle::handle(engine, scope, self).await;
        }
        if matches!(self.place(), Place::Tenant) || engine.databases_of(&scope.app).await?.len() < 2
        {
            return at_session(engine, scope, self, None).await;
        }
        let answers = match (&self.user_id, &self.session_handles) {
            (Some(id), None) => match engine.spot_of_user(scope, id.as_str()).await? {
                Found::Here(None) => return Handle::handle(engine, scope, self).await,
                Found::Here(Some(spot)) => {
                    let answer = Handle::handle(&spot.engine, &spot.scope, self).await;
                    return spot.heard(answer);
                }
                Found::Nowhere(_) => engine.in_every_database(scope, &self).await?,
            },
            (None, Some(handles)) => engine.remove_each(scope, &self, handles).await?,
            // Refused.
            _ => return Handle::handle(engine, scope, self).await,
        };
        let revoked = answers.into_iter().flat_map(|answer| {
            let RemoveSessionsResponse::Ok { session_handles_revoked } = answer;
            session_handles_revoked
        });
        Ok(RemoveSessionsResponse::Ok { session_handles_revoked: revoked.collect() })
    }
}

impl Engine {
    /// Removes sessions by their handles, those of each tenant at once.
    async fn remove_each(
        &self,
        scope: &TenantScope,
        operation: &RemoveSessions,
        handles: &[SessionHandle],
    ) -> Result<Vec<RemoveSessionsResponse>, EngineError> {
        let mut of_tenants: Vec<(TenantScope, Vec<SessionHandle>)> = Vec::new();
        for handle in handles {
            let there = scope_of_session(scope, handle);
            match of_tenants.iter_mut().find(|(known, _)| *known == there) {
                Some((_, handles)) => handles.push(handle.clone()),
                None => of_tenants.push((there, vec![handle.clone()])),
            }
        }
        let mut answers = Vec::with_capacity(of_tenants.len());
        for (there, handles) in of_tenants {
            let operation = RemoveSessions { session_handles: Some(handles), ..operation.clone() };
            answers.push(match self.spot(&there).await? {
                None => Handle::handle(self, &there, operation).await?,
                Some(spot) => spot.heard(Handle::handle(&spot.engine, &there, operation).await)?,
            });
        }
        Ok(answers)
    }
}

impl Placed for ListSessionHandles {
    fn place(&self) -> Place<'_> {
        match self.fetch_across_all_tenants {
            true => Place::User(self.user_id.as_str()),
            false => Place::Tenant,
        }
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<ListSessionHandlesResponse, EngineError> {
        if engine.is_plain().await?
            || !self.fetch_across_all_tenants
            || engine.databases_of(&scope.app).await?.len() < 2
        {
            return at_its_place(engine, scope, self).await;
        }
        match engine.spot_of_user(scope, self.user_id.as_str()).await? {
            Found::Here(None) => Handle::handle(engine, scope, self).await,
            Found::Here(Some(spot)) => {
                spot.heard(Handle::handle(&spot.engine, &spot.scope, self).await)
            }
            // Somebody whom the application alone knows may have some in each.
            Found::Nowhere(_) => {
                let answers = engine.in_every_database(scope, &self).await?;
                let handles = answers
                    .into_iter()
                    .flat_map(|ListSessionHandlesResponse::Ok { session_handles }| session_handles);
                Ok(ListSessionHandlesResponse::Ok { session_handles: handles.collect() })
            }
        }
    }
}
