//! `POST /recipe/session`

use auth_protocol::{
    Secret, SessionHandle, TenantScope,
    session::{CreateSession, CreateSessionResponse, SessionData, SessionTokens, TokenInfo},
};

use super::{
    access_token::{self, AccessToken, TokenVersion},
    bound::{Bound, events},
    lifetime::Moment,
    refresh_token::RefreshToken,
    rows::{self, Owner},
};
use crate::{
    Engine, EngineError, Handle, activity,
    keys::KeyKind,
    storage::{in_tx, params},
    tenancy::require_tenant,
};

const INSERT: &str = "INSERT INTO session_info (app_id, tenant_id, session_handle, user_id, \
    refresh_token_hash_2, session_data, expires_at, created_at_time, jwt_user_payload, \
    use_static_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

impl Handle<CreateSession> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreateSession,
    ) -> Result<CreateSessionResponse, EngineError> {
        let version = TokenVersion::of(operation.cdi_version);
        access_token::check_payload(version, &operation.user_data_in_jwt)?;
        let at = Moment::now(self);
        let now_ms = at.now_ms;
        let expiry_secs =
            access_token::expiry_secs(self, at, operation.access_token_validity_ms, now_ms)?;
        let handle = new_handle(self, scope)?;
        let recipe_user_id = operation.recipe_user_id;
        let anti_csrf_token = match operation.enable_anti_csrf {
            true => Some(self.random().uuid()?.to_string()),
            false => None,
        };
        let refresh_token = RefreshToken {
            session_handle: handle.clone(),
            recipe_user_id: recipe_user_id.clone(),
            parent_refresh_token_hash1: None,
            anti_csrf_token: anti_csrf_token.clone(),
        }
        .seal(self, &scope.app)
        .await?;
        let kind = KeyKind::of_row(operation.use_dynamic_signing_key == Some(false));
        let expires_at_ms = at.end_of(now_ms);

        let hash2 = refresh_token.hash2.clone();
        let data = rows::write_json(&operation.user_data_in_database)?;
        let payload = rows::write_json(&operation.user_data_in_jwt)?;
        let use_static_key = kind == KeyKind::Static;
        let engine = self.clone();
        let bound = Bound::of(self);
        let audit = self.audit();
        let body =
            in_tx!(scope, engine, audit, handle, recipe_user_id, hash2, data, payload, |tx| {
                require_tenant(tx, &scope).await?;
                let owner = Owner::of_caller(tx, &scope.app, &recipe_user_id.into()).await?;
                let ended = match bound {
                    Some(bound) => bound.make_room(tx, &scope.app, &owner, at).await?,
                    None => Some(Vec::new()),
                };
                let Some(ended) = ended else { return Ok(None) };
                tx.execute(
                    INSERT,
                    params![
                        scope.app,
                        scope.tenant,
                        handle,
                        owner.own_method,
                        hash2,
                        data,
                        expires_at_ms,
                        now_ms,
                        payload,
                        use_static_key
                    ],
                )
                .await?;
                if engine.activity().is_due(&scope.app, &owner.own_user, now_ms) {
                    activity::touch(tx, &scope.app, &owner.own_user, now_ms).await?;
                }
                audit.append_all(tx, &scope, events(&owner, &handle, &ended)).await?;
                Ok(Some(owner))
            });
        let Some(owner) = self.store().write(body).await? else {
            return Ok(CreateSessionResponse::TooManySessions);
        };

        let token = AccessToken {
            version,
            session: SessionData {
                handle,
                user_id: owner.user,
                recipe_user_id: owner.method,
                user_data_in_jwt: operation.user_data_in_jwt,
                tenant_id: scope.tenant.clone(),
            },
            refresh_token_hash1: refresh_token.hash1,
            parent_refresh_token_hash1: None,
            anti_csrf_token,
            created_secs: now_ms / 1000,
            expiry_secs,
        };
        let access_token = token.sign(self, &scope.app, kind).await?;
        Ok(CreateSessionResponse::Ok(SessionTokens {
            session: token.session,
            access_token,
            refresh_token: TokenInfo {
                token: refresh_token.token,
                expiry: expires_at_ms,
                created_time: now_ms,
                signed: None,
            },
            anti_csrf_token: token.anti_csrf_token.map(Secret::new),
        }))
    }
}

/// A random id, with the tenant's name after it unless that is `public`.
fn new_handle(engine: &Engine, scope: &TenantScope) -> Result<SessionHandle, EngineError> {
    let id = engine.random().uuid()?;
    Ok(match scope.tenant.is_public() {
        true => SessionHandle::from(id.to_string()),
        false => SessionHandle::from(format!("{id}_{}", scope.tenant)),
    })
}
